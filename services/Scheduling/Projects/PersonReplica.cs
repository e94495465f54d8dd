using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Scheduling.Projects;

/// <summary>What this service knows of people, from the facts of the People service.</summary>
internal static class PersonReplica
{
    private static readonly Visibility<EmployeeV1> Visible = new(
        (person, projects) => person.ProjectIds.Any(project => projects.Contains(project)), own: (person, agent) => person.Id == agent,
        ownIsTheirs: true);

    extension(IQuerySession session)
    {
        /// <summary>Somebody of the caller's projects; to agents nobody but themselves.</summary>
        /// <exception cref="StreamNotFoundException">404: there is nobody, or nobody that the caller may know of.</exception>
        public async Task<EmployeeV1> Person(Guid id, Caller caller, CancellationToken cancellation) =>
            caller.MustSee(await session.LoadAsync<EmployeeV1>(id, cancellation), Visible);
    }

    extension(EmployeeV1 person)
    {
        /// <summary>The day where they work.</summary>
        public DateOnly Today(DateTimeOffset now) => LocalCalendar.Of(person.Zone).DayOf(now);

        /// <summary>Contracted hours a week on a day.</summary>
        public decimal HoursOn(DateOnly day) =>
            person.ContractHours?.LastOrDefault(hours => hours.From <= day)?.WeeklyHours ?? person.WeeklyHours;
    }
}

using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Training.Projects;

/// <summary>What this service knows of people and projects: the facts of the People service, kept.</summary>
internal static class Staff
{
    extension(IQuerySession session)
    {
        public async Task<ProjectV1> RequireProject(string pointer, Guid id, CancellationToken cancellation) =>
            await session.LoadAsync<ProjectV1>(id, cancellation)
            ?? throw new InvalidException(pointer, "unknown-project", $"There is no project {id}.");

        /// <summary>The project's people by staff number, blanks and case aside: other systems write them as they like.</summary>
        /// <returns>By <see cref="StaffNumbers.Loose"/>.</returns>
        public async Task<IReadOnlyDictionary<string, EmployeeV1>> PeopleByNumber(Guid projectId, CancellationToken cancellation) =>
            (await session.Query<EmployeeV1>().Where(e => e.ProjectIds.Contains(projectId)).ToListAsync(cancellation))
            .GroupBy(e => StaffNumbers.Loose(e.StaffNumber)).Where(same => same.Count() == 1)
            .ToDictionary(same => same.Key, same => same.Single());

        /// <summary>
        /// Somebody whom the caller may name: of one of their projects, in none at all, or <paramref name="already"/> the
        /// trainer. Another project's employee is answered as one that does not exist.
        /// </summary>
        public async Task RequireTrainer(
            string pointer, Guid id, Guid? already, DateTimeOffset at, string zone, Caller caller, CancellationToken cancellation)
        {
            var trainer = await session.LoadAsync<EmployeeV1>(id, cancellation);
            if (trainer is null || !(id == caller.Id || id == already || trainer.ProjectIds.Count == 0
                || trainer.ProjectIds.Any(caller.Sees)))
                throw new InvalidException(pointer, "unknown-trainer", $"There is no employee {id}.");

            EnsureEmployed(trainer, pointer, at, zone);
        }

        /// <summary>Somebody of the project who works there on that day. Other projects' people are not found.</summary>
        public async Task RequireAgent(Guid id, Guid projectId, DateTimeOffset at, CancellationToken cancellation)
        {
            var employee = await session.LoadAsync<EmployeeV1>(id, cancellation);
            if (employee?.ProjectIds.Contains(projectId) != true)
                throw new StreamNotFoundException(id);

            EnsureEmployed(employee, "employeeId", at, (await session.RequireProject("projectId", projectId, cancellation)).Zone);
        }
    }

    private static void EnsureEmployed(EmployeeV1 employee, string pointer, DateTimeOffset at, string zone)
    {
        var day = LocalCalendar.Of(zone).DayOf(at);

        if (day < employee.HiredOn || day > employee.LeftOn)
            throw new InvalidException(pointer, "not-employed",
                $"Staff number {employee.StaffNumber} is not employed on {day:yyyy-MM-dd}.");
    }
}

using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Projects;

/// <summary>What this service knows of projects, from the facts of the People service.</summary>
internal static class ProjectReplica
{
    extension(IQuerySession session)
    {
        /// <exception cref="RefusedException"><c>project-unknown</c>: its fact has not arrived here yet.</exception>
        public async Task<ProjectV1> Project(Guid id, CancellationToken cancellation) =>
            await session.LoadAsync<ProjectV1>(id, cancellation)
            ?? throw new RefusedException("project-unknown", "This project has not become known here yet. Try again in a moment.");
    }

    extension(IDocumentSession session)
    {
        /// <summary>Decides on a stream that may not exist yet: version 0 stands for that.</summary>
        public async Task<long> StartOrDecide<TState>(
            Guid id, long expectedVersion, Func<TState, object[]> decide, CancellationToken cancellation) where TState : class, new()
        {
            var current = (await session.Events.FetchStreamStateAsync(id, cancellation))?.Version ?? 0;
            if (current != expectedVersion)
                throw new StaleVersionException(expectedVersion, current);

            return current == 0
                ? await session.Start(id, decide, cancellation)
                : await session.Decide(id, expectedVersion, decide, cancellation);
        }
    }

    extension(ProjectV1 project)
    {
        public LocalCalendar Calendar => LocalCalendar.Of(project.Zone);

        /// <summary>Whether the project is open in the quarter hour that begins then.</summary>
        public bool IsOpenAt(DateOnly date, TimeOnly time) => project.OpeningHours.Any(o =>
            o.Day == date.DayOfWeek && new HoursOfDay(o.Opens, o.Closes).Holds(time));

        public decimal? Target(string kpi, DateOnly on) => project.Targets.InForce(kpi, on);

        /// <exception cref="InvalidException"><c>queue-unknown</c></exception>
        public ProjectQueue Queue(string pointer, string code) => project.Queues.FirstOrDefault(q => q.Queue == code)
            ?? throw new InvalidException(pointer, "queue-unknown",
                $"The project has no queue '{code}'; it has {string.Join(", ", project.Queues.Select(q => q.Queue))}.");
    }
}

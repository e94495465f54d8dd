using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.People.Employees;
using CallCenter.Time;
using Marten;
using Quartz;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Employment;

/// <summary>Takes those whose last day is over out of their teams.</summary>
internal sealed class OffboardingJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        new(EndMemberships(clock.GetUtcNow(), cancellationToken));

    internal async Task EndMemberships(DateTimeOffset now, CancellationToken cancellation)
    {
        // The day begins earliest at UTC+14; which day it is for each employee is decided in their own zone.
        var latest = DateOnly.FromDateTime(now.UtcDateTime.AddHours(14));
        await using var query = store.QuerySession();
        var leavers = await query.Query<Employee>()
            .Where(e => e.LeftOn != null && e.LeftOn < latest && e.TeamIds.Any()).Select(e => e.Id).ToListAsync(cancellation);

        await fence.Each("offboarding", leavers, id => $"employee {id}", (id, stopping) => EndMemberships(id, now, stopping), cancellation);
    }

    private async Task EndMemberships(Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var employee = await session.LoadAsync<Employee>(id, cancellation);
        var command = new LeaveTeams(LocalCalendar.Of(employee!.Zone).DayOf(now), now);

        await session.DecideWithTeams(employee, state => Decide(command, state), now, cancellation);
    }
}

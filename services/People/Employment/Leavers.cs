using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.Time;
using Marten;
using static CallCenter.People.Employees.EmployeeDecider;

namespace CallCenter.People.Employment;

/// <summary>Takes those whose last day is over out of their teams. Every instance may do it: asking twice changes nothing.</summary>
internal sealed class Leavers(IDocumentStore store, TimeProvider clock, ILogger<Leavers> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await EndMemberships(store, clock.GetUtcNow(), log, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Leavers stay in their teams until the next round");
            }
        }
    }

    internal static async Task EndMemberships(IDocumentStore store, DateTimeOffset now, ILogger log, CancellationToken cancellation)
    {
        Actor.Current = Actor.Job("leavers");

        // The day begins earliest at UTC+14; which day it is for each employee is decided in their own zone.
        var latest = DateOnly.FromDateTime(now.UtcDateTime.AddHours(14));
        await using var query = store.QuerySession();
        var candidates = await query.Query<Employee>()
            .Where(e => e.LeftOn != null && e.LeftOn < latest && e.TeamIds.Any()).Select(e => e.Id).ToListAsync(cancellation);

        foreach (var id in candidates)
            try
            {
                await EndMemberships(store, id, now, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning(e, "Employee {Employee} stays in their teams until the next round", id); // the others do not wait for it
            }
    }

    private static async Task EndMemberships(IDocumentStore store, Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var employee = await session.LoadAsync<Employee>(id, cancellation);
        var command = new LeaveTeams(LocalCalendar.Of(employee!.Zone).DayOf(now), now);

        await session.Tell(Placing.Moves(id, Decide(command, employee)), now, cancellation);
        await session.Decide<Employee>(id, employee.Version, state => Decide(command, state), cancellation);
    }
}

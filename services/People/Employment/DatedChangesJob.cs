using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.People.Employees;
using CallCenter.People.Projects;
using CallCenter.People.Teams;
using CallCenter.Time;
using Marten;
using Marten.Linq.MatchesSql;
using Quartz;
using static CallCenter.People.Employees.EmployeeDecider;
using static CallCenter.People.Teams.TeamDecider;

namespace CallCenter.People.Employment;

/// <summary>
/// Makes what was entered for a day that has come what holds now, by an event of its own: so lists, filters and facts say the same.
/// </summary>
internal sealed class DatedChangesJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    // A snapshot that has no such member is neither equal to anything nor not.
    private const string Undated = "not coalesce((d.data ->> 'HasDates')::boolean, false)";

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        new(BringUpToDate(clock.GetUtcNow(), cancellationToken));

    internal async Task BringUpToDate(DateTimeOffset now, CancellationToken cancellation)
    {
        await MakeUndatedAgain(cancellation);

        // The day begins earliest at UTC+14; which day it is for each is decided in their own zone.
        var latest = DateOnly.FromDateTime(now.UtcDateTime.AddHours(14));
        await using var query = store.QuerySession();
        var employees = await query.Query<Employee>().Where(e => e.NextChangeOn <= latest).Select(e => e.Id).ToListAsync(cancellation);
        var teams = await query.Query<Team>().Where(t => !t.Dissolved).ToListAsync(cancellation);
        var zones = (await query.Query<Project>().ToListAsync(cancellation)).ToDictionary(p => p.Id, p => p.Zone);

        await fence.Each("dated-terms", employees, id => $"employee {id}",
            (id, stopping) => BringUpToDate(id, now, stopping), cancellation);
        await fence.Each("dated-supervisors", teams, team => $"team {team.Id}",
            (team, stopping) => BringUpToDate(team, new(LocalCalendar.Of(zones[team.ProjectId]).DayOf(now), now), stopping), cancellation);
    }

    private async Task BringUpToDate(Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var employee = await session.LoadAsync<Employee>(id, cancellation);
        var command = new BringUpToDate(LocalCalendar.Of(employee!.Zone).DayOf(now), now);

        await session.DecideWithTeams(employee, state => Decide(command, state), now, cancellation);
    }

    private async Task BringUpToDate(Team team, BringTeamUpToDate command, CancellationToken cancellation)
    {
        if (Decide(command, team).Length == 0)
            return;

        await using var session = store.LightweightSession();
        await session.Decide<Team>(team.Id, state => Decide(command, state), cancellation);
    }

    // Snapshots of before there were dates are made again from their events, which know them.
    private async Task MakeUndatedAgain(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();

        foreach (var id in await query.Query<Employee>().Where(e => e.MatchesSql(Undated)).Select(e => e.Id).ToListAsync(cancellation))
            await store.Advanced.RebuildSingleStreamAsync<Employee>(id, cancellation);

        foreach (var id in await query.Query<Team>().Where(t => t.MatchesSql(Undated)).Select(t => t.Id).ToListAsync(cancellation))
            await store.Advanced.RebuildSingleStreamAsync<Team>(id, cancellation);
    }
}

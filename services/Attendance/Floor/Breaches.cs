using CallCenter.Attendance.Projects;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Attendance.Floor;

/// <summary>
/// What breaches of the roster cost a day in service level: the day is simulated as people were there, and once more for each as if that
/// one had kept to the roster. Two agents who are missing at once cost more than each by themselves, or less: the parts do not add up
/// to what all of them cost together, and both are told.
/// </summary>
/// <param name="Days">So many days were simulated for each.</param>
/// <param name="Breaches">The longest, by what they cost.</param>
/// <param name="Others">Further agents with breaches, who are in <paramref name="Together"/> only.</param>
/// <param name="Sum">What the breaches cost that are told one by one; null where nothing was expected to come.</param>
/// <param name="Together">What all breaches cost; null where there is none, or nothing was expected to come.</param>
public sealed record BreachesOfDay(
    Guid ProjectId, DateOnly Date, int Days, IReadOnlyList<Breach> Breaches, int Others, double? Sum, MoveEffect? Together);

/// <param name="Seconds">Rostered work in which the agent is known not to have been at work, excused or not.</param>
/// <param name="Effect">What it had gained if they had been.</param>
public sealed record Breach(Guid AgentId, int Seconds, MoveEffect Effect);

internal static class BreachEndpoints
{
    private const int MostSimulated = 15;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapBreaches() => routes.MapGet("/attendance/breaches", Get).WithTags("Attendance").TakesLong().Describe(
            "What breaches of the roster cost a day in service level, each by itself and all together",
            problems: ["unknown-project", "calls-out-of-range"]);
    }

    private static async Task<Ok<BreachesOfDay>> Get(
        Guid projectId, DateOnly date, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);
        var days = await session.Query<RosterHistory>().Where(d => d.ProjectId == projectId && d.Date == date).OrderBy(d => d.Id)
            .ToListAsync(cancellation);
        var lines = await session.Lines(days, caller.Now, cancellation);
        var coverage = (await session.Query<CoverageDayV1>().Where(c => c.ProjectId == projectId && c.Date == date)
            .ToListAsync(cancellation)).ToDictionary(c => c.Queue);
        var skills = (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. days.Select(day => day.AgentId)]))
            .ToDictionary(person => person.Id, person => Outlooks.Taken(person.Skills, project));
        var (start, end) = (project.Calendar.StartOf(date), project.Calendar.EndOf(date));

        return TypedResults.Ok(Of(projectId, date, lines, line => skills.GetValueOrDefault(line.Day.AgentId) ?? [],
            FloorQueues.Planned(project, coverage, start, end), start, end, cancellation));
    }

    internal static BreachesOfDay Of(
        Guid projectId, DateOnly date, IReadOnlyList<SheetLine> lines, Func<SheetLine, IReadOnlyList<string>> queuesOf,
        IReadOnlyList<RestOfQueue> queues, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellation)
    {
        var missed = lines.ToDictionary(line => line.Day.AgentId, line => ShiftAttendance.MissedWork(line.Evidence, line.Tolerances));
        var breaches = missed.Where(m => m.Value.Count > 0).OrderByDescending(m => m.Value.Seconds()).Select(m => m.Key).ToList();
        if (queues.Count == 0 || breaches.Count == 0)
            return new(projectId, date, 0, [], 0, null, null);

        var played = Play([]);
        var single = breaches.Take(MostSimulated)
            .Select(agent => (Agent: agent, Effect: played.Effect(Play([agent])))).Where(b => b.Effect is not null)
            .Select(b => new Breach(b.Agent, missed[b.Agent].Seconds(), b.Effect!)).OrderByDescending(b => b.Effect.Gained).ToList();

        return new(projectId, date, played.Days, single, breaches.Count - single.Count,
            single.Count == 0 ? null : Math.Round(single.Sum(b => b.Effect.Gained), 4), played.Effect(Play(breaches)));

        // The day as it was, but for some who keep to the roster.
        FloorSimulation Play(IReadOnlyCollection<Guid> keeping) => FloorSimulation.Of(new RestOfDay(start, end, queues,
        [
            .. lines.Select(line => new RestOfShift(line.Day.AgentId, queuesOf(line),
            [
                .. RosteredShift.AsAmended(line.Day.Versions).Of(a => a.Kind == "work")
                    .Without(keeping.Contains(line.Day.AgentId) ? [] : missed[line.Day.AgentId])
                    .Select(work => new RosterActivity("work", work.From, work.To, Paid: true)),
            ], Comes: true)),
        ]), cancellation);
    }
}

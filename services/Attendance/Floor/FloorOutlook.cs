using CallCenter.Attendance.Projects;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Planning.Simulation;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Attendance.Floor;

/// <summary>How the rest of the local day will go if nothing is done.</summary>
/// <param name="AsOf">When this was read.</param>
/// <param name="Until">The end of the local day.</param>
/// <param name="Days">So many days were simulated.</param>
/// <param name="Queues">Of the project, in its order.</param>
/// <param name="Proposals">What may help, by what it gains; empty where every goal is met and nobody can be let go.</param>
public sealed record FloorOutlook(
    Guid ProjectId, DateTimeOffset AsOf, DateTimeOffset Until, int Days, IReadOnlyList<QueueOutlook> Queues,
    IReadOnlyList<FloorProposal> Proposals);

/// <param name="Goal">Of the service level; null where there is none.</param>
/// <param name="SoFar">Service level of the day so far; null where there is none.</param>
/// <param name="Contacts">Still to come, with those who wait; null where no roster was published with a forecast.</param>
/// <param name="Rest">Service level of those; null where none is to come.</param>
/// <param name="Day">Of the whole day, so far and still to come, each contact alike; null where one of them is not known.</param>
/// <param name="Hours">Hour by hour, from now.</param>
public sealed record QueueOutlook(
    string Queue, double? Goal, decimal? SoFar, double? Contacts, ExpectedShare? Rest, double? Day, IReadOnlyList<HourOutlook> Hours);

/// <param name="Value">The mean, 0 to 1.</param>
/// <param name="Low">With 95 % confidence the mean is more.</param>
/// <param name="High">With 95 % confidence the mean is less.</param>
public sealed record ExpectedShare(double Value, double Low, double High)
{
    internal static ExpectedShare? Of(Estimate? estimate) => estimate is { } e
        ? new(Math.Round(e.Value, 4), Math.Round(e.Low, 4), Math.Round(e.High, 4)) : null;
}

/// <param name="Contacts">Expected.</param>
/// <param name="ServiceLevel">Of those; null where none is to come.</param>
public sealed record HourOutlook(DateTimeOffset StartsAt, double Contacts, double? ServiceLevel);

/// <param name="Move">What can be done.</param>
/// <param name="Effect">On all queues together.</param>
public sealed record FloorProposal(FloorMove Move, MoveEffect Effect);

internal static class Outlooks
{
    private static readonly int StepsOfHour = (int)(TimeSpan.FromHours(1) / RestOfDay.Step);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapFloorOutlook() => routes.MapGet("/floor/outlook", Get).WithTags("Floor").TakesLong().Describe(
            "How the rest of the day will go, and what may help, by simulation", problems: ["unknown-project", "calls-out-of-range"]);
    }

    private static async Task<Ok<FloorOutlook>> Get(
        Guid projectId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var project = await session.RequireProject("projectId", projectId, cancellation);
        var rest = await session.LeftOfDay(project, caller.Now, cancellation);

        return TypedResults.Ok(Of(projectId, rest, cancellation));
    }

    internal static FloorOutlook Of(Guid projectId, RestOfDay rest, CancellationToken cancellation)
    {
        if (rest.Queues.Count == 0 || rest.Steps == 0)
            return new(projectId, rest.Now, rest.Until, 0, [], []);

        var played = FloorSimulation.Of(rest, cancellation);
        return new(projectId, rest.Now, rest.Until, played.Days, [.. rest.Queues.Select((queue, i) => Of(rest, played, queue, i))],
        [
            .. FloorProposals.Of(rest, played).Select(move => (Move: move, Played: FloorSimulation.Of(rest.With(move), cancellation)))
                .Select(p => (p.Move, Effect: played.Effect(p.Played))).Where(p => p.Effect is not null)
                .Select(p => new FloorProposal(p.Move, p.Effect!)).OrderByDescending(p => p.Effect.Gained),
        ]);
    }

    private static QueueOutlook Of(RestOfDay rest, FloorSimulation played, RestOfQueue queue, int index)
    {
        var (standing, level) = (queue.Standing, played.LevelOf(index));

        return new(
            standing.Queue, standing.Goal, standing.ServiceLevel, standing.Expected is null ? null : Math.Round(queue.Contacts.Sum(), 1),
            ExpectedShare.Of(level), queue.WholeDay(level?.Value) is { } day ? Math.Round(day, 4) : null,
            [.. Enumerable.Range(0, rest.Steps).Chunk(StepsOfHour).Select(Hour)]);

        HourOutlook Hour(int[] steps)
        {
            var known = steps.Select(step => (Level: played.LevelOf(index, step)?.Value, Contacts: queue.Contacts[step]))
                .Where(step => step.Level is not null && step.Contacts > 0).ToList();
            return new(rest.Now + steps[0] * RestOfDay.Step, Math.Round(steps.Sum(step => queue.Contacts[step]), 1),
                known.Count == 0 ? null : Math.Round(known.Sum(s => s.Level!.Value * s.Contacts) / known.Sum(s => s.Contacts), 4));
        }
    }

    extension(IQuerySession session)
    {
        /// <summary>What a move does to the rest of the day; null where nothing is to come.</summary>
        public async Task<MoveEffect?> EffectOf(ProjectV1 project, FloorMove move, DateTimeOffset now, CancellationToken cancellation)
        {
            var rest = await session.LeftOfDay(project, now, cancellation);
            return rest.Queues.Count == 0 || rest.Steps == 0 ? null
                : FloorSimulation.Of(rest, cancellation).Effect(FloorSimulation.Of(rest.With(move), cancellation));
        }

        public async Task<RestOfDay> LeftOfDay(ProjectV1 project, DateTimeOffset now, CancellationToken cancellation)
        {
            var calendar = LocalCalendar.Of(project.Zone);
            var today = calendar.DayOf(now);
            var agents = await session.AgentsNow(project, null, now, cancellation);
            var queues = await session.QueuesNow(project, agents, now, cancellation);
            var coverage = (await session.Query<CoverageDayV1>().Where(c => c.ProjectId == project.Id && c.Date == today)
                .ToListAsync(cancellation)).ToDictionary(c => c.Queue);
            var shifts = agents.Where(agent => agent.ShiftId is not null && agent.EndsAt > now).ToDictionary(agent => agent.ShiftId!.Value);
            var days = await session.LoadManyAsync<RosterHistory>(cancellation, [.. shifts.Keys]);
            var skills = (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. days.Select(day => day.AgentId)]))
                .ToDictionary(person => person.Id, person => person.Skills);
            var rest = new RestOfDay(now, calendar.EndOf(today), [], []);

            return rest with
            {
                Queues = [.. queues.Select(queue => RestOfQueue.Of(queue, coverage.GetValueOrDefault(queue.Queue), now, rest.Steps))],
                Shifts =
                [
                    .. days.OrderBy(day => day.Id).Select(day => new RestOfShift(
                        day.AgentId, Taken(skills.GetValueOrDefault(day.AgentId), project),
                        RosteredShift.AsAmended(day.Versions).Activities,
                        shifts[day.Id].Presence is not (ShiftPresence.Awaited or ShiftPresence.Absent or ShiftPresence.Excused))),
                ],
            };
        }
    }

    /// <summary>The queues that somebody takes, the best first.</summary>
    internal static IReadOnlyList<string> Taken(IReadOnlyList<SkillLevel>? skills, ProjectV1 project) =>
    [
        .. (skills ?? []).Where(skill => project.Queues.Any(queue => queue.Queue == skill.Skill)).OrderByDescending(skill => skill.Level)
            .ThenBy(skill => skill.Skill, StringComparer.Ordinal).Select(skill => skill.Skill),
    ];
}

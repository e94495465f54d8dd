using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning;
using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;
using CallCenter.Rules;
using CallCenter.Scheduling.Forecasts;
using CallCenter.Scheduling.Projects;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Requirements;

/// <summary>How many agents of each group of skills a quarter hour needs, where agents take the calls of several queues.</summary>
/// <param name="Date">A day of the forecast.</param>
/// <param name="Groups">Groups of agents. Each queue with calls needs one.</param>
/// <param name="At">By the wall clock, on a quarter hour; the busiest of the day when left out.</param>
/// <param name="Goals">Per queue, as of a requirement; all with the same answer time and definition. Occupancy is no goal here.</param>
public sealed record MultiSkillRequest(
    Guid ForecastId, DateOnly Date, [MinLength(1), MaxLength(12)] IReadOnlyList<SkillGroupRequest> Groups, TimeOnly? At = null,
    [MaxLength(100)] IReadOnlyList<GoalsRequest>? Goals = null);

/// <param name="Name">What the group is called.</param>
/// <param name="Queues">Whose calls its agents take; those named earlier first.</param>
/// <param name="Cost">Of an agent, beside those of other groups; 1 when left out.</param>
public sealed record SkillGroupRequest(
    [Required, VisibleText, Line] string Name, [MinLength(1), MaxLength(12)] IReadOnlyList<string> Queues,
    [Range(0.01, 1000.0)] double Cost = 1);

/// <param name="StartsAt">The quarter hour.</param>
/// <param name="Groups">In the order in which they were asked.</param>
/// <param name="Agents">Of all groups, who must be there.</param>
/// <param name="Apart">So many would be needed if each queue had agents of its own.</param>
/// <param name="Pooled">So few would do if everybody took all calls.</param>
/// <param name="Queues">What callers would feel of it, by simulation.</param>
/// <param name="Replications">Simulated stretches of time.</param>
public sealed record MultiSkillView(
    Guid ForecastId, Guid ProjectId, DateTimeOffset StartsAt, IReadOnlyList<SkillGroupView> Groups, int Agents, int Apart, int Pooled,
    IReadOnlyList<MultiSkillQueueView> Queues, int Replications);

/// <param name="Queues">Whose calls its agents take.</param>
/// <param name="Agents">Who must be there.</param>
/// <param name="Required">Who must be scheduled, the largest shrinkage among its queues added.</param>
public sealed record SkillGroupView(string Name, IReadOnlyList<string> Queues, int Agents, int Required);

/// <param name="Calls">Expected in the quarter hour.</param>
/// <param name="Goal">Its service level.</param>
/// <param name="WithinSeconds">The T of "x % within T seconds".</param>
/// <param name="ServiceLevel">By simulation; null without calls.</param>
public sealed record MultiSkillQueueView(string Queue, double Calls, double Goal, double WithinSeconds, PredictedShare? ServiceLevel);

internal static class MultiSkill
{
    private static readonly SimulationLimits Limits = new(ServiceLevelHalfWidth: 0.01, MaxReplications: 60, Time: TimeSpan.FromSeconds(3));

    extension(IEndpointRouteBuilder routes)
    {
        public void MapMultiSkill() => routes.MapGroup("/requirements").WithTags("Requirements").MapPost("/multi-skill", Ask).Describe(
            "Agents needed of each group of skills, by simulation",
            new MultiSkillRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000002"), new(2026, 3, 9),
                [new("billing", ["billing"]), new("both", ["billing", "orders"], 1.1)]),
            ["queue-unknown", "queue-twice", "queue-dropped", "outside-forecast", "not-a-quarter", "answer-times-differ", "queue-without-group",
             "target-out-of-range", "shrinkage-out-of-range", "patience-out-of-range", "threshold-out-of-range", "goal-unreachable",
             "load-out-of-range", "calls-out-of-range", "handle-time-out-of-range"]).TakesLong();
    }

    private static async Task<Ok<MultiSkillView>> Ask(
        MultiSkillRequest request, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var forecast = await session.LoadAsync<Forecast>(request.ForecastId, cancellation)
            ?? throw new StreamNotFoundException(request.ForecastId);
        caller.MustSee(forecast.ProjectId);
        if (request.Date < forecast.From || request.Date >= forecast.From.AddDays(forecast.Days))
            throw new InvalidException("/date", "outside-forecast",
                $"The forecast is for {forecast.From:yyyy-MM-dd} to {forecast.From.AddDays(forecast.Days - 1):yyyy-MM-dd}.");
        if (request.At is { } at && !LocalCalendar.IsOnQuarter(at))
            throw new InvalidException("/at", "not-a-quarter", "The staff of a quarter hour is asked for by its beginning.");

        var project = await session.Project(forecast.ProjectId, cancellation);
        var calendar = LocalCalendar.Of(forecast.Zone);
        var queues = StaffingGoalsOf.Each(request.Goals ?? [], [.. forecast.InForce(calendar)], project, forecast.From);
        if (queues.Select(q => (q.Goals.WithinSeconds, q.Goals.Definition)).Distinct().Skip(1).Any())
            throw new InvalidException("/goals", "answer-times-differ",
                "Queues that share agents are measured by one answer time and one definition of the service level.");

        return TypedResults.Ok(Find(request, forecast, queues, calendar, cancellation));
    }

    private static MultiSkillView Find(
        MultiSkillRequest request, Forecast forecast, IReadOnlyList<(ForecastedQueue Queue, QueueGoals Goals, string At)> queues,
        LocalCalendar calendar, CancellationToken cancellation)
    {
        var days = queues.Select(q => q.Queue.Days.Single(d => d.Date == request.Date)).ToList();
        // What the answer does not keep, what it is compared with does not keep either.
        queues = [.. queues.Select(q => q with { Goals = q.Goals with { MaxOccupancy = null } })];
        var quarters = calendar.QuartersOf(request.Date);
        var quarter = Enumerable.Range(0, quarters.Count).Where(i => request.At is not { } at || calendar.TimeOf(quarters[i]) == at)
            .Cast<int?>().MaxBy(i => days.Sum(d => d.Calls[i!.Value] * d.HandleSeconds[i.Value]))
            ?? throw new InvalidException("/at", "not-a-quarter", $"{request.Date:yyyy-MM-dd} has no {request.At:HH:mm}.");
        var loads = days.Select(d => (Calls: d.Calls[quarter], Handle: Math.Max(1, d.HandleSeconds[quarter]))).ToList();
        var groups = request.Groups.Select((g, i) => new SkillGroup(g.Name, Skills(g, $"/groups/{i}/queues", queues), g.Cost)).ToList();
        var streams = queues.Zip(loads, (q, load) => new CallStream(q.Queue.Queue, [load.Calls], new Duration.Exponential(load.Handle),
            Duration.None, q.Goals.PatienceSeconds is { } patience ? new Duration.Exponential(patience) : null)).ToList();

        foreach (var (q, load) in queues.Zip(loads))
            if (load.Calls > 0 && !request.Groups.Any(g => g.Queues.Contains(q.Queue.Queue)))
                throw new InvalidException("/groups", "queue-without-group", $"No group takes the calls of '{q.Queue.Queue}'.");

        try
        {
            // By the model of a requirement: it also names a goal that is none.
            var apart = queues.Zip(loads, (q, load) => QueueStaffing.Needed(load.Calls, load.Handle, q.Goals)).Sum();
            var found = MultiSkillStaffing.Find(streams, LocalCalendar.QuarterMinutes * 60, groups, [.. queues.Select(Goal)],
                new(queues[0].Goals.WithinSeconds, queues[0].Goals.Definition), Limits, cancellation);

            return new(forecast.Id, forecast.ProjectId, quarters[quarter],
                [
                    .. request.Groups.Zip(found.Agents, (g, agents) => new SkillGroupView(g.Name, g.Queues, agents, AgentsNeeded.Scheduled(
                        agents, queues.Where(q => g.Queues.Contains(q.Queue.Queue)).Max(q => q.Goals.Shrinkage)))),
                ],
                found.Agents.Sum(), apart, Pooled(queues, loads),
                [
                    .. queues.Select((q, i) => new MultiSkillQueueView(q.Queue.Queue, loads[i].Calls, Goal(q), q.Goals.WithinSeconds,
                        PredictedShare.Of(found.Simulated.StreamIntervals[i][^1].ServiceLevel))),
                ],
                found.Simulated.Replications);
        }
        catch (PlanningException e)
        {
            throw new InvalidException("/goals", e.Code, e.Message);
        }
    }

    private static double Goal((ForecastedQueue Queue, QueueGoals Goals, string At) queue) => queue.Goals.ServiceLevel ?? 0.8;

    private static IReadOnlyList<AgentSkill> Skills(
        SkillGroupRequest group, string pointer, IReadOnlyList<(ForecastedQueue Queue, QueueGoals Goals, string At)> queues) =>
    [
        .. group.Queues.Select((code, i) => queues.Index().FirstOrDefault(q => q.Item.Queue.Queue == code, (-1, default)).Index switch
        {
            -1 => throw new InvalidException($"{pointer}/{i}", "queue-unknown",
                $"The forecast has no queue '{code}'; it has {string.Join(", ", queues.Select(q => q.Queue.Queue))}."),
            _ when group.Queues.Take(i).Contains(code) => throw new InvalidException($"{pointer}/{i}", "queue-twice",
                $"The group takes the calls of '{code}' already."),
            var stream => new AgentSkill(stream, Rank: group.Queues.Count, Priority: i),
        }),
    ];

    // One queue of all calls, by the goals that ask for most.
    private static int Pooled(
        IReadOnlyList<(ForecastedQueue Queue, QueueGoals Goals, string At)> queues, IReadOnlyList<(double Calls, double Handle)> loads)
    {
        var calls = loads.Sum(l => l.Calls);
        var handle = calls > 0 ? loads.Sum(l => l.Calls * l.Handle) / calls : 1;
        return queues.Min(q => QueueStaffing.Needed(calls, handle, q.Goals));
    }
}

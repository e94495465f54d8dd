using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Quality.Sampling;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

/// <param name="Week">First local day of the week.</param>
/// <param name="From">Its first instant; calls answered from here…</param>
/// <param name="To">…until before here are the week's.</param>
/// <param name="By">Null: drawn by itself when the week was over.</param>
public sealed record WeekDrawn(
    Guid DrawId, Guid PlanId, Guid ProjectId, DateOnly Week, DateTimeOffset From, DateTimeOffset To, string Zone,
    Guid? By, DateTimeOffset At);

/// <summary>One agent's draw, with all it takes to make it again: see <see cref="RandomSample"/>.</summary>
/// <param name="Candidates">Every call that could have been drawn.</param>
/// <param name="Excluded">How many answered calls were no candidates, by reason.</param>
/// <param name="Drawn">In order of rank.</param>
public sealed record AgentCallsDrawn(
    Guid AgentId, int PlanVersion, string Seed, int CallsPerAgent, IReadOnlyList<Guid> Candidates,
    IReadOnlyDictionary<string, int> Excluded, IReadOnlyList<DrawnCall> Drawn, Guid? By, DateTimeOffset At);

/// <summary>Nothing was drawn of a week, and it is not looked at again by itself.</summary>
/// <param name="Cause"><c>no-calls</c>: no answered call of it became known within five weeks.</param>
public sealed record WeekSkipped(Guid DrawId, Guid PlanId, DateOnly Week, string Cause, DateTimeOffset At);

public sealed record DrawnCall(Guid CallId, Guid EvaluationId, Guid? InspectorId);

// ---- Command

/// <param name="Left">Those of the plan's inspectors who have left; the others take their turns.</param>
/// <param name="Judged">Calls that have an evaluation by the form already, and which: when drawn, that is the one.</param>
public sealed record DrawWeek(
    SamplingPlan Plan, DateOnly Week, DateTimeOffset From, DateTimeOffset To, string Zone,
    IReadOnlyList<AgentCalls> Agents, Guid? By, DateTimeOffset Now, IReadOnlySet<Guid>? Left = null,
    IReadOnlyDictionary<Guid, Guid>? Judged = null);

public sealed record SkipWeek(SamplingPlan Plan, DateOnly Week, string Cause, DateTimeOffset Now);

/// <summary>An agent's calls of a week, sorted into candidates and others.</summary>
public sealed record AgentCalls(Guid AgentId, IReadOnlyList<Guid> Candidates, IReadOnlyDictionary<string, int> Excluded);

// ---- State

public sealed record SamplingDraw
{
    public Guid Id { get; init; }
    public WeekDrawn? Week { get; init; }
    public bool Skipped { get; init; }
    public ImmutableList<AgentCallsDrawn> Agents { get; init; } = [];

    public SamplingDraw Evolve(object @event) => @event switch
    {
        WeekDrawn e => this with { Id = e.DrawId, Week = e },
        WeekSkipped e => this with { Id = e.DrawId, Skipped = true },
        AgentCallsDrawn e => this with { Agents = Agents.Add(e) },
        _ => this,
    };
}

// ---- Decision

public static class SamplingDrawDecider
{
    /// <summary>An agent's draw is final. Who had no candidate so far is drawn as soon as late calls make one.</summary>
    public static object[] Decide(DrawWeek command, SamplingDraw state)
    {
        SamplingPlanDecider.EnsureGoing(command.Plan);

        if (command.Now < command.To)
            throw new RefusedException("week-not-over", $"The week ends at {command.To:O}; its calls are drawn afterwards.");

        var (plan, week) = (command.Plan, command.Week);
        var inspectors = (plan.Rules.Inspectors ?? []).Where(inspector => command.Left?.Contains(inspector) != true).ToList();
        var turn = state.Agents.Sum(agent => agent.Drawn.Count);

        return
        [
            .. state.Week is not null ? Array.Empty<object>() :
            [
                new WeekDrawn(IdOf(plan.Id, week), plan.Id, plan.ProjectId, week, command.From, command.To, command.Zone,
                    command.By, command.Now),
            ],
            .. command.Agents
                .Where(agent => agent.Candidates.Count > 0 && state.Agents.All(drawn => drawn.AgentId != agent.AgentId))
                .OrderBy(agent => agent.AgentId)
                .Select(agent => new AgentCallsDrawn(
                    agent.AgentId, plan.PlanVersion, plan.Seed, plan.Rules.CallsPerAgent,
                    [.. agent.Candidates.Distinct().Order()], agent.Excluded,
                    [
                        .. RandomSample.Rank(plan.Seed, plan.PlanVersion, agent.AgentId, week, agent.Candidates)
                            .Take(plan.Rules.CallsPerAgent)
                            .Select(call => new DrawnCall(
                                call.CallId,
                                command.Judged?.TryGetValue(call.CallId, out var judged) is true
                                    ? judged : NameId.Of("sampled-evaluation", plan.Id, week, call.CallId),
                                RandomSample.Inspector(inspectors, week, turn++, agent.AgentId))),
                    ],
                    command.By, command.Now)),
        ];
    }

    public static object[] Decide(SkipWeek command, SamplingDraw state) => state.Week is not null || state.Skipped ? [] :
    [
        new WeekSkipped(IdOf(command.Plan.Id, command.Week), command.Plan.Id, command.Week, command.Cause, command.Now),
    ];

    public static Guid IdOf(Guid planId, DateOnly week) => NameId.Of("sampling-draw", planId, week);
}

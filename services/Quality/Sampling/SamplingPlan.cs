using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Quality.Sampling;

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record SamplingPlanMade(Guid PlanId, Guid ProjectId, string Seed, SamplingRules Rules, Guid By, DateTimeOffset At);

public sealed record SamplingPlanChanged(int PlanVersion, SamplingRules Rules, Guid By, DateTimeOffset At);

public sealed record SamplingPlanEnded(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record MakeSamplingPlan(Guid PlanId, Guid ProjectId, string Seed, SamplingRules Rules, Guid By, DateTimeOffset Now);

public sealed record ChangeSamplingPlan(SamplingRules Rules, Guid By, DateTimeOffset Now);

public sealed record EndSamplingPlan(Guid By, DateTimeOffset Now);

// ---- State

/// <summary>Which calls of a project are drawn for evaluation, week by week.</summary>
public sealed record SamplingPlan
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Seed { get; init; } = "";
    public int PlanVersion { get; init; }
    public SamplingRules Rules { get; init; } = SamplingRules.None;
    public bool Ended { get; init; }
    public DateTimeOffset MadeAt { get; init; }

    public SamplingPlan Evolve(object @event) => @event switch
    {
        SamplingPlanMade e => this with
        {
            Id = e.PlanId,
            ProjectId = e.ProjectId,
            Seed = e.Seed,
            PlanVersion = 1,
            Rules = e.Rules,
            MadeAt = e.At,
        },
        SamplingPlanChanged e => this with { PlanVersion = e.PlanVersion, Rules = e.Rules },
        SamplingPlanEnded _ => this with { Ended = true },
        _ => this,
    };
}

// ---- Decisions

public static class SamplingPlanDecider
{
    // So long calls may still come in of which nothing is known.
    private const int WeeksOfLateCalls = 5;

    public static object[] Decide(MakeSamplingPlan command, SamplingPlan state) => state.PlanVersion > 0
        ? []
        : [new SamplingPlanMade(command.PlanId, command.ProjectId, command.Seed, command.Rules, command.By, command.Now)];

    public static object[] Decide(ChangeSamplingPlan command, SamplingPlan state)
    {
        EnsureGoing(state);

        return [new SamplingPlanChanged(state.PlanVersion + 1, command.Rules, command.By, command.Now)];
    }

    public static object[] Decide(EndSamplingPlan command, SamplingPlan state) =>
        state.Ended ? [] : [new SamplingPlanEnded(command.By, command.Now)];

    public static void EnsureGoing(SamplingPlan state)
    {
        if (state.Ended)
            throw new RefusedException("plan-ended", "The plan has ended.");
    }

    /// <summary>
    /// The weeks over by <paramref name="now"/> that are to be drawn, from the plan's first one on, oldest first: those that were not drawn
    /// and, of the last five, those in which nobody had a candidate.
    /// </summary>
    public static IEnumerable<DueWeek> DueWeeks(
        this SamplingPlan plan, LocalCalendar calendar, DateTimeOffset now, IReadOnlyDictionary<DateOnly, DrawnWeek> drawn)
    {
        var current = calendar.WeekOf(calendar.DayOf(now));
        for (var week = calendar.WeekOf(calendar.DayOf(plan.MadeAt)); week < current; week = week.AddDays(7))
        {
            var late = week < current.AddDays(-7 * WeeksOfLateCalls);
            if (drawn.GetValueOrDefault(week) is not { } known || (known is { Agents: 0, Skipped: null } && !late))
                yield return new(week, late);
        }
    }
}

/// <param name="Last">Whether it is not looked at again when nothing is known of it.</param>
public sealed record DueWeek(DateOnly Week, bool Last);

using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Time;

namespace CallCenter.Quality.Evaluations;

// ---- Values

/// <summary>When an agent is told of a score.</summary>
public enum Release
{
    AtOnce,

    /// <summary>At the beginning of a local day, so many days after.</summary>
    Later,

    /// <summary>Once somebody other than its evaluator has looked at it.</summary>
    AfterReview,
}

/// <summary>What becomes of a contested score that nobody has decided about in time, after whoever stands above was told.</summary>
public enum WithoutDecision
{
    /// <summary>It stays.</summary>
    Uphold,

    /// <summary>It counts no more.</summary>
    Void,
}

/// <summary>What a project wants of scores and of what is contested. What was begun keeps the dates of its time.</summary>
/// <param name="Release">When agents are told of scores.</param>
/// <param name="ReleaseDays">With <c>later</c>: how many local days after.</param>
/// <param name="DecideDays">Whole local days after a dispute, or its second instance, in which it is decided; then it escalates.</param>
/// <param name="EscalatedDays">Whole local days after that in which a manager decides.</param>
/// <param name="AppealDays">Whole local days after a decision in which the agent may ask a second instance; 0: there is none.</param>
/// <param name="WithoutDecision">What holds when nobody has decided until then.</param>
public sealed record EvaluationPolicy(
    Release Release = Release.AtOnce, [Range(1, 45)] int ReleaseDays = 1, [Range(1, 45)] int DecideDays = 7,
    [Range(1, 45)] int EscalatedDays = 7, [Range(0, 45)] int AppealDays = 7, WithoutDecision WithoutDecision = WithoutDecision.Uphold)
{
    public DateTimeOffset DecideBy(LocalCalendar calendar, DateTimeOffset now) => After(DecideDays, calendar, now);

    public DateTimeOffset EscalatedUntil(LocalCalendar calendar, DateTimeOffset now) => After(EscalatedDays, calendar, now);

    /// <summary>Null where there is no second instance.</summary>
    public DateTimeOffset? AppealableUntil(LocalCalendar calendar, DateTimeOffset now) =>
        AppealDays == 0 ? null : After(AppealDays, calendar, now);

    /// <summary>When what is submitted now is released; null where no time alone does it.</summary>
    public DateTimeOffset? ReleaseAt(LocalCalendar calendar, DateTimeOffset now) => Release switch
    {
        Release.Later => calendar.StartOf(calendar.DayOf(now).AddDays(ReleaseDays)),
        Release.AfterReview => null,
        _ => now,
    };

    // To the end of a day, as the window of a dispute.
    private static DateTimeOffset After(int days, LocalCalendar calendar, DateTimeOffset now) =>
        calendar.StartOf(calendar.DayOf(now).AddDays(days + 1));
}

// ---- Events: stored for ever. Add optional members; never rename, retype or remove one.

public sealed record EvaluationPolicySet(Guid ProjectId, EvaluationPolicy Policy, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetEvaluationPolicy(Guid ProjectId, EvaluationPolicy Policy, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What holds in a project.</summary>
public sealed record ProjectEvaluationPolicy
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered, and the defaults hold.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>What is wanted.</summary>
    public EvaluationPolicy Policy { get; init; } = new();

    public static Guid IdOf(Guid projectId) => NameId.Of("evaluation-policy", projectId);

    public ProjectEvaluationPolicy Evolve(object @event) => @event switch
    {
        EvaluationPolicySet e => this with { ProjectId = e.ProjectId, Policy = e.Policy },
        _ => this,
    };
}

// ---- Decision

public static class EvaluationPolicyDecider
{
    public static object[] Decide(SetEvaluationPolicy command, ProjectEvaluationPolicy state) =>
        state.ProjectId == command.ProjectId && state.Policy == command.Policy
            ? [] : [new EvaluationPolicySet(command.ProjectId, command.Policy, command.By, command.Now)];
}

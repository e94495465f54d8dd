using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.ShiftRules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Leaves;

// ---- Values

/// <summary>A step on the way to an approval.</summary>
/// <param name="OverDays">Asked for leave of more calendar days than these.</param>
/// <param name="Role">Whose approval it then needs.</param>
/// <param name="Post">Only of who is in this post on that day; of anybody of the role when left out.</param>
/// <param name="OwnTeam">Only of a supervisor of one of the agent's teams, where it is known who that is.</param>
public sealed record DecidingStep(
    [Range(0.0, 366.0)] decimal OverDays, [Required, VisibleText, MaxLength(30)] string Role,
    [Line, MaxLength(60)] string? Post = null, bool OwnTeam = false);

/// <summary>Leave of half days and hours.</summary>
/// <param name="HalfDayAt">When the second half of a day begins; 12:00 when left out.</param>
/// <param name="HoursOfADay">How many hours of leave take a day from the account.</param>
/// <param name="Hours">Single hours can be asked for, beside half days.</param>
public sealed record PartDays(TimeOnly? HalfDayAt = null, [Range(1.0, 24.0)] decimal HoursOfADay = 8, bool Hours = true);

/// <summary>How many may be on leave at once; sickness neither counts nor waits.</summary>
/// <param name="Most">Agents of the project.</param>
/// <param name="Days">On these weekdays; on all when left out.</param>
/// <param name="FirstDay">From this day on; always when left out.</param>
/// <param name="LastDay">Until this day; always when left out.</param>
/// <param name="From">Of those whose leave touches the hours from here on; of the whole day when left out.</param>
/// <param name="To">First time after these hours; 00:00 is the end of the day.</param>
public sealed record LeaveLimit(
    [Range(0, 10000)] int Most, [MaxLength(7)] IReadOnlyList<DayOfWeek>? Days = null, DateOnly? FirstDay = null, DateOnly? LastDay = null,
    TimeOnly? From = null, TimeOnly? To = null)
{
    public bool HoldsOn(DateOnly day) => Days?.Contains(day.DayOfWeek) != false && !(day < FirstDay) && !(day > LastDay);

    public bool Touches(LeavePart? part) => part is null || part.Hours.Touches(new(From, To));
}

/// <summary>Leave that is approved at once, where no limit is in the way.</summary>
/// <param name="Kinds">Of these kinds.</param>
/// <param name="MostDays">Of so many days at most.</param>
public sealed record AutomaticLeave([MaxLength(4)] IReadOnlyList<LeaveKind> Kinds, [Range(0.0, 366.0)] decimal MostDays);

/// <summary>What a project says of leave.</summary>
/// <param name="MaxDays">Calendar days that a leave lasts at most.</param>
/// <param name="Steps">Who approves, one after another; anybody who may approve leave at all when left out.</param>
/// <param name="SickAtOnce">Sickness takes effect when it is reported; else it is asked for as other leave.</param>
/// <param name="NoticeDays">How many days before its first day leave is asked for at the latest; sickness never.</param>
/// <param name="PartDays">Leave of half days and hours; whole days only when left out.</param>
/// <param name="Limits">How many may be on leave at once; as many as like when left out.</param>
/// <param name="Waits">Where a limit is reached the request waits for its turn; else it is refused.</param>
/// <param name="WaitingEndsDaysBefore">Who still waits so many days before the first day is declined; never when left out.</param>
/// <param name="Automatic">What is approved at once; nothing when left out.</param>
/// <param name="SlipDays">For how many days after the month of its last day the slip of a leave is kept.</param>
public sealed record LeavePolicy(
    [Range(1, 366)] int MaxDays = 366, [MaxLength(5)] IReadOnlyList<DecidingStep>? Steps = null, bool SickAtOnce = true,
    [Range(0, 366)] int NoticeDays = 0, PartDays? PartDays = null, [MaxLength(100)] IReadOnlyList<LeaveLimit>? Limits = null,
    bool Waits = true, [Range(0, 366)] int? WaitingEndsDaysBefore = null, AutomaticLeave? Automatic = null,
    [Range(0, 366)] int SlipDays = 31)
{
    /// <summary>While a project has said nothing here, its shift rules may say how long a leave is and who approves it.</summary>
    public static LeavePolicy Of(LeaveRules? rules) => rules is null
        ? new() : new(rules.MaxDays, [.. rules.Approvals.Select(a => new DecidingStep(a.OverDays, a.Role))]);

    /// <summary>The steps that a leave of so many days needs, in their order.</summary>
    public IReadOnlyList<DecidingStep> StepsFor(decimal days) => [.. (Steps ?? []).Where(step => days > step.OverDays)];

    /// <summary>Why a leave is approved without anybody's approval, where no limit is in the way; null where somebody decides.</summary>
    public string? Decides(LeaveKind kind, decimal days) =>
        kind is LeaveKind.Sick && SickAtOnce ? Sickness
        : Automatic is { } automatic && automatic.Kinds.Contains(kind) && days <= automatic.MostDays ? WithinLimits : null;

    public const string Sickness = "sickness-reported";

    public const string WithinLimits = "within-limits";

    /// <summary>Records compare their lists by reference; written down they are what they say.</summary>
    public bool IsSameAs(LeavePolicy? other) => JsonSerializer.Serialize(this) == JsonSerializer.Serialize(other);
}

// ---- Events

/// <param name="From">The first local day on which it holds: leave that begins then or later is decided by it.</param>
public sealed record LeavePolicySet(Guid ProjectId, DateOnly From, LeavePolicy Policy, Guid By, DateTimeOffset At);

/// <summary>What was entered from a day on was a mistake: what held before goes on.</summary>
public sealed record LeavePolicyTakenBack(Guid ProjectId, DateOnly From, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetLeavePolicy(Guid ProjectId, DateOnly From, LeavePolicy Policy, Guid By, DateTimeOffset Now);

public sealed record TakeBackLeavePolicy(DateOnly From, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What a project says of leave, from which day on.</summary>
public sealed record LeavePolicies
{
    public Guid Id { get; init; }

    /// <summary>0 while nothing was entered.</summary>
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>In the order of days; one entry a day.</summary>
    public IReadOnlyList<Dated<LeavePolicy>> Entries { get; init; } = [];

    public static Guid IdOf(Guid projectId) => NameId.Of("leave-policies", projectId);

    public LeavePolicies Evolve(object @event) => @event switch
    {
        LeavePolicySet e => this with { ProjectId = e.ProjectId, Entries = Entries.With(new(e.From, e.Policy, e.At)) },
        LeavePolicyTakenBack e => this with { Entries = Entries.Without(e.From) },
        _ => this,
    };
}

/// <summary>What holds on each day: what was entered for it, else what held before the project entered anything.</summary>
public sealed record DatedLeavePolicy(IReadOnlyList<Dated<LeavePolicy>> Entries, LeavePolicy Before)
{
    public LeavePolicy On(DateOnly day) => Entries.On(day) ?? Before;
}

internal static class LeavePolicyBooks
{
    public static async Task<DatedLeavePolicy> LeavePolicyOf(this IQuerySession session, Guid projectId, CancellationToken cancellation)
    {
        var rules = (await session.RulesOf(await session.Project(projectId, cancellation), cancellation)).Rules;
        var policies = await session.LoadAsync<LeavePolicies>(LeavePolicies.IdOf(projectId), cancellation);

        return new(policies?.Entries ?? [], LeavePolicy.Of(rules.Leave));
    }
}

// ---- Decisions

public static class LeavePolicyDecider
{
    private static readonly string[] Approvers = ["supervisor", "scheduler", "project-manager", "operations-manager", "admin"];

    public static object[] Decide(SetLeavePolicy command, LeavePolicies state)
    {
        var errors = Errors(command.Policy).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);

        return state.Entries.EnteredFrom(command.From) is { } entry && entry.Value.IsSameAs(command.Policy)
            ? []
            : [new LeavePolicySet(command.ProjectId, command.From, command.Policy, command.By, command.Now)];
    }

    public static object[] Decide(TakeBackLeavePolicy command, LeavePolicies state) =>
        state.Entries.EnteredFrom(command.From) is not null
            ? [new LeavePolicyTakenBack(state.ProjectId, command.From, command.By, command.Now)]
            : [];

    private static IEnumerable<Error> Errors(LeavePolicy policy)
    {
        for (var i = 0; i < (policy.Steps?.Count ?? 0); i++)
            if (!Approvers.Contains(policy.Steps![i].Role))
                yield return new($"/steps/{i}/role", "role-unknown",
                    $"'{Text.Shown(policy.Steps[i].Role)}' approves no leave: {string.Join(", ", Approvers)}.");

        for (var i = 0; i < (policy.Limits?.Count ?? 0); i++)
        {
            var limit = policy.Limits![i];
            if (limit.From.HasValue != limit.To.HasValue)
                yield return new($"/limits/{i}", "time-unclear", "Give both times, or neither for the whole day.");
            else if (new HoursOfDay(limit.From, limit.To).IsReversed)
                yield return new($"/limits/{i}/to", "times-reversed", "The hours end after they begin; 00:00 is the end of the day.");
            if (limit.LastDay < limit.FirstDay)
                yield return new($"/limits/{i}/lastDay", "days-reversed", "The last day comes before the first.");
            if (limit.Days is { Count: 0 })
                yield return new($"/limits/{i}/days", "no-day", "A limit holds on some weekday; leave them out for every day.");
        }
    }
}

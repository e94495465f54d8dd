using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Policies;

// ---- Values

/// <summary>What a project charges for, and what it lets pass. Amounts are those that firms of the trade have written down.</summary>
/// <param name="FreeLatenesses">Short latenesses in a month that cost nothing.</param>
/// <param name="FreeLatenessMinutes">A lateness is short up to so many minutes, these included; a longer one uses up none.</param>
/// <param name="LatenessPenalty">For each lateness that is not free.</param>
/// <param name="ExemptShifts">Codes of shifts in which no lateness is charged, such as one that goes from day into night.</param>
/// <param name="OfflineMinutes">Signed out for longer than that in one shift is offline on shift.</param>
/// <param name="OfflinePenalty">For each shift offline without leave, whole or in part.</param>
/// <param name="IdleMinutes">Ready and without a contact for so long, or longer, is idle.</param>
/// <param name="IdlePenalty">For each such stretch.</param>
/// <param name="FullAttendanceLostBy">What takes full attendance away.</param>
/// <param name="SilenceMinutes">For how long before and after each sign of it the source of states is taken for heard.</param>
/// <param name="EarlyMinutes">Who is there so long before the shift has come for it.</param>
/// <param name="DeviationMinutes">A state that does not fit what is rostered is told as a deviation when it lasts so long.</param>
/// <param name="Replies">What is charged for replies in chats; the defaults when left out.</param>
public sealed record PolicyTerms(
    int FreeLatenesses = 2, int FreeLatenessMinutes = 10, decimal LatenessPenalty = 20, IReadOnlyList<string>? ExemptShifts = null,
    int OfflineMinutes = 5, decimal OfflinePenalty = 200, int IdleMinutes = 120, decimal IdlePenalty = 200,
    IReadOnlyList<FullAttendanceLoss>? FullAttendanceLostBy = null, int SilenceMinutes = 60, int EarlyMinutes = 240,
    int DeviationMinutes = 5, ReplyTerms? Replies = null)
{
    public static readonly PolicyTerms Default = new()
    {
        ExemptShifts = [],
        FullAttendanceLostBy = [FullAttendanceLoss.Absence, FullAttendanceLoss.Leave, FullAttendanceLoss.ChargedLateness],
    };
}

/// <summary>What is charged for customers who wait in chats. Waiting counts as long as the agent is online, on shift or not.</summary>
/// <param name="SlowSeconds">A reply is slow after more than that.</param>
/// <param name="FreeSlow">Slow replies in a month that cost nothing.</param>
/// <param name="SlowPenalty">Once in a month, for one slow reply more.</param>
/// <param name="NoReplyMinutes">More than that without a reply is none.</param>
/// <param name="NoReplyPenalty">For each of them.</param>
/// <param name="BlockHours">From so many hours without a reply on the penalty is that of the whole blocks of so many hours.</param>
/// <param name="BlockPenalty">For each block.</param>
/// <param name="OnTop">Whether the blocks come on top of the penalty, not in its place.</param>
public sealed record ReplyTerms(
    [Range(1, 3600)] int SlowSeconds = 120, [Range(0, 1000)] int FreeSlow = 3, [Range(0.0, 100_000.0)] decimal SlowPenalty = 50,
    [Range(1, 1440)] int NoReplyMinutes = 30, [Range(0.0, 100_000.0)] decimal NoReplyPenalty = 100, [Range(1, 24)] int BlockHours = 2,
    [Range(0.0, 100_000.0)] decimal BlockPenalty = 200, bool OnTop = false)
{
    public static readonly ReplyTerms Default = new();
}

public enum FullAttendanceLoss { Absence, Leave, ChargedLateness, AnyLateness }

// ---- Events

/// <param name="From">First local day of which it holds; null in events of before: of every day.</param>
public sealed record PolicySet(Guid ProjectId, PolicyTerms Terms, DateTimeOffset At, DateOnly? From = null);

// ---- Commands

/// <param name="From">First local day of which it holds.</param>
public sealed record SetPolicy(Guid ProjectId, PolicyTerms Terms, DateOnly From, DateTimeOffset Now);

// ---- State

/// <summary>What a project charges for, and what it lets pass; version 0 is what holds where nothing was set.</summary>
public sealed record AttendancePolicy
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>What is charged and what is let pass, by the days from which it holds, oldest first.</summary>
    public IReadOnlyList<Dated<PolicyTerms>> Periods { get; init; } = [];

    /// <summary>What holds in the end, once all that was set holds.</summary>
    public PolicyTerms Terms => Periods is [.., var last] ? last.Value : PolicyTerms.Default;

    /// <summary>What holds on a local day; the default before anything was set.</summary>
    public PolicyTerms On(DateOnly day) => Periods.On(day) ?? PolicyTerms.Default;

    public static Guid IdOf(Guid projectId) => NameId.Of("attendance-policy", projectId);

    public AttendancePolicy Evolve(object @event) => @event switch
    {
        PolicySet e => this with
        {
            Id = IdOf(e.ProjectId), ProjectId = e.ProjectId, Periods = Periods.With(new(e.From ?? DateOnly.MinValue, e.Terms, e.At)),
        },
        _ => this,
    };
}

// ---- Decisions

public static class PolicyDecider
{
    public static object[] Decide(SetPolicy command, AttendancePolicy state) =>
        state.Periods.EnteredFrom(command.From) is { } held && Same(command.Terms, held.Value) ? []
            : [new PolicySet(command.ProjectId, command.Terms, command.Now, command.From)];

    private static bool Same(PolicyTerms a, PolicyTerms b) =>
        a with { ExemptShifts = null, FullAttendanceLostBy = null } == b with { ExemptShifts = null, FullAttendanceLostBy = null }
        && (a.ExemptShifts ?? []).SequenceEqual(b.ExemptShifts ?? [])
        && (a.FullAttendanceLostBy ?? []).SequenceEqual(b.FullAttendanceLostBy ?? []);
}

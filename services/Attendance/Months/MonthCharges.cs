using CallCenter.Attendance.Policies;
using CallCenter.Attendance.Shifts;

namespace CallCenter.Attendance.Months;

/// <summary>What one shift comes to in its month.</summary>
/// <param name="Id">The shift's.</param>
/// <param name="Figures">
/// By the roster as the agent knew it, without leave and excuses: no later edit of the roster charges anybody.
/// </param>
/// <param name="OnLeave">An approved leave has the day.</param>
public sealed record ShiftOfMonth(Guid Id, DateOnly Date, ShiftFigures Figures, bool OnLeave);

public enum ChargeKind { Lateness, Offline, Idle, SlowReply, NoReply }

/// <summary>Something that the project charges for, or lets pass.</summary>
/// <param name="Shift">Id of the shift; null where a customer waited on a day without one.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Amount">What it costs; 0 where it is let pass.</param>
/// <param name="Review">
/// Whether the agent was idle and left a customer without a reply in one shift: both are charged, and somebody should look.
/// </param>
/// <param name="Chat">Id of the chat in which a customer waited; null of everything else.</param>
public sealed record Charge(
    Guid? Shift, DateOnly Date, ChargeKind Kind, int Seconds, decimal Amount, bool Review = false, Guid? Chat = null);

/// <summary>An agent's month by the policy of the project.</summary>
/// <param name="Charges">In order of the days; what is let pass is there with 0.</param>
/// <param name="Amount">Of all charges.</param>
/// <param name="FullAttendance">Whether nothing has taken it away; null where something is unknown, or there is no shift.</param>
/// <param name="UnknownShifts">Shifts of which something is unknown; nothing is charged for what nobody knows.</param>
/// <param name="UnknownWaits">Times that a customer waited while nobody knows whether the agent was online.</param>
public sealed record MonthOfCharges(
    IReadOnlyList<Charge> Charges, decimal Amount, bool? FullAttendance, int UnknownShifts, int UnknownWaits = 0);

/// <summary>What a month of shifts is charged by a policy.</summary>
public static class MonthCharges
{
    /// <param name="terms">What holds on a day.</param>
    /// <param name="waits">Times that customers waited for the agent in a chat.</param>
    public static MonthOfCharges Of(
        Func<DateOnly, PolicyTerms> terms, IEnumerable<ShiftOfMonth> month, IReadOnlyList<ReplyWait>? waits = null)
    {
        var shifts = month.OrderBy(shift => shift.Date).ToList();
        var shiftOf = shifts.ToLookup(shift => shift.Date, shift => (Guid?)shift.Id);
        var charges = Latenesses(terms, shifts).Concat(shifts.SelectMany(shift => Others(terms(shift.Date), shift)))
            .Concat(Replies(terms, waits ?? [], date => shiftOf[date].FirstOrDefault()))
            .OrderBy(charge => charge.Date).ThenBy(charge => charge.Kind).ToList();
        charges = [.. charges.Select(charge => charge with { Review = IsBoth(charge, charges) })];
        var unknown = shifts.Count(shift => shift.Figures.IsUnknown);
        var lost = shifts.Any(shift => (terms(shift.Date).FullAttendanceLostBy ?? []).Any(loss => loss switch
        {
            FullAttendanceLoss.Absence => shift.Figures.Presence is ShiftPresence.Absent,
            FullAttendanceLoss.Leave => shift.OnLeave,
            FullAttendanceLoss.ChargedLateness => charges.Any(c => c is { Kind: ChargeKind.Lateness, Amount: > 0 } && c.Shift == shift.Id),
            FullAttendanceLoss.AnyLateness => charges.Any(c => c.Kind is ChargeKind.Lateness && c.Shift == shift.Id),
            _ => false,
        }));

        return new(charges, charges.Sum(charge => charge.Amount), lost ? false : unknown > 0 || shifts.Count == 0 ? null : true, unknown,
            (waits ?? []).Count(wait => wait.OnlineSeconds is null));
    }

    // The same time may be charged twice, which the firm's words leave open.
    private static bool IsBoth(Charge charge, List<Charge> all) =>
        charge is { Shift: { } shift, Kind: ChargeKind.Idle or ChargeKind.NoReply }
        && all.Exists(other => other.Shift == shift && other.Kind is ChargeKind.Idle or ChargeKind.NoReply && other.Kind != charge.Kind);

    // A month is charged once for slow replies, by the one that is too many.
    private static IEnumerable<Charge> Replies(
        Func<DateOnly, PolicyTerms> termsOn, IReadOnlyList<ReplyWait> waits, Func<DateOnly, Guid?> shiftOn)
    {
        var slow = 0;
        foreach (var wait in waits.OrderBy(wait => wait.AskedAt))
        {
            var terms = termsOn(wait.Date).Replies ?? ReplyTerms.Default;
            if (wait.OnlineSeconds is not { } seconds)
                continue;
            if (wait.IsReplied && seconds > terms.SlowSeconds)
                yield return new(shiftOn(wait.Date), wait.Date, ChargeKind.SlowReply, seconds,
                    slow++ == terms.FreeSlow ? terms.SlowPenalty : 0, Chat: wait.Chat);
            if (seconds > terms.NoReplyMinutes * 60)
                yield return new(
                    shiftOn(wait.Date), wait.Date, ChargeKind.NoReply, seconds, NoReply(terms, seconds), Chat: wait.Chat);
        }
    }

    private static decimal NoReply(ReplyTerms terms, int seconds) => seconds / (terms.BlockHours * 3600) is > 0 and var blocks
        ? blocks * terms.BlockPenalty + (terms.OnTop ? terms.NoReplyPenalty : 0) : terms.NoReplyPenalty;

    // The short ones use up what is free, in the order of the days; a long one does not, and costs all the same.
    private static IEnumerable<Charge> Latenesses(Func<DateOnly, PolicyTerms> termsOn, IEnumerable<ShiftOfMonth> shifts)
    {
        var free = 0;
        foreach (var shift in shifts.Where(shift => shift.Figures.LateSeconds > 0))
        {
            var (late, terms) = (shift.Figures.LateSeconds!.Value, termsOn(shift.Date));
            var isExempt = shift.Figures.ShiftCode is { } code && terms.ExemptShifts?.Contains(code) == true;
            var passes = isExempt || (late <= terms.FreeLatenessMinutes * 60 && free++ < terms.FreeLatenesses);
            yield return new(shift.Id, shift.Date, ChargeKind.Lateness, late, passes ? 0 : terms.LatenessPenalty);
        }
    }

    private static IEnumerable<Charge> Others(PolicyTerms terms, ShiftOfMonth shift)
    {
        var figures = shift.Figures;
        if (figures.Presence is not ShiftPresence.Unknown && figures.OfflineSeconds > terms.OfflineMinutes * 60)
            yield return new(shift.Id, shift.Date, ChargeKind.Offline, figures.OfflineSeconds, terms.OfflinePenalty);
        if (figures.IdleStretches > 0)
            yield return new(shift.Id, shift.Date, ChargeKind.Idle, figures.IdleSeconds, figures.IdleStretches * terms.IdlePenalty);
    }
}

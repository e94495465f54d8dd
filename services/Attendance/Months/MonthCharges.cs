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

public enum ChargeKind { Lateness, Offline, Idle }

/// <summary>Something that the project charges for, or lets pass.</summary>
/// <param name="Shift">Id of the shift.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Amount">What it costs; 0 where it is let pass.</param>
public sealed record Charge(Guid Shift, DateOnly Date, ChargeKind Kind, int Seconds, decimal Amount);

/// <summary>An agent's month by the policy of the project.</summary>
/// <param name="Charges">In order of the days; what is let pass is there with 0.</param>
/// <param name="Amount">Of all charges.</param>
/// <param name="FullAttendance">Whether nothing has taken it away; null where something is unknown, or there is no shift.</param>
/// <param name="UnknownShifts">Shifts of which something is unknown; nothing is charged for what nobody knows.</param>
public sealed record MonthOfCharges(IReadOnlyList<Charge> Charges, decimal Amount, bool? FullAttendance, int UnknownShifts);

/// <summary>What a month of shifts is charged by a policy.</summary>
public static class MonthCharges
{
    /// <param name="terms">What holds on a day.</param>
    public static MonthOfCharges Of(Func<DateOnly, PolicyTerms> terms, IEnumerable<ShiftOfMonth> month)
    {
        var shifts = month.OrderBy(shift => shift.Date).ToList();
        var charges = Latenesses(terms, shifts).Concat(shifts.SelectMany(shift => Others(terms(shift.Date), shift)))
            .OrderBy(charge => charge.Date).ThenBy(charge => charge.Kind).ToList();
        var unknown = shifts.Count(IsUnknown);
        var lost = shifts.Any(shift => (terms(shift.Date).FullAttendanceLostBy ?? []).Any(loss => loss switch
        {
            FullAttendanceLoss.Absence => shift.Figures.Presence is ShiftPresence.Absent,
            FullAttendanceLoss.Leave => shift.OnLeave,
            FullAttendanceLoss.ChargedLateness => charges.Any(c => c is { Kind: ChargeKind.Lateness, Amount: > 0 } && c.Shift == shift.Id),
            FullAttendanceLoss.AnyLateness => charges.Any(c => c.Kind is ChargeKind.Lateness && c.Shift == shift.Id),
            _ => false,
        }));

        return new(charges, charges.Sum(charge => charge.Amount), lost ? false : unknown > 0 || shifts.Count == 0 ? null : true, unknown);
    }

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

    private static bool IsUnknown(ShiftOfMonth shift) => shift.Figures.UnknownSeconds > 0
        || (shift.Figures.Presence is ShiftPresence.Present && shift.Figures.LateSeconds is null);
}

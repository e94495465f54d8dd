using CallCenter.Attendance.Shifts;

namespace CallCenter.Attendance.Months;

/// <summary>What an agent's month comes to by one reading of the roster. Sums are of what is known; times are whole seconds.</summary>
/// <param name="Shifts">Shifts that have begun, and those that leave or excuses have all of.</param>
/// <param name="AbsentShifts">Of them, those that are over and to which the agent is known not to have come.</param>
/// <param name="UnknownShifts">Of them, those of which something is unknown: time, or when the agent came.</param>
/// <param name="LateSeconds">Of all latenesses that are known.</param>
/// <param name="EarlySeconds">Of all early leaving that is known.</param>
/// <param name="OfflineSeconds">Rostered work in which they were known to be signed out, not counting late and early.</param>
/// <param name="IdleSeconds">Work in stretches of idle-online that were long enough to count.</param>
/// <param name="UnknownSeconds">Rostered time of which nobody knows what the agent did.</param>
/// <param name="PayableSeconds">Time to pay of the shifts of which it is known.</param>
/// <param name="UnpaidKnown">Shifts that are over and of which the time to pay is not known.</param>
/// <param name="Adherence">Adherent time of all shifts as a share of all their due time; null where there is none.</param>
/// <param name="Conformance">Productive time of all shifts as a share of all their work so far; null where there is none.</param>
public sealed record MonthLedger(
    int Shifts, int AbsentShifts, int UnknownShifts, long LateSeconds, long EarlySeconds, long OfflineSeconds, long IdleSeconds,
    long UnknownSeconds, long PayableSeconds, int UnpaidKnown, decimal? Adherence, decimal? Conformance)
{
    /// <summary>Whether a shift is one of the month so far.</summary>
    internal static bool HasBegun(ShiftFigures figures) => figures.Presence is not (ShiftPresence.Off or ShiftPresence.Upcoming);

    public static MonthLedger Of(IEnumerable<ShiftFigures> month, DateTimeOffset now)
    {
        var shifts = month.Where(HasBegun).ToList();

        return new(
            shifts.Count, shifts.Count(f => f.Presence is ShiftPresence.Absent), shifts.Count(f => f.IsUnknown),
            Sum(f => f.LateSeconds ?? 0), Sum(f => f.EarlySeconds ?? 0), Sum(f => f.OfflineSeconds), Sum(f => f.IdleSeconds),
            Sum(f => f.UnknownSeconds), Sum(f => f.PayableSeconds ?? 0), shifts.Count(f => f.PayableSeconds is null && f.EndsAt <= now),
            ShiftAttendance.Share(Sum(f => f.AdherentSeconds), Sum(f => f.DueSeconds)),
            ShiftAttendance.Share(Sum(f => f.ProductiveSeconds), Sum(f => f.WorkSeconds)));

        long Sum(Func<ShiftFigures, int> of) => shifts.Sum(f => (long)of(f));
    }
}

/// <summary>The month in the ledgers of its days. An edit of the roster afterwards changes the last only, and charges nobody.</summary>
/// <param name="Raw">By the roster as known then, nothing excused.</param>
/// <param name="Excused">By the roster as known then, without leave and excuses: what is charged is told from it.</param>
/// <param name="Amended">By the roster as published last, without leave and excuses.</param>
public sealed record MonthLedgers(MonthLedger Raw, MonthLedger Excused, MonthLedger Amended);

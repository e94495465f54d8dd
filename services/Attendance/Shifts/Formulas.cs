namespace CallCenter.Attendance.Shifts;

/// <summary>One figure of a shift, and by which edition of its formula it is made.</summary>
/// <param name="Code">Which figure.</param>
/// <param name="Edition">Rises when the same facts come to another figure.</param>
/// <param name="Says">The formula, for people.</param>
public sealed record AttendanceFormula(string Code, int Edition, string Says);

internal static class Formulas
{
    public static readonly IReadOnlyList<AttendanceFormula> All =
    [
        new("lateness", 1, "From the begin of the shift to the first clocking in or sign-in, without what is excused; unknown where "
            + "neither was seen and the source of states was silent."),
        new("early-leave", 1, "From the last clocking out or sign-out to the end of the shift, without what is excused."),
        new("offline-on-shift", 1, "Rostered work in which the agent is known to be signed out, without late, early and excused time."),
        new("idle-online", 1, "Rostered work in stretches of ready that nothing interrupts and that are long enough, the limit included."),
        new("adherence", 1, "adherentSeconds / dueSeconds: work fits ready, busy and after-contact work; breaks and meals fit break and "
            + "signed out; training fits training, meeting and signed out. Excused and unknown time is in neither."),
        new("conformance", 1, "productiveSeconds / workSeconds: ready, busy and after-contact work between begin and end of the shift, "
            + "whatever was rostered then, against rostered work. Excused and unknown time is in neither; time outside the shift counts "
            + "for nothing."),
        new("shrinkage", 1, "Planned: 1 - rostered work / rostered paid time. Actual: 1 - productive time, at most the rostered work, / "
            + "rostered paid time, of shifts that are over and of which nothing is unknown."),
        new("payable-time", 1, "Rostered paid time without late, early and absent time, and with what is excused as paid; unknown "
            + "where one of these is. Leave is counted in days, beside it."),
    ];
}

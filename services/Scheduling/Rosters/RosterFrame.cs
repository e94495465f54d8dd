using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using CallCenter.Time;

namespace CallCenter.Scheduling.Rosters;

/// <summary>Turns instants into the engine's minutes since the first local midnight of a roster, and back.</summary>
public sealed class RosterFrame(LocalCalendar calendar, DateOnly from, int days)
{
    private readonly DateTimeOffset origin = calendar.StartOf(from);

    public LocalCalendar Calendar => calendar;

    public DateOnly From => from;

    public int Days => days;

    public DateTimeOffset Start => origin;

    public DateTimeOffset End => calendar.StartOf(from.AddDays(days));

    public IEnumerable<DateOnly> Dates => Enumerable.Range(0, days).Select(from.AddDays);

    public int DayOf(DateOnly date) => date.DayNumber - from.DayNumber;

    public ImmutableArray<int> DayStarts => [.. Enumerable.Range(0, days + 1).Select(d => Minute(calendar.StartOf(from.AddDays(d))))];

    public int Minute(DateTimeOffset instant) => (int)Math.Floor((instant - origin).TotalMinutes);

    public DateTimeOffset Instant(int minute) => origin.AddMinutes(minute);

    public RosterShift Shift(Assignment assignment) => new(
        from.AddDays(assignment.Shift.Day), assignment.Shift.Code, assignment.Shift.Kind,
        Instant(assignment.Shift.Start), Instant(assignment.Shift.End),
        [.. assignment.Breaks.Select(b => new RosterBreak(b.Kind, Instant(b.Start), Instant(b.End), b.Paid))]);

    public Assignment Assignment(Guid agentId, RosterShift shift) => new(
        agentId,
        new ShiftOption(shift.Code, DayOf(shift.Date), Minute(shift.StartsAt), Minute(shift.EndsAt), shift.Kind, []),
        // Hours of leave are paid as leave, whether or not they lie in a shift.
        [.. shift.Breaks.Select(b => new PlacedBreak(b.Kind, Minute(b.From), Minute(b.To), b.Paid && b.Kind != LeaveFreeing.Kind))]);

    public IReadOnlyList<Assignment> Assignments(Roster roster) =>
        [.. roster.Agents.SelectMany(a => a.Value.Select(shift => Assignment(a.Key, shift)))];
}

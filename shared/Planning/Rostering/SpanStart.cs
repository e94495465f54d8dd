namespace CallCenter.Planning.Rostering;

/// <summary>What the days around a span leave to it.</summary>
/// <param name="Class">Of the shift on the day before it.</param>
/// <param name="Least">Units of minutes.</param>
/// <param name="Most">Units of minutes.</param>
internal sealed record SpanStart(DaySpan Span, RuleState State, int Class, int Least, int Most)
{
    /// <param name="days">The option of each day, -1 for a day off.</param>
    /// <returns>Null where the days before the span break a rule.</returns>
    public static SpanStart? Of(AgentLattice lattice, RuleSlot[] slots, int[] days, DaySpan span)
    {
        var counts = new RuleCounts();
        foreach (var slot in slots)
            slot.Set(ref counts, slot.Rule.Start);
        var state = new RuleState(counts, lattice.DaysOffBefore);
        for (var day = 0; day < span.From; day++)
        {
            if (state.After(slots, day, ShiftOn(day)) is not { } next)
                return null;
            state = next;
        }

        var shiftClass = span.From == 0 ? 0 : lattice.ClassOf(span.From - 1, days[span.From - 1]);
        if (lattice.Horizon(span) is not { } scale)
            return new(span, state, shiftClass, 0, 0);

        var (before, after) = (Units(0, span.From, scale), span.IsOpen ? 0 : Units(span.To, lattice.Days, scale));
        if (!span.IsOpen)
            return new(span, state, shiftClass, scale.Least - before - after, scale.Most - before - after);

        // A share of the whole, give or take a week of it.
        var (share, week) = (lattice.Limits.Share(span.To), 7.0 / lattice.Days * scale.Most);
        return new(span, state, shiftClass, (int)(scale.Least * share - week / 7) - before,
            (int)Math.Ceiling(Math.Min(scale.Most, scale.Most * share + week)) - before);

        ShiftOption? ShiftOn(int day) => days[day] < 0 ? null : lattice.Shifts[day][days[day]];

        int Units(int from, int to, MinuteScale scale)
        {
            var units = 0;
            for (var day = from; day < to; day++)
                units += ShiftOn(day) is { } shift ? MinuteScale.Units(shift, scale.Minutes) : 0;
            return units;
        }
    }
}

namespace CallCenter.Planning.Rostering;

/// <summary>
/// What rules remember of some days of one agent, as states that a shift or a day off leads between. A rule is asked when they are made, so
/// that the search only adds and compares.
/// </summary>
internal sealed class RuleStates
{
    // Beyond, the days of one agent would take more memory than a search may, 40 MB, or more time than a search of some weeks.
    private const int MostMoves = 10_000_000;
    private const int MostMovesOfWeeks = 600_000;

    private readonly SpanStart start;
    private readonly RuleSlot[] slots;
    private RuleState[] ends = [];
    private int[]? daysAfter;
    private float[] costsAfter = [];

    public RuleStates(AgentLattice lattice, RuleSlot[] slots, SpanStart start)
    {
        (this.start, this.slots) = (start, slots);
        var span = start.Span;
        (Count, IsSingleDayOff) = (new int[lattice.Days + 1], new bool[lattice.Days + 1][]);
        (OffTo, WorkTo) = (new int[lattice.Days][], new int[lattice.Days][]);
        (Groups, Sorts) = (new ShiftGroup[lattice.Days][], new ShiftOption[lattice.Days][]);
        for (var day = span.From; day < span.To; day++)
            (Groups[day], Sorts[day]) = lattice.Grouped(day, slots, lattice.Horizon(span)?.Minutes);
        HasRoom = Connect(lattice);
        (Low, Width) = HasRoom ? Windows(lattice) : ([], 0);
    }

    public DaySpan Span => start.Span;

    /// <summary>The kind of shift worked on the day before them, as the first of them tells kinds apart.</summary>
    public int ClassBefore => start.Class;

    /// <summary>Units of minutes in the horizon that the days around them leave to them.</summary>
    public (int Least, int Most) Units => (start.Least, start.Most);

    /// <summary>Whether they are few enough to be searched; otherwise they are not all here.</summary>
    public bool HasRoom { get; }

    /// <summary>From all states, by a day off and by each sort of shift.</summary>
    public int Moves { get; private set; }

    /// <summary>By day: shifts that differ in cost alone.</summary>
    public ShiftGroup[][] Groups { get; }

    /// <summary>By day: a shift of each sort, which are all one to what the rules remember.</summary>
    public ShiftOption[][] Sorts { get; }

    /// <summary>How many states there are before each day, and at the end.</summary>
    public int[] Count { get; }

    /// <summary>By day and state: the state after a day off; -1 where there must be none.</summary>
    public int[][] OffTo { get; private set; }

    /// <summary>By day, and then state times sort of shift: the state after work; -1 where there must be none.</summary>
    public int[][] WorkTo { get; private set; }

    /// <summary>By day and state: whether just one day off lies between it and the last work.</summary>
    public bool[][] IsSingleDayOff { get; }

    /// <summary>By day, and at the end: units of minutes below which what is due cannot be reached any more.</summary>
    public int[] Low { get; }

    /// <summary>Numbers of units that a day needs, and room for what the longest shift moves beyond.</summary>
    public int Width { get; }

    private bool Connect(AgentLattice lattice)
    {
        RuleState[] states = [start.State];
        for (var day = start.Span.From; ; day++)
        {
            (Count[day], IsSingleDayOff[day]) = (states.Length, Array.ConvertAll(states, s => s.DaysOff == 1));
            if (day == start.Span.To)
                break;

            var sorts = Sorts[day];
            Moves += states.Length * (sorts.Length + 1);
            if (Moves > (lattice.IsWhole(start.Span) ? MostMoves : MostMovesOfWeeks))
            {
                (Moves, OffTo, WorkTo) = (1, [], []);
                return false;
            }

            var next = new ReachedStates();
            (OffTo[day], WorkTo[day]) = (new int[states.Length], new int[states.Length * sorts.Length]);
            for (var i = 0; i < states.Length; i++)
            {
                OffTo[day][i] = lattice.Options.MustWork[day] ? -1 : next.Of(states[i].After(slots, day, null));
                for (var sort = 0; sort < sorts.Length; sort++)
                    WorkTo[day][i * sorts.Length + sort] = next.Of(states[i].After(slots, day, sorts[sort]));
            }

            states = next.All;
        }

        ends = states;
        return true;
    }

    /// <summary>By state at the end: what the days after it cost beside those of the others; infinite where they must not follow.</summary>
    /// <param name="days">The option of each day, -1 for a day off.</param>
    public ReadOnlySpan<float> After(AgentLattice lattice, int[] days, float singleDayOff)
    {
        var following = start.Span.IsOpen ? [] : days.AsSpan(start.Span.To, lattice.Days - start.Span.To);
        if (daysAfter is not null && following.SequenceEqual(daysAfter))
            return costsAfter;

        (daysAfter, costsAfter) = (following.ToArray(), new float[ends.Length]);
        // Most rules forget after some days what was before, so that few states are left to be followed.
        var (states, of) = (ends, Enumerable.Range(0, ends.Length).ToArray());
        for (var i = 0; i < following.Length && states.Length > 0; i++)
        {
            var day = start.Span.To + i;
            var shift = following[i] < 0 ? null : lattice.Shifts[day][following[i]];
            var next = new ReachedStates();
            var to = Array.ConvertAll(states, state => next.Of(state.After(slots, day, shift)));
            for (var end = 0; end < of.Length; end++)
                if (of[end] >= 0)
                {
                    costsAfter[end] += shift is not null && states[of[end]].DaysOff == 1 ? singleDayOff : 0;
                    of[end] = to[of[end]];
                }

            states = next.All;
        }

        var mayEnd = Array.ConvertAll(states, state =>
            Array.TrueForAll(slots, slot => lattice.Limits.MayEnd(slot.Rule, slot.Get(state.Counts), start.Span)));
        for (var end = 0; end < of.Length; end++)
            if (of[end] < 0 || !mayEnd[of[end]])
                costsAfter[end] = float.PositiveInfinity;
        return costsAfter;
    }

    // The most units before each day, and those that can still come, say between which numbers a label is of any use.
    private (int[] Low, int Width) Windows(AgentLattice lattice)
    {
        const int None = int.MinValue / 2;
        var (low, span) = (new int[lattice.Days + 1], start.Span);
        if (lattice.Horizon(span) is null)
            return (low, 1);

        var (longest, rest) = (0, new int[ends.Length]);
        low[span.To] = Math.Max(0, start.Least);
        for (var day = span.To - 1; day >= span.From; day--)
        {
            var (before, sorts) = (new int[Count[day]], Sorts[day].Length);
            for (var state = 0; state < before.Length; state++)
            {
                before[state] = OffTo[day][state] is >= 0 and var off ? rest[off] : None;
                foreach (var group in Groups[day])
                    if (WorkTo[day][state * sorts + group.Sort] is >= 0 and var work)
                        before[state] = Math.Max(before[state], rest[work] + group.Units);
            }

            rest = before;
            low[day] = Math.Clamp(start.Least - Math.Max(0, rest.DefaultIfEmpty(0).Max()), 0, low[day + 1]);
        }

        var (high, width) = (0, 1);
        for (var day = span.From; day <= span.To; day++)
        {
            width = Math.Max(width, Math.Min(high, start.Most) - low[day] + 1);
            var most = day == span.To ? 0 : Groups[day].Select(g => g.Units).DefaultIfEmpty(0).Max();
            (high, longest) = (high + most, Math.Max(longest, most));
        }

        return (low, width + longest);
    }
}

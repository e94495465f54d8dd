namespace CallCenter.Planning.Rostering;

/// <summary>
/// What rules remember of the days of one agent, as states that a shift or a day off leads between. A rule is asked when they are made, so
/// that the search only adds and compares.
/// </summary>
internal sealed class RuleStates
{
    private readonly int days;

    public RuleStates(AgentLattice lattice, RosterProblem problem, IReadOnlyList<RuleCount> rules)
    {
        days = problem.Days;
        (Count, IsSingleDayOff) = (new int[days + 1], new bool[days + 1][]);
        (OffTo, WorkTo) = (new int[days][], new int[days][]);
        var grouped = Enumerable.Range(0, days).Select(day => lattice.Grouped(day, rules)).ToArray();
        (Groups, Sorts) = ([.. grouped.Select(g => g.Groups)], [.. grouped.Select(g => g.Sorts)]);
        GroupOf = [.. Groups.Select(OfShifts)];
        Connect(lattice, RuleSlot.For(rules));
        (Low, Width) = Windows(lattice);
    }

    /// <summary>By day: shifts that differ in cost alone.</summary>
    public ShiftGroup[][] Groups { get; }

    /// <summary>By day and shift: the group that it is in.</summary>
    public ShiftGroup[][] GroupOf { get; }

    /// <summary>By day: a shift of each sort, which are all one to what the rules remember.</summary>
    public ShiftOption[][] Sorts { get; }

    /// <summary>How many states there are before each day, and at the end.</summary>
    public int[] Count { get; }

    /// <summary>By day and state: the state after a day off; -1 where there must be none.</summary>
    public int[][] OffTo { get; }

    /// <summary>By day, and then state times sort of shift: the state after work; -1 where there must be none.</summary>
    public int[][] WorkTo { get; }

    /// <summary>By day and state: whether just one day off lies between it and the last work.</summary>
    public bool[][] IsSingleDayOff { get; }

    public bool[] MayEnd { get; private set; } = [];

    /// <summary>By day, and at the end: units of minutes in the horizon below which what is due cannot be reached any more.</summary>
    public int[] Low { get; }

    /// <summary>Numbers of units that a day needs, and room for what the longest shift moves beyond.</summary>
    public int Width { get; }

    // DaysOff: in a row, 0 after work, as far as a cost can tell them apart.
    private readonly record struct State(RuleCounts Counts, int DaysOff);

    private static ShiftGroup[] OfShifts(ShiftGroup[] groups)
    {
        var groupOf = new ShiftGroup[groups.Sum(g => g.Options.Length)];
        foreach (var group in groups)
            foreach (var shift in group.Options)
                groupOf[shift] = group;
        return groupOf;
    }

    private void Connect(AgentLattice lattice, RuleSlot[] slots)
    {
        var counts = new RuleCounts();
        foreach (var slot in slots)
            slot.Set(ref counts, slot.Rule.Start);
        List<State> states = [new(counts, lattice.DaysOffBefore)];

        for (var day = 0; ; day++)
        {
            (Count[day], IsSingleDayOff[day]) = (states.Count, [.. states.Select(s => s.DaysOff == 1)]);
            if (day == days)
                break;

            var sorts = Sorts[day];
            var (next, known) = (new List<State>(), new Dictionary<State, int>());
            (OffTo[day], WorkTo[day]) = (new int[states.Count], new int[states.Count * sorts.Length]);
            Array.Fill(OffTo[day], -1);
            Array.Fill(WorkTo[day], -1);
            for (var i = 0; i < states.Count; i++)
            {
                var rested = states[i].Counts;
                if (!lattice.Options.MustWork[day] && After(slots, ref rested, (rule, count) => rule.Off(count, day)))
                    OffTo[day][i] = Reach(new(rested, Math.Min(2, states[i].DaysOff + 1)));

                for (var sort = 0; sort < sorts.Length; sort++)
                {
                    var (worked, workedBefore) = (states[i].Counts, day > 0 && states[i].DaysOff == 0);
                    if (After(slots, ref worked, (rule, count) => rule.Work(count, day, workedBefore, sorts[sort])))
                        WorkTo[day][i * sorts.Length + sort] = Reach(new(worked, 0));
                }
            }

            states = next;

            int Reach(State state)
            {
                if (!known.TryGetValue(state, out var at))
                {
                    known[state] = at = next.Count;
                    next.Add(state);
                }

                return at;
            }
        }

        MayEnd = [.. states.Select(s => slots.All(slot => slot.Rule.MayEnd(slot.Get(s.Counts))))];

        static bool After(RuleSlot[] slots, ref RuleCounts counts, Func<RuleCount, int, int> after)
        {
            foreach (var slot in slots)
            {
                var count = after(slot.Rule, slot.Get(counts));
                if (count == RuleCount.Refused)
                    return false;
                slot.Set(ref counts, count);
            }

            return true;
        }
    }

    // The most units before each day, and those that can still come, say between which numbers a label is of any use.
    private (int[] Low, int Width) Windows(AgentLattice lattice)
    {
        const int None = int.MinValue / 2;
        var low = new int[days + 1];
        if (lattice.Horizon is not { } horizon)
            return (low, 1);

        var longest = Groups.SelectMany(day => day).Select(g => g.Units).DefaultIfEmpty(0).Max();
        var rest = MayEnd.Select(may => may ? 0 : None).ToArray();
        low[days] = horizon.Least;
        for (var day = days - 1; day >= 0; day--)
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
            low[day] = Math.Clamp(horizon.Least - Math.Max(0, rest.DefaultIfEmpty(0).Max()), 0, low[day + 1]);
        }

        var (high, width) = (0, 1);
        for (var day = 0; day <= days; day++)
        {
            width = Math.Max(width, Math.Min(high, horizon.Most) - low[day] + 1);
            high += day == days ? 0 : Groups[day].Select(g => g.Units).DefaultIfEmpty(0).Max();
        }

        return (low, width + longest);
    }
}

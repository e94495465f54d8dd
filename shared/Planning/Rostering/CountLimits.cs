namespace CallCenter.Planning.Rostering;

/// <summary>
/// The rules of an agent that count days towards a limit and nothing else: while days keep them, nobody has to have counted. Each is known
/// by a bit.
/// </summary>
internal sealed class CountLimits(IReadOnlyList<RuleCount> rules, ShiftOption[][] shifts)
{
    /// <summary>So many that a bit can stand for each.</summary>
    public const int Most = 64;

    // Of the days on which the agent may work at all: those before this one.
    private readonly double[] share = ShareOfDays(shifts);

    /// <summary>Those of these bits.</summary>
    public IEnumerable<RuleCount> Of(ulong bits) => rules.Where((_, i) => (bits >> i & 1) != 0);

    /// <summary>The part of a limit of the horizon that is due by a day.</summary>
    public double Share(int day) => share[day];

    /// <summary>Which of them the days break.</summary>
    /// <param name="days">The option of each day, -1 for a day off.</param>
    /// <param name="span">The days that were sought; nothing is asked of those after an open one, to which it leaves their share.</param>
    public ulong Broken(int[] days, DaySpan span)
    {
        var broken = 0UL;
        for (var i = 0; i < rules.Count; i++)
            broken |= Keeps(rules[i], days, span) ? 0 : 1UL << i;
        return broken;
    }

    /// <summary>Of the days in a span that count towards a limit those that are too many: the dearest.</summary>
    public IEnumerable<int> Beyond(RuleCount rule, int[] days, DaySpan span, Func<int, float> cost)
    {
        var (count, counted) = (0, new List<int>());
        for (var day = 0; day < Until(span); day++)
        {
            // From nothing each time, for a rule refuses what is beyond it.
            if (days[day] < 0 || rule.Work(0, day, WorkedBefore(days, day), shifts[day][days[day]]) == 0)
                continue;
            count++;
            if (span.Has(day))
                counted.Add(day);
        }

        return counted.OrderByDescending(cost).Take(count - MostBy(rule, span));
    }

    /// <summary>Whether the days of the span may end with so much remembered, those after it not counted.</summary>
    public bool MayEnd(RuleCount rule, int count, DaySpan span) =>
        !span.IsOpen ? rule.MayEnd(count) : !rule.MayBeLeftOut || count <= MostBy(rule, span);

    private bool Keeps(RuleCount rule, int[] days, DaySpan span)
    {
        var count = rule.Start;
        for (var day = 0; day < Until(span) && count != RuleCount.Refused; day++)
            count = rule.After(count, day, WorkedBefore(days, day), days[day] < 0 ? null : shifts[day][days[day]]);
        return count != RuleCount.Refused && MayEnd(rule, count, span);
    }

    private int MostBy(RuleCount rule, DaySpan span) => span.IsOpen ? (int)Math.Ceiling(rule.Max * share[span.To]) : rule.Max;

    private int Until(DaySpan span) => span.IsOpen ? span.To : shifts.Length;

    private static bool WorkedBefore(int[] days, int day) => day > 0 && days[day - 1] >= 0;

    private static double[] ShareOfDays(ShiftOption[][] shifts)
    {
        var (before, of) = (new double[shifts.Length + 1], Math.Max(1, shifts.Count(day => day.Length > 0)));
        for (var day = 0; day < shifts.Length; day++)
            before[day + 1] = before[day] + (shifts[day].Length > 0 ? 1.0 / of : 0);
        return before;
    }
}

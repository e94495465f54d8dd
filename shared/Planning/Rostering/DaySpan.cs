namespace CallCenter.Planning.Rostering;

/// <summary>Some days in a row. Where only these are sought, the days before and after stay as they are.</summary>
/// <param name="From">The first of them.</param>
/// <param name="To">The first day after them.</param>
internal readonly record struct DaySpan(int From, int To)
{
    public bool Has(int day) => From <= day && day < To;

    public static DaySpan All(RosterProblem problem) => new(0, problem.Days);

    /// <summary>Whole weeks of contract hours, about so many days.</summary>
    public static DaySpan Weeks(RosterProblem problem, int days, Random random)
    {
        if (days >= problem.Days)
            return All(problem);
        var from = random.Next(problem.Days - days + 1);
        while (from > 0 && !problem.EndsWeek(from - 1))
            from--;
        var to = from + days;
        while (!problem.EndsWeek(to - 1))
            to++;

        return new(from, to);
    }
}

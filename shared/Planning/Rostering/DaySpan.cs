namespace CallCenter.Planning.Rostering;

/// <summary>Some days in a row. Where only these are sought, the days before and after stay as they are.</summary>
/// <param name="From">The first of them.</param>
/// <param name="To">The first day after them.</param>
/// <param name="IsOpen">Nothing is decided of the days after it: they get their share of what is limited in the horizon.</param>
internal readonly record struct DaySpan(int From, int To, bool IsOpen = false)
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

        return new(from, EndOfWeek(problem, from + days));
    }

    /// <summary>So many days from one on and the rest of their last week, while those before are decided.</summary>
    public static DaySpan Window(RosterProblem problem, int from, int days) =>
        EndOfWeek(problem, Math.Min(problem.Days, from + days)) is var to ? new(from, to, IsOpen: to < problem.Days) : default;

    private static int EndOfWeek(RosterProblem problem, int to)
    {
        while (!problem.EndsWeek(to - 1))
            to++;
        return to;
    }
}

namespace CallCenter.Planning.Tours;

/// <summary>What the shifts of a problem have in common: shifts that forbid the same successors are alike on the next day.</summary>
internal sealed class ShiftKinds
{
    private const int MostClasses = 64;

    /// <exception cref="PlanningException">The shifts cannot be planned with: too-many-shift-classes, shift-without-minutes.</exception>
    public ShiftKinds(TourProblem problem)
    {
        if (problem.Shifts.FirstOrDefault(s => s.Minutes <= 0) is { } empty)
            throw new PlanningException("shift-without-minutes", $"Shift {empty.Code} has no minutes.");

        var classes = Successors(problem).ToArray();
        var distinct = classes.Distinct().ToArray();
        if (distinct.Length > MostClasses)
            throw new PlanningException("too-many-shift-classes",
                $"The shifts forbid {distinct.Length} different sets of successors; {MostClasses} are supported.");

        ClassOf = [.. classes.Select(c => Array.IndexOf(distinct, c))];
        Classes = distinct.Length;
        Unit = Math.Max(1, problem.Shifts.Select(s => s.Minutes).Aggregate(0, Divisor));
        Units = [.. problem.Shifts.Select(s => s.Minutes / Unit)];
        Before = new ulong[problem.Shifts.Length];
        for (var shift = 0; shift < Before.Length; shift++)
            for (var before = 0; before < Before.Length; before++)
                if (!problem.Shifts[before].NotBefore.Contains(shift))
                    Before[shift] |= 1UL << ClassOf[before];
    }

    public int Classes { get; }

    public int[] ClassOf { get; }

    /// <summary>Minutes that all shifts are multiples of.</summary>
    public int Unit { get; }

    public int[] Units { get; }

    /// <summary>By shift: the classes, as bits, that may be worked on the day before.</summary>
    public ulong[] Before { get; }

    public static bool Supported(TourProblem problem) => Successors(problem).Distinct().Count() <= MostClasses;

    private static IEnumerable<string> Successors(TourProblem problem) => problem.Shifts.Select(s => string.Join(',', s.NotBefore.Order()));

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}

namespace CallCenter.Planning.ShiftDesign;

/// <summary>Says what shifts cover and cost, and whether they are allowed. Shares no code with the search.</summary>
public static class ShiftDesignChecker
{
    /// <returns>What is not allowed, in words; empty where all is.</returns>
    public static IReadOnlyList<string> Check(ShiftDesignProblem problem, IReadOnlyList<DesignedShift> shifts)
    {
        var wrong = new List<string>();
        foreach (var shift in shifts)
        {
            if (!problem.Windows.Any(w => w.Earliest <= shift.Start && shift.Start <= w.Latest
                && w.Shortest <= shift.Length && shift.Length <= w.Longest))
                wrong.Add($"No window has a shift from {shift.Start} for {shift.Length} slots.");
            if (shift.People.Count != problem.Days || shift.People.Any(people => people < 0) || shift.People.All(people => people == 0))
                wrong.Add($"The shift from {shift.Start} for {shift.Length} slots needs people on some of {problem.Days} days.");
        }

        if (shifts.DistinctBy(shift => (shift.Start, shift.Length)).Count() < shifts.Count)
            wrong.Add("A shift is there twice.");
        if (shifts.Count > problem.MostShifts)
            wrong.Add($"{shifts.Count} different shifts where {problem.MostShifts} are allowed.");
        return wrong;
    }

    public static (int Over, int Under, long Cost) Cost(ShiftDesignProblem problem, IReadOnlyList<DesignedShift> shifts)
    {
        var there = Cover(problem, shifts);
        var over = there.Zip(problem.Needed, (people, needed) => Math.Max(0, people - needed)).Sum();
        var under = there.Zip(problem.Needed, (people, needed) => Math.Max(0, needed - people)).Sum();
        return (over, under, (long)problem.Weights.Over * over + (long)problem.Weights.Under * under
            + (long)problem.Weights.Shift * shifts.Count);
    }

    /// <summary>People there in each slot.</summary>
    public static int[] Cover(ShiftDesignProblem problem, IReadOnlyList<DesignedShift> shifts)
    {
        var there = new int[problem.Needed.Count];
        foreach (var shift in shifts)
            for (var day = 0; day < problem.Days; day++)
                for (var slot = 0; slot < shift.Length; slot++)
                    there[(day * problem.SlotsPerDay + shift.Start + slot) % there.Length] += shift.People[day];

        return there;
    }
}

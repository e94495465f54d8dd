namespace CallCenter.Planning.ShiftDesign;

/// <summary>
/// What no design costs less than: the linear programme in which people are parts, and a shift costs its share by how much of the most
/// that any good design has of it is there. Nobody is more than the most needed while they work, for without them nothing would be
/// missing.
/// </summary>
internal static class ShiftDesignBound
{
    private const long Scale = 100_000;

    /// <summary>More slots than these take longer than anybody waits for.</summary>
    private const int MostSlots = 700;

    public static long? Of(ShiftDesignProblem problem, IReadOnlyList<(int Start, int Length)> shifts)
    {
        if (problem.Needed.Count > MostSlots)
            return null;

        var (programme, random) = (new DualSimplex(), new Random(1));
        var most = problem.Needed.Max();
        foreach (var needed in problem.Needed)
            programme.AddRow(needed);

        for (var slot = 0; slot < problem.Needed.Count; slot++)
        {
            programme.AddColumn(new([slot], [1], problem.Weights.Under * Scale, 0, problem.Needed[slot]), random.NextDouble());
            programme.AddColumn(new([slot], [-1], problem.Weights.Over * Scale, 0, (long)most * shifts.Count), random.NextDouble());
        }

        for (var day = 0; day < problem.Days; day++)
            foreach (var (start, length) in shifts)
            {
                var slots = Enumerable.Range(day * problem.SlotsPerDay + start, length).Select(s => s % problem.Needed.Count).ToArray();
                var atMost = slots.Max(slot => problem.Needed[slot]);
                if (atMost == 0)
                    continue;
                var share = problem.Weights.Shift * Scale / (problem.Days * atMost);
                programme.AddColumn(new(slots, [.. slots.Select(_ => 1)], share, 0, atMost), random.NextDouble());
            }

        programme.Start();
        return programme.Solve() == LinearAnswer.Solved ? (programme.SafeBound() + Scale - 1) / Scale : null;
    }
}

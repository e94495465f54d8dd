namespace CallCenter.Planning.ShiftDesign;

/// <summary>
/// The linear programme of a design: as many people of a shift on a day as are there, each at a price, beside people too many and too few
/// in each slot. Nobody is more than the most needed while they work, for without them nothing would be missing.
/// </summary>
internal sealed class ShiftDesignProgramme(ShiftDesignProblem problem, IReadOnlyList<(int Start, int Length)> shifts)
{
    private const long Scale = 100_000;

    /// <summary>More slots than these take longer than anybody waits for.</summary>
    private const int MostSlots = 700;

    // A programme is solved anew until its prices stay, but no more often.
    private const int MostRepricings = 12;

    // No two bases cost the same, so that it does not go round in circles. For a bound the less the better.
    private const double Nudge = 0.001;
    private const double LeastNudge = 0.00001;

    private readonly int most = problem.Needed.Max();

    /// <summary>
    /// No design costs less: each day that a shift has of the most people that a good design has of it costs its part of the shift. Null
    /// where there are too many slots.
    /// </summary>
    public long? Bound()
    {
        if (problem.Needed.Count > MostSlots)
            return null;
        var (programme, _) = Programme((_, atMost) => problem.Weights.Shift * Scale / (problem.Days * atMost), LeastNudge, new(1));
        return programme.Solve() == LinearAnswer.Solved ? (programme.SafeBound() + Scale - 1) / Scale : null;
    }

    /// <summary>
    /// Designs with fewer and fewer shifts: a shift costs each of its people a part of its cost by how many there were before, so that
    /// what few have becomes dear (dynamic slope scaling, Kim and Pardalos 1999). From other first prices it ends elsewhere.
    /// </summary>
    /// <returns>People of each shift on each day, one shift after another.</returns>
    public IEnumerable<int[]> Repriced(Random random)
    {
        if (problem.Needed.Count > MostSlots)
            yield break;

        double cost = problem.Weights.Shift;
        var prices = shifts.Select(_ => cost / (problem.Days * Math.Max(1, most)) * (1.5 + 3 * random.NextDouble())).ToArray();
        int[]? before = null;
        for (var repricing = 0; repricing < MostRepricings; repricing++)
        {
            var (programme, columns) = Programme((shift, _) => (long)(prices[shift] * Scale), Nudge, random);
            if (programme.Solve() != LinearAnswer.Solved)
                yield break;
            var people = columns.Select(column => column < 0 ? 0 : (int)Math.Round(programme.Value(column))).ToArray();
            if (before is not null && people.SequenceEqual(before))
                yield break;
            yield return before = people;
            for (var shift = 0; shift < shifts.Count; shift++)
                if (people.AsSpan(shift * problem.Days, problem.Days).ToArray().Sum() is > 0 and var there)
                    prices[shift] = cost / there;
        }
    }

    /// <returns>The programme, and the column of each shift on each day; -1 where nobody is needed.</returns>
    private (DualSimplex Programme, int[] Columns) Programme(Func<int, int, long> price, double nudge, Random random)
    {
        var programme = new DualSimplex();
        foreach (var needed in problem.Needed)
            programme.AddRow(needed);

        for (var slot = 0; slot < problem.Needed.Count; slot++)
        {
            Add([slot], 1, problem.Weights.Under * Scale, problem.Needed[slot]);
            Add([slot], -1, problem.Weights.Over * Scale, (long)most * shifts.Count);
        }

        var columns = new int[shifts.Count * problem.Days];
        for (var shift = 0; shift < shifts.Count; shift++)
            for (var day = 0; day < problem.Days; day++)
            {
                var first = day * problem.SlotsPerDay + shifts[shift].Start;
                var slots = Enumerable.Range(first, shifts[shift].Length).Select(slot => slot % problem.Needed.Count).ToArray();
                var atMost = slots.Max(slot => problem.Needed[slot]);
                columns[shift * problem.Days + day] = atMost == 0 ? -1 : Add(slots, 1, price(shift, atMost), atMost);
            }

        programme.Start();
        return (programme, columns);

        int Add(int[] slots, int times, long cost, long atMost) =>
            programme.AddColumn(new(slots, [.. slots.Select(_ => times)], cost, 0, atMost), nudge * Scale * random.NextDouble());
    }
}

namespace CallCenter.Planning.Rostering;

/// <summary>
/// Solves the restricted master problem of column generation (Dantzig and Wolfe 1960): of the known days of some agents one for each, or a
/// convex combination of them, so that cover costs the least. By the primal-dual hybrid gradient method (Chambolle and Pock 2011): primal
/// values and duals move against each other, averaged, restarted, and with steps as long as they hold (Applegate et al. 2021). As exact as
/// is asked for; a step costs one look at each column, however many rows there are, and goes on from where the last solution ended.
/// </summary>
/// <param name="agents">Of which there are columns, by index from 0.</param>
/// <param name="mostOfAnAgent">Columns from which on those that cost most are forgotten.</param>
internal sealed class PrimalDual(RosterRows rows, int agents, int mostOfAnAgent = 40)
{
    private const double Exactness = 1e-5;
    private const int StepsToLook = 20;
    private const int MostSteps = 600;
    private const double Kept = 0.6;

    // A restart comes when the gap has become so much smaller, or when this part of all steps was made since the last.
    private const double Smaller = 0.4;
    private const double Long = 0.3;

    // How far duals have to go for each length that primal values have to go.
    private readonly double usualBalance = Math.Max(1, rows.Scale.Dearest) * Math.Sqrt(Math.Max(1, rows.Scale.Asked) / (double)agents) / 3;

    private readonly List<int>[] blocks = [.. Enumerable.Range(0, agents).Select(_ => new List<int>())];
    private double[] wanted = new double[mostOfAnAgent + 2];
    private double[] costs = new double[64];
    private int[][] duties = new int[64][];
    private LpIterate now = new(rows.Rows);
    private LpIterate next = new(rows.Rows);
    private LpIterate mean = new(rows.Rows);
    private LpIterate start = new(rows.Rows);
    private double balance;
    private double step = 1 / Math.Sqrt(agents);
    private long steps;

    /// <summary>How many columns there are.</summary>
    public int Columns { get; private set; }

    public double[] Duals => now.Duals;

    public double PrimalValue(int column) => now.Primal[column];

    /// <param name="primal">How much of it the combination has to begin with.</param>
    public void Add(int agent, double cost, int[] itsDuties, double primal = 0)
    {
        if (Columns == costs.Length)
        {
            Array.Resize(ref costs, 2 * Columns);
            Array.Resize(ref duties, 2 * Columns);
        }

        (costs[Columns], duties[Columns]) = (cost, itsDuties);
        blocks[agent].Add(Columns);
        if (wanted.Length < blocks[agent].Count)
            Array.Resize(ref wanted, 2 * wanted.Length);
        foreach (var iterate in new[] { now, next, mean, start })
            iterate.Grow(costs.Length);
        now.Primal[Columns++] = primal;
    }

    /// <summary>Where the solution of a problem much like this one was.</summary>
    /// <param name="primal">By column; null when nothing is known of it.</param>
    public void Begin(ReadOnlySpan<double> duals, Func<int, double>? primal)
    {
        duals.CopyTo(now.Duals);
        foreach (var block in primal is null ? [] : blocks)
        {
            var sum = block.Sum(primal!);
            foreach (var j in block)
                now.Primal[j] = sum > 0 ? primal!(j) / sum : 1.0 / block.Count;
        }
    }

    /// <param name="enough">How much more than the best combination the answer may cost.</param>
    /// <returns>What the combination costs; null when there was no time to find it.</returns>
    public double? Solve(double enough, Func<bool> goesOn)
    {
        if (balance == 0)
            balance = usualBalance;
        Count(now);
        start.Take(now);
        var (all, since, weights, last) = (0, 0, 0.0, double.PositiveInfinity);
        while (goesOn())
        {
            for (var i = 0; i < StepsToLook; i++)
            {
                Step();
                weights += step;
                mean.Approach(now, step / weights);
            }

            (all, since) = (all + StepsToLook, since + StepsToLook);
            Count(mean);
            var (here, there) = (Look(now), Look(mean));
            var (value, gap) = there.Gap < here.Gap ? there : here;
            var done = gap <= Math.Max(enough, Exactness * Math.Abs(value)) || all >= MostSteps;
            if (!done && gap >= Smaller * last && since <= Long * all)
                continue;

            if (there.Gap < here.Gap)
                now.Take(mean);
            var (primal, duals) = now.Distance(start);
            if (primal > 1e-9 && duals > 1e-9)
                balance = Math.Clamp(Math.Sqrt(balance * duals / primal), usualBalance / 10, usualBalance * 10);
            if (done)
                return value;

            start.Take(now);
            (since, weights, last) = (0, 0, gap);
        }

        return null;
    }

    /// <summary>The dual of each agent's convexity row: below what reduced cost a column is worth adding.</summary>
    public double[] ConvexityDuals()
    {
        rows.SumDuals(now.Duals);
        return [.. blocks.Select(block => block.Min(Reduced))];
    }

    /// <summary>Forgets columns of primal value zero that cost most at the duals reached, where an agent has many.</summary>
    /// <returns>The indices of those that are kept, which they have in order from now on; null when all are.</returns>
    public int[]? ForgetTheWorst()
    {
        if (!blocks.Any(b => b.Count > mostOfAnAgent))
            return null;

        rows.SumDuals(now.Duals);
        var kept = blocks.SelectMany(b => b.Count <= mostOfAnAgent ? b
            : b.OrderByDescending(j => now.Primal[j] > 1e-6).ThenBy(Reduced).Take((int)(Kept * mostOfAnAgent))).Order().ToArray();
        var agentOf = new int[Columns];
        for (var agent = 0; agent < blocks.Length; agent++)
        {
            foreach (var j in blocks[agent])
                agentOf[j] = agent;
            blocks[agent].Clear();
        }

        for (var i = 0; i < kept.Length; i++)
        {
            (costs[i], duties[i], now.Primal[i]) = (costs[kept[i]], duties[kept[i]], now.Primal[kept[i]]);
            blocks[agentOf[kept[i]]].Add(i);
        }

        Array.Clear(now.Primal, kept.Length, now.Primal.Length - kept.Length);
        Columns = kept.Length;
        return kept;
    }

    // Primal values against the duals, then duals against where the primal values would go next; shorter where that does not hold.
    private void Step()
    {
        while (true)
        {
            steps++;
            rows.SumDuals(now.Duals);
            var primal = MovePrimal(step / balance);
            Count(next);
            var (duals, together) = rows.MoveDuals(now, next, step * balance);

            var longest = Math.Abs(together) < 1e-12 ? double.PositiveInfinity
                : 0.5 * (balance * primal + duals / balance) / Math.Abs(together);
            var holds = step <= longest;
            step = Math.Min((1 - Math.Pow(steps + 1, -0.3)) * longest, (1 + Math.Pow(steps + 1, -0.6)) * step);
            if (!holds)
                continue;
            (now, next) = (next, now);
            return;
        }
    }

    private double MovePrimal(double length)
    {
        var distance = 0.0;
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Count; i++)
                wanted[i] = now.Primal[block[i]] - length * Reduced(block[i]);
            var level = Level(wanted.AsSpan(0, block.Count));
            for (var i = 0; i < block.Count; i++)
            {
                var value = Math.Max(0, wanted[i] - level);
                distance += (value - now.Primal[block[i]]) * (value - now.Primal[block[i]]);
                next.Primal[block[i]] = value;
            }
        }

        return distance;
    }

    // What is taken from each so that those left above nothing add up to one: the nearest point of the simplex (Michelot 1986).
    private static double Level(ReadOnlySpan<double> values)
    {
        var level = double.NegativeInfinity;
        while (true)
        {
            var (sum, count) = (0.0, 0);
            foreach (var value in values)
                if (value > level)
                    (sum, count) = (sum + value, count + 1);
            var raised = (sum - 1) / count;
            if (raised <= level + 1e-12)
                return raised;
            level = raised;
        }
    }

    private double Reduced(int column)
    {
        var value = costs[column];
        foreach (var duty in duties[column])
            value -= rows.DutyDuals[duty];
        return value;
    }

    private void Count(LpIterate iterate)
    {
        rows.Clear();
        for (var j = 0; j < Columns; j++)
            if (iterate.Primal[j] is not 0 and var value)
                foreach (var duty in duties[j])
                    rows.Working[duty] += value;
        rows.Count(iterate.Staff);
    }

    private (double Value, double Gap) Look(LpIterate iterate)
    {
        var (value, bound) = rows.Look(iterate);
        for (var j = 0; j < Columns; j++)
            value += iterate.Primal[j] * costs[j];
        rows.SumDuals(iterate.Duals);
        return (value, value - bound - blocks.Sum(b => b.Min(Reduced)));
    }
}

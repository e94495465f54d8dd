namespace CallCenter.Planning.Tours;

/// <summary>
/// Solved by the primal-dual hybrid gradient method (Chambolle and Pock 2011): primal values and duals move against each other. Averaged,
/// restarted, and with steps as long as they hold (Applegate et al. 2021). As exact as is asked for; a step costs one look at each
/// tour, however many periods there are, and goes on from where the last solution ended.
/// </summary>
internal sealed class PrimalDualMaster : TourMaster
{
    private const double Exactness = 1e-5;
    private const int StepsToLook = 20;
    private const int MostSteps = 600;
    private const int MostOfAnAgent = 40;
    private const int KeptOfAnAgent = 25;

    // A restart comes when the gap has become so much smaller, or when this part of all steps was made since the last.
    private const double Smaller = 0.4;
    private const double Long = 0.3;

    private readonly int[] agents;
    private readonly Dictionary<int, int> blockOf;
    private readonly List<int>[] blocks;
    private readonly PeriodCosts periods;
    private readonly double[] wanted = new double[MostOfAnAgent + 2];
    private readonly double usualBalance;
    private double[] costs = new double[64];
    private int[][] duties = new int[64][];
    private LpIterate now;
    private LpIterate next;
    private LpIterate mean;
    private LpIterate start;
    private double balance;
    private double step;
    private long steps;

    public PrimalDualMaster(TourProblem problem, IReadOnlyCollection<TourColumn> start, ReadOnlySpan<int> staff)
    {
        agents = [.. start.Select(c => c.Agent)];
        blockOf = agents.Select((a, i) => (a, i)).ToDictionary(p => p.a, p => p.i);
        blocks = [.. agents.Select(_ => new List<int>())];
        periods = new(problem, staff);
        (now, next, mean, this.start) = (new(staff.Length), new(staff.Length), new(staff.Length), new(staff.Length));
        foreach (var column in start)
            Add(column);
        Array.Fill(now.Primal, 1, 0, start.Count);

        // How far duals have to go for each length that primal values have to go.
        var dearest = problem.Needs.Select(n => Math.Max(n.Under, n.Over)).DefaultIfEmpty(0).Max();
        usualBalance = balance = Math.Max(1, dearest) * Math.Sqrt(Math.Max(1, problem.Needs.Length) / (double)start.Count) / 3;
        step = 1 / Math.Sqrt(start.Count);
    }

    public override bool IsExact => false;

    public override IReadOnlyList<int> Agents => agents;

    public override void Begin(double[] duals, IReadOnlyDictionary<TourColumn, double>? primal)
    {
        duals.CopyTo(now.Duals, 0);
        foreach (var block in primal is null ? [] : blocks)
        {
            var sum = block.Sum(j => primal![Columns[j]]);
            foreach (var j in block)
                now.Primal[j] = sum > 0 ? primal![Columns[j]] / sum : 1.0 / block.Count;
        }
    }

    public override double? Solve(double enough, Func<bool> goesOn)
    {
        ForgetTheWorst();
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

    public override void PeriodDuals(double[] duals) => now.Duals.CopyTo(duals, 0);

    public override double ConvexityDual(int agent)
    {
        periods.SumDuals(now.Duals);
        return blocks[blockOf[agent]].Min(Reduced);
    }

    public override double PrimalValue(int column) => now.Primal[column];

    protected override void Enter(TourColumn column)
    {
        var at = Columns.Count - 1;
        if (at == costs.Length)
        {
            Array.Resize(ref costs, 2 * at);
            Array.Resize(ref duties, 2 * at);
        }

        (costs[at], duties[at]) = (column.Cost, periods.Duties(column.Tour));
        blocks[blockOf[column.Agent]].Add(at);
        foreach (var iterate in new[] { now, next, mean, start })
            iterate.Grow(costs.Length);
    }

    // Tours of primal value zero that cost most at the duals reached.
    private void ForgetTheWorst()
    {
        if (!blocks.Any(b => b.Count > MostOfAnAgent))
            return;

        periods.SumDuals(now.Duals);
        var kept = blocks.SelectMany(b => b.Count <= MostOfAnAgent ? b
            : b.OrderByDescending(j => now.Primal[j] > 1e-6).ThenBy(Reduced).Take(KeptOfAnAgent)).Order().ToArray();
        Keep(kept);
        foreach (var block in blocks)
            block.Clear();
        for (var i = 0; i < kept.Length; i++)
        {
            (costs[i], duties[i], now.Primal[i]) = (costs[kept[i]], duties[kept[i]], now.Primal[kept[i]]);
            blocks[blockOf[Columns[i].Agent]].Add(i);
        }

        Array.Clear(now.Primal, kept.Length, now.Primal.Length - kept.Length);
    }

    // Primal values against the duals, then duals against where the primal values would go next; shorter where that does not hold.
    private void Step()
    {
        while (true)
        {
            steps++;
            periods.SumDuals(now.Duals);
            var primal = MovePrimal(step / balance);
            Count(next);
            var (duals, together) = periods.MoveDuals(now, next, step * balance);

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
            value -= periods.DutyDuals[duty];
        return value;
    }

    private void Count(LpIterate iterate)
    {
        periods.Clear();
        for (var j = 0; j < Columns.Count; j++)
            if (iterate.Primal[j] is not 0 and var value)
                foreach (var duty in duties[j])
                    periods.Working[duty] += value;
        periods.Count(iterate.Staff);
    }

    private (double Value, double Gap) Look(LpIterate iterate)
    {
        var (value, bound) = periods.Look(iterate);
        for (var j = 0; j < Columns.Count; j++)
            value += iterate.Primal[j] * costs[j];
        periods.SumDuals(iterate.Duals);
        return (value, value - bound - blocks.Sum(b => b.Min(Reduced)));
    }
}

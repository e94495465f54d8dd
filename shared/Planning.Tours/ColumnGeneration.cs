namespace CallCenter.Planning.Tours;

/// <summary>
/// Adds tours to a restricted master problem until none would better it. The duals at which tours are sought lie between the
/// last ones and those of the best bound so far (Wentges 1997), since the last ones swing widely.
/// </summary>
internal sealed class ColumnGeneration
{
    private const double Smoothing = 0.5;
    private const double Enough = 1e-4;

    // Of the gap between primal value and bound, what a solution may leave to be found; less and less where no tour is found with it.
    private const double Inexact = 0.1;
    private const double LeastInexact = 1e-3;

    private readonly TourRun run;
    private readonly TourProblem problem;
    private readonly TourPath[] paths;
    private readonly TourColumns pool;
    private readonly TourLabels labels = new();
    private readonly float[] cost;
    private readonly double[] sums;
    private readonly double[] convexityDuals;
    private readonly double[] last;
    private readonly double[] smooth;
    private readonly int[] tour;
    private TourMaster? of;

    public ColumnGeneration(TourRun run)
    {
        (this.run, problem, paths, pool) = (run, run.Problem, run.State.Paths, run.Pool);
        var periods = run.State.Cover.Periods;
        cost = new float[problem.Days * problem.Shifts.Length];
        tour = new int[problem.Days];
        convexityDuals = new double[paths.Length];
        (sums, last, smooth, Duals) = (new double[periods + 1], new double[periods], new double[periods], new double[periods]);
    }

    /// <summary>What no roster can be cheaper than, as far as it is known.</summary>
    public double Bound { get; private set; }

    /// <summary>The dual of each period, at the best bound.</summary>
    public double[] Duals { get; private set; }

    public double Value { get; private set; }

    /// <param name="staff">Who is at work besides the master's agents.</param>
    /// <param name="exactness">Part of the value that the bound may be below it.</param>
    /// <param name="hopeless">Ends as soon as no roster can be cheaper than this.</param>
    /// <returns>Whether no tour is missing; the limits end it otherwise.</returns>
    public bool Run(TourMaster master, ReadOnlySpan<int> staff, double hopeless, int maxRounds, double until, double exactness)
    {
        // Duals of another master say nothing; those of this one are gone on from.
        if (!ReferenceEquals(master, of))
            (Bound, Value) = (double.NegativeInfinity, double.PositiveInfinity);
        of = master;
        var inexact = Inexact;
        for (var round = 0; round < maxRounds && run.Used < until; round++)
        {
            if (master.Solve(inexact * (Value - Bound), () => run.Used < until) is not { } value)
                return false;

            run.Count();
            Value = value;
            master.PeriodDuals(last);
            master.ConvexityDuals(convexityDuals);
            var added = 0;
            foreach (var weight in double.IsNegativeInfinity(Bound) ? [0.0] : new[] { Smoothing, 0.0 })
            {
                for (var at = 0; at < last.Length; at++)
                    smooth[at] = weight * Duals[at] + (1 - weight) * last[at];
                added = PriceColumns(master, staff);
                if (added > 0)
                    break;
            }

            if (Value - Bound < Math.Max(Enough, exactness * Math.Abs(Value)) || Bound > hopeless)
                return true;
            if (added == 0 && (master.IsExact || inexact < LeastInexact))
                return true;
            if (added == 0)
                inexact /= 5;
        }

        return false;
    }

    /// <summary>What tours would cost beyond the cheapest combination, at the duals of the best bound; the cheapest first.</summary>
    public List<(TourColumn Column, double Reduced)> ByReducedCost(IEnumerable<TourColumn> columns)
    {
        Sum(Duals);
        return [.. columns.Select(c => (Column: c, Reduced: Reduced(c.Agent, c.Tour))).OrderBy(c => c.Reduced)];
    }

    private double Reduced(int agent, ReadOnlySpan<int> of)
    {
        double reduced = paths[agent].Graph.Refused;
        for (var day = 0; day < of.Length; day++)
            if (of[day] >= 0)
                reduced += Of(paths[agent].Graph, day, of[day]);
        return reduced;
    }

    private int PriceColumns(TourMaster master, ReadOnlySpan<int> staff)
    {
        var bound = 0.0;
        foreach (var need in problem.Needs)
            bound += (need.Required - staff[need.Day * problem.Periods + need.Period]) * smooth[need.Day * problem.Periods + need.Period];

        var added = 0;
        foreach (var agent in master.Agents)
        {
            Sum(smooth);
            Fill(paths[agent].Graph);
            paths[agent].Cheapest(cost, labels, tour);
            bound += paths[agent].LeastPossible + paths[agent].Graph.Refused;

            Sum(last);
            if (Reduced(agent, tour) - convexityDuals[agent] < -Enough && master.Add(pool.Add(agent, tour)))
                added++;
        }

        if (bound > Bound)
        {
            Bound = bound;
            smooth.CopyTo(Duals, 0);
        }

        return added;
    }

    private void Sum(double[] duals)
    {
        for (var at = 0; at < duals.Length; at++)
            sums[at + 1] = sums[at] - duals[at];
    }

    private void Fill(AgentGraph graph)
    {
        Array.Fill(cost, float.PositiveInfinity);
        foreach (var shift in graph.Shifts)
            for (var day = 0; day < problem.Days; day++)
                if (graph.Allows(day, shift))
                    cost[day * problem.Shifts.Length + shift] = (float)Of(graph, day, shift);
    }

    private double Of(AgentGraph graph, int day, int shift)
    {
        double sum = graph.Preference[day * problem.Shifts.Length + shift];
        foreach (var span in problem.Shifts[shift].Work)
            sum += sums[day * problem.Periods + span.To] - sums[day * problem.Periods + span.From];
        return sum;
    }
}

namespace CallCenter.Planning.Rostering;

/// <summary>Days that an agent may be given.</summary>
/// <param name="Cost">Whatever the others work: with the price of unpopular shifts.</param>
internal sealed record RosterColumn(int Agent, AgentPlan Plan, double Cost, int[] Duties);

/// <summary>
/// A linear programme over the days of some agents, and the generation of its columns: days are added until none would better the
/// combination. The duals at which days are sought lie between the last ones and those of the best bound so far (Wentges 1997), since
/// the last ones swing widely. Days are sought for two agents at a time.
/// </summary>
internal sealed class RosterColumns
{
    private const double Smoothing = 0.5;
    private const double Enough = 1e-3;
    private const int MostOfAnAgent = 160;

    // Of the gap between primal value and bound, what a solution may leave to be found; less and less where no column is found with it.
    private const double Inexact = 0.1;
    private const double LeastInexact = 1e-3;

    private readonly RosterRun run;
    private readonly int[] agents;
    private readonly double[] fairness;
    private readonly DaySpan span;
    private readonly RosterRows rows;
    private readonly RosterDuties duties;
    private readonly PrimalDual solver;
    private readonly List<RosterColumn> columns = [];
    private readonly double[] smooth;
    private readonly double[] prices;
    private readonly double[] duals;
    private readonly AgentPlan[] found;
    private readonly bool[] isBest;
    private readonly ShiftCandidate?[][] around;

    /// <param name="agents">Who have no days of the span in the roster at hand: the others' cover is counted, and that of their days
    /// outside it.</param>
    /// <param name="fairness">Price of an unpopular shift, by agent.</param>
    public RosterColumns(RosterRun run, int[] agents, double[] fairness, CoverCost cover, DaySpan span)
    {
        (this.run, this.agents, this.fairness, this.span) = (run, agents, fairness, span);
        var ofSpan = cover.RowsOf(span);
        duties = new(cover, span, ofSpan);
        rows = new(cover, ofSpan, duties);
        Elsewhere = cover.Total - ofSpan.Sum(cover.CostOf);
        solver = new(rows, agents.Length, MostOfAnAgent);
        (smooth, duals, prices) = (new double[rows.Rows], new double[rows.Rows], new double[cover.Rows]);
        (found, isBest) = (new AgentPlan[agents.Length], new bool[agents.Length]);
        around = [.. agents.Select(a => run.State.Plans[a]?.Days ?? [])];
    }

    /// <summary>What cover outside the span costs, which is counted in no value.</summary>
    public double Elsewhere { get; }

    /// <summary>What no combination can be cheaper than, as far as it is known.</summary>
    public double Bound { get; private set; } = double.NegativeInfinity;

    public double Value { get; private set; } = double.PositiveInfinity;

    public IReadOnlyList<RosterColumn> Columns => columns;

    public double PrimalValue(int column) => solver.PrimalValue(column);

    /// <param name="primal">How much of it the combination has to begin with.</param>
    public void Add(int agent, AgentPlan plan, double primal = 0)
    {
        var index = Array.IndexOf(agents, agent);
        found[index] = plan;
        Add(index, Column(agent, plan), primal);
    }

    private void Add(int index, RosterColumn column, double primal)
    {
        columns.Add(column);
        solver.Add(index, column.Cost, column.Duties, primal);
    }

    private RosterColumn Column(int agent, AgentPlan plan) =>
        new(agent, plan, plan.OwnCost + fairness[agent] * plan.Unpopular, duties.Of(plan));

    /// <summary>Begins with the duals at the best bound of another programme, which has all the rows of this one.</summary>
    public void Begin(RosterColumns other, IReadOnlyDictionary<RosterColumn, double>? primal)
    {
        other.rows.Spread(other.duals, prices);
        Begin(prices, primal);
    }

    /// <param name="prices">Of all rows of the need.</param>
    public void Begin(ReadOnlySpan<double> prices, IReadOnlyDictionary<RosterColumn, double>? primal) =>
        solver.Begin(rows.Gather(prices), primal is null ? null : j => primal[columns[j]]);

    /// <param name="exactness">What the value may be above the bound, which is given.</param>
    /// <param name="hopeless">Ends as soon as no combination can be cheaper than this.</param>
    /// <returns>Whether nothing is missing; the limits end it otherwise.</returns>
    public bool Generate(double hopeless, int maxRounds, double until, Func<double, double> exactness)
    {
        var inexact = Inexact;
        for (var round = 0; round < maxRounds && run.Used < until; round++)
        {
            if (solver.ForgetTheWorst() is { } kept)
            {
                RosterColumn[] left = [.. kept.Select(j => columns[j])];
                columns.Clear();
                columns.AddRange(left);
            }

            if (solver.Solve(inexact * (Value - Bound), () => run.Used < until) is not { } value)
                return false;

            run.Count();
            Value = value;
            var added = 0;
            foreach (var weight in double.IsNegativeInfinity(Bound) ? [0.0] : new[] { Smoothing, 0.0 })
            {
                for (var at = 0; at < smooth.Length; at++)
                    smooth[at] = weight * duals[at] + (1 - weight) * solver.Duals[at];
                added = Price();
                if (added > 0)
                    break;
            }

            if (Value - Bound < Math.Max(Enough, exactness(Bound)) || Bound > hopeless)
                return true;
            if (added == 0 && inexact < LeastInexact)
                return true;
            if (added == 0)
                inexact /= 5;
        }

        return false;
    }

    /// <summary>What days cost beyond the cheapest combination, at the duals of the best bound; the cheapest first.</summary>
    public List<(RosterColumn Column, double Reduced)> ByReducedCost(IEnumerable<RosterColumn> of) =>
        [.. of.Select(c => (Column: c, Reduced: Reduced(c, duals))).OrderBy(c => c.Reduced)];

    private double Reduced(RosterColumn column, double[] duals)
    {
        var reduced = column.Cost;
        foreach (var duty in column.Duties)
            foreach (var (row, share) in duties[duty])
                reduced -= share * duals[row];
        return reduced;
    }

    private int Price()
    {
        rows.Spread(smooth, prices);
        run.Seek(agents, (planner, gain, best, i) =>
        {
            var agent = agents[i];
            run.State.Gains(agent, span, prices, gain, best);
            // Days that only a decision allows have none better.
            found[i] = planner.Best(run.State.Problem.Agents[agent], run.State.Lattices[agent], span, around[i], gain, best,
                fairness[agent], [0]) ?? found[i];
            isBest[i] = planner.IsExact;
        });

        RosterColumn[] best = [.. agents.Select((agent, i) => Column(agent, found[i]))];
        var (bound, added, convexity) = (rows.Bound(smooth) + best.Sum(c => Reduced(c, smooth)), 0, solver.ConvexityDuals());
        if (bound > Bound && Array.TrueForAll(isBest, best => best))
        {
            Bound = bound;
            smooth.CopyTo(duals, 0);
        }

        for (var i = 0; i < agents.Length; i++)
        {
            if (Reduced(best[i], solver.Duals) - convexity[i] >= -Enough)
                continue;
            Add(i, best[i], 0);
            added++;
        }

        return added;
    }
}

using CallCenter.Planning.Rostering;

namespace CallCenter.Planning.Tours;

/// <summary>Solved as exactly as is asked for, by <see cref="PrimalDual"/>.</summary>
internal sealed class PrimalDualMaster : TourMaster
{
    private readonly int[] agents;
    private readonly Dictionary<int, int> indexOf;
    private readonly PeriodCosts periods;
    private readonly PrimalDual solver;
    private readonly int first;

    public PrimalDualMaster(TourProblem problem, IReadOnlyCollection<TourColumn> start, ReadOnlySpan<int> staff)
    {
        agents = [.. start.Select(c => c.Agent)];
        indexOf = agents.Select((a, i) => (a, i)).ToDictionary(p => p.a, p => p.i);
        periods = new(problem, staff);
        solver = new(periods, agents.Length);
        first = agents.Length;
        foreach (var column in start)
            Add(column);
    }

    public override bool IsExact => false;

    public override IReadOnlyList<int> Agents => agents;

    public override void Begin(double[] duals, IReadOnlyDictionary<TourColumn, double>? primal) =>
        solver.Begin(duals, primal is null ? null : j => primal[Columns[j]]);

    public override double? Solve(double enough, Func<bool> goesOn)
    {
        if (solver.ForgetTheWorst() is { } kept)
            Keep(kept);
        return solver.Solve(enough, goesOn);
    }

    public override void PeriodDuals(double[] duals) => solver.Duals.CopyTo(duals, 0);

    public override void ConvexityDuals(double[] byAgent)
    {
        foreach (var (dual, i) in solver.ConvexityDuals().Select((d, i) => (d, i)))
            byAgent[agents[i]] = dual;
    }

    public override double PrimalValue(int column) => solver.PrimalValue(column);

    protected override void Enter(TourColumn column) =>
        solver.Add(indexOf[column.Agent], column.Cost, periods.Duties(column.Tour), Columns.Count <= first ? 1 : 0);
}

namespace CallCenter.Planning.Tours;

/// <summary>Answers whether an agent has a tour.</summary>
internal sealed class TourFeasibility(TourProblem problem, CancellationToken cancellation)
{
    private const int ManyLevels = 10_000;
    private readonly ShiftKinds kinds = new(problem);
    private readonly TourLabels labels = new();

    public bool For(BoundAgent bound)
    {
        cancellation.ThrowIfCancellationRequested();
        var changed = bound.Shifts != problem.Shifts;
        var now = changed ? problem with { Shifts = bound.Shifts } : problem;
        if (changed && !ShiftKinds.Supported(now))
            return false;

        var path = new TourPath(new AgentGraph(now, changed ? new ShiftKinds(now) : kinds, bound.Agent with { Requests = [] }), ManyLevels);

        var cost = new float[now.Days * now.Shifts.Length];
        for (var i = 0; i < cost.Length; i++)
            cost[i] = path.Graph.Allows(i / now.Shifts.Length, i % now.Shifts.Length) ? 0 : float.PositiveInfinity;
        return !float.IsPositiveInfinity(path.Cheapest(cost, labels, new int[now.Days]));
    }
}

namespace CallCenter.Planning.Rostering.Tours;

/// <summary>Answers whether an agent has a tour, and which rules are to blame when not.</summary>
internal sealed class ConflictFilter(TourProblem problem, CancellationToken cancellation)
{
    private const int ManyLevels = 10_000;
    private readonly ShiftKinds kinds = new(problem);
    private readonly TourLabels labels = new();

    public bool HasTour(BoundAgent bound)
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

    /// <summary>Rules of which none can be left out of the conflict (deletion filter). Forbidden sequences are to blame only when nothing else is enough.</summary>
    public List<BindingRule> Irreducible(BoundAgent bound)
    {
        var (kept, rest) = (new List<BindingRule>(), bound);
        foreach (var rule in BindingRule.OwnOf(problem, bound.Agent).Prepend(BindingRule.Sequences))
        {
            if (HasTour(rule.Without(rest)))
                kept.Add(rule);
            else
                rest = rule.Without(rest);
        }

        return kept;
    }
}

using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering.Tours;

/// <summary>
/// The least change that gives an agent a tour. It must ease a rule of every irreducible conflict; what is left without that rule has
/// a conflict of its own, from which a second rule must come. So only such pairs are tried (as in the search for hitting sets, Reiter 1987).
/// </summary>
/// <param name="late">Ends the search with the best found so far.</param>
internal sealed class CheapestRelaxation(ConflictFilter filter, Func<bool> late)
{
    private sealed record Change(int Steps, ImmutableArray<TourRelaxation> Relaxations);

    /// <param name="conflict">An irreducible one.</param>
    /// <returns>One change or two; empty when two rules are not enough, or when it was too late.</returns>
    public ImmutableArray<TourRelaxation> Of(BoundAgent bound, List<BindingRule> conflict)
    {
        // What the agent's own rules can do comes before the shifts' sequences, which are everybody's.
        var rules = Parts(bound, conflict);
        var least = Least(rules.Select(rule => Single(bound, rule))) ?? Least(rules.SelectMany(rule => Seconds(bound, rule)));
        return least?.Relaxations ?? [];
    }

    private IEnumerable<Change?> Seconds(BoundAgent bound, BindingRule first)
    {
        if (late())
            return [];

        var rest = first.Without(bound);
        return Parts(rest, filter.Irreducible(rest)).Where(second => !late() && filter.HasTour(second.Without(rest)))
            .Select(second => Pair(bound, first, second));
    }

    private Change? Single(BoundAgent bound, BindingRule rule) => late() ? null : rule.Eased(bound)
        .Select((eased, steps) => (eased.Bound, Change: new Change(steps + 1, [eased.Change])))
        .FirstOrDefault(e => filter.HasTour(e.Bound)).Change;

    // The more the first rule is eased, the less the second has to be: one walk along the edge finds the least sum.
    private Change? Pair(BoundAgent bound, BindingRule first, BindingRule second)
    {
        var (best, most) = ((Change?)null, second.Eased(bound).Count());
        foreach (var (eased, steps) in first.Eased(bound).Select((e, i) => (e, i + 1)))
        {
            var seconds = second.Eased(eased.Bound).Take(most).ToList();
            for (; most > 0 && !late() && filter.HasTour(seconds[most - 1].Bound); most--)
                if (best is null || steps + most < best.Steps)
                    best = new(steps + most, [eased.Change, seconds[most - 1].Change]);
        }

        return best;
    }

    private static List<BindingRule> Parts(BoundAgent bound, List<BindingRule> rules) =>
        [.. rules.SelectMany(rule => rule.Parts(bound)).OrderBy(rule => rule.Name == BindingRule.Sequence)];

    private static Change? Least(IEnumerable<Change?> changes) => changes.Where(c => c is not null).MinBy(c => c!.Steps);
}

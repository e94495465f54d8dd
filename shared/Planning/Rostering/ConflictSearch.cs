using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>Which rules leave an agent no days, and the least that would have to give way.</summary>
/// <param name="hasDays">Whether there are days that keep every rule.</param>
/// <param name="rulesOf">All that tie the agent; those to be blamed least first.</param>
/// <param name="late">Ends the search for the least change with the best found so far.</param>
internal sealed class ConflictSearch<TBound>(
    Func<TBound, bool> hasDays, Func<TBound, IEnumerable<BindingRule<TBound>>> rulesOf, Func<bool> late)
{
    private sealed record Change(int Steps, ImmutableArray<Relaxation> Relaxations);

    /// <summary>Rules of which none can be left out of the conflict (deletion filter, Chinneck and Dravnieks 1991).</summary>
    public List<BindingRule<TBound>> Irreducible(TBound bound)
    {
        var (kept, rest) = (new List<BindingRule<TBound>>(), bound);
        foreach (var rule in rulesOf(bound))
        {
            if (hasDays(rule.Without(rest)))
                kept.Add(rule);
            else
                rest = rule.Without(rest);
        }

        return kept;
    }

    /// <summary>
    /// The least change that gives the agent days. It must ease a rule of every irreducible conflict; what is left without that rule has
    /// a conflict of its own, from which a second rule must come. So only such pairs are tried (as in the search for hitting sets, Reiter
    /// 1987).
    /// </summary>
    /// <param name="conflict">An irreducible one.</param>
    /// <returns>One change or two; empty when two rules are not enough, or when it was too late.</returns>
    public ImmutableArray<Relaxation> Cheapest(TBound bound, List<BindingRule<TBound>> conflict)
    {
        // What the agent's own rules can do comes before the shifts' sequences, which are everybody's.
        var rules = Parts(bound, conflict);
        var least = Least(rules.Select(rule => Single(bound, rule))) ?? Least(rules.SelectMany(rule => Seconds(bound, rule)));
        return least?.Relaxations ?? [];
    }

    private IEnumerable<Change?> Seconds(TBound bound, BindingRule<TBound> first)
    {
        if (late())
            return [];

        var rest = first.Without(bound);
        return Parts(rest, Irreducible(rest)).Where(second => !late() && hasDays(second.Without(rest)))
            .Select(second => Pair(bound, first, second));
    }

    private Change? Single(TBound bound, BindingRule<TBound> rule) => late() ? null : rule.Eased(bound)
        .Select((eased, steps) => (eased.Bound, Change: new Change(steps + 1, [eased.Change])))
        .FirstOrDefault(e => hasDays(e.Bound)).Change;

    // The more the first rule is eased, the less the second has to be: one walk along the edge finds the least sum.
    private Change? Pair(TBound bound, BindingRule<TBound> first, BindingRule<TBound> second)
    {
        var (best, most) = ((Change?)null, second.Eased(bound).Count());
        foreach (var (eased, steps) in first.Eased(bound).Select((e, i) => (e, i + 1)))
        {
            var seconds = second.Eased(eased.Bound).Take(most).ToList();
            for (; most > 0 && !late() && hasDays(seconds[most - 1].Bound); most--)
                if (best is null || steps + most < best.Steps)
                    best = new(steps + most, [eased.Change, seconds[most - 1].Change]);
        }

        return best;
    }

    private static List<BindingRule<TBound>> Parts(TBound bound, List<BindingRule<TBound>> rules) =>
        [.. rules.SelectMany(rule => rule.Parts(bound)).OrderBy(rule => rule.Name == BindingRule<TBound>.Sequence)];

    private static Change? Least(IEnumerable<Change?> changes) => changes.Where(c => c is not null).MinBy(c => c!.Steps);
}

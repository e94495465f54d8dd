using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering.Tours;

/// <param name="Rule">Code as the checker's.</param>
/// <param name="From">The rule's number; for a day off or a locked day, its day; for a forbidden sequence 0, as it is never allowed.</param>
/// <param name="To">What it would have to be; null when the rule has to be dropped.</param>
/// <param name="Shifts">Codes of the shifts that a limit counts, or that a forbidden sequence keeps apart, in their order; otherwise empty.</param>
public sealed record TourRelaxation(string Rule, int From, int? To, string Shifts = "");

/// <summary>An agent and the shifts with their forbidden sequences: all that decides whether there is a tour.</summary>
internal sealed record BoundAgent(TourAgent Agent, ImmutableArray<TourShift> Shifts)
{
    public BoundAgent With(TourRules rules) => this with { Agent = Agent with { Rules = rules } };
}

/// <param name="Eased">Step by step, each with the change that it is.</param>
internal sealed record BindingRule(
    string Name, Func<BoundAgent, BoundAgent> Without, Func<BoundAgent, IEnumerable<(BoundAgent Bound, TourRelaxation Change)>> Eased)
{
    public const string Sequence = "forbidden-sequence";

    /// <summary>All forbidden sequences as one rule.</summary>
    public static readonly BindingRule Sequences = new(
        Sequence, b => b with { Shifts = [.. b.Shifts.Select(s => s with { NotBefore = [] })] }, b => EachSequence(b).SelectMany(rule => rule.Eased(b)));

    /// <summary>The agent's own rules. One step of easing is a day, a weekend, or a shift's minutes.</summary>
    public static IEnumerable<BindingRule> OwnOf(TourProblem problem, TourAgent of)
    {
        var days = problem.Days;
        var step = problem.Shifts.Min(s => Math.Max(1, s.Minutes));
        foreach (var locked in of.Locked)
            yield return Dropped(new("locked-day", locked.Day, null), b => b with { Agent = b.Agent with { Locked = b.Agent.Locked.Remove(locked) } });
        foreach (var day in of.DaysOff)
            yield return Dropped(new("day-off", day, null), b => b with { Agent = b.Agent with { DaysOff = b.Agent.DaysOff.Remove(day) } });
        foreach (var limit in of.Rules.Limits)
            yield return new("shift-limit", b => b.With(b.Agent.Rules with { Limits = b.Agent.Rules.Limits.Remove(limit) }),
                b => Enumerable.Range(limit.Most + 1, Math.Max(0, days - limit.Most)).Select(most =>
                    (b.With(b.Agent.Rules with { Limits = b.Agent.Rules.Limits.Replace(limit, limit with { Most = most }) }),
                        new TourRelaxation("shift-limit", limit.Most, most, string.Join(", ", limit.Shifts.Select(s => problem.Shifts[s].Code))))));
        yield return Number("too-few-days-in-row", of.Rules.MinDaysInRow, 1, -1, (r, n) => r with { MinDaysInRow = n });
        yield return Number("too-few-days-off", of.Rules.MinDaysOffInRow, 1, -1, (r, n) => r with { MinDaysOffInRow = n });
        yield return Number("too-many-weekends", of.Rules.MaxWeekends, days, 1, (r, n) => r with { MaxWeekends = n });
        // Days worked before the horizon count too.
        yield return Number("too-many-days-in-row", of.Rules.MaxDaysInRow, days + (of.Tail?.DaysInRow ?? 0), 1, (r, n) => r with { MaxDaysInRow = n });
        yield return Number("too-many-minutes", of.Rules.MaxMinutes, days * problem.Shifts.Max(s => s.Minutes), step, (r, n) => r with { MaxMinutes = n });
        yield return Number("too-few-minutes", of.Rules.MinMinutes, 0, -step, (r, n) => r with { MinMinutes = n });
    }

    /// <summary>The rules that can be eased one by one: of the forbidden sequences, each.</summary>
    public IEnumerable<BindingRule> Parts(BoundAgent bound) => this == Sequences ? EachSequence(bound) : [this];

    private static IEnumerable<BindingRule> EachSequence(BoundAgent bound) =>
        from shift in Enumerable.Range(0, bound.Shifts.Length)
        from next in bound.Shifts[shift].NotBefore
        select Dropped(new(Sequence, 0, null, $"{bound.Shifts[shift].Code}, {bound.Shifts[next].Code}"), b => b with
        {
            Shifts = b.Shifts.SetItem(shift, b.Shifts[shift] with { NotBefore = b.Shifts[shift].NotBefore.Remove(next) }),
        });

    private static BindingRule Dropped(TourRelaxation change, Func<BoundAgent, BoundAgent> without) => new(change.Rule, without, b => [(without(b), change)]);

    private static BindingRule Number(string name, int now, int none, int by, Func<TourRules, int, TourRules> set) => new(
        name, b => b.With(set(b.Agent.Rules, none)),
        b => Enumerable.Range(1, Math.Max(0, (none - now + by - Math.Sign(by)) / by)).Select(i => by > 0 ? Math.Min(none, now + i * by) : Math.Max(none, now + i * by))
            .Select(to => (b.With(set(b.Agent.Rules, to)), new TourRelaxation(name, now, to))));
}

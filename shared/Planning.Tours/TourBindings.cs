using System.Collections.Immutable;
using Rule = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Tours.BoundAgent>;

namespace CallCenter.Planning.Tours;

/// <summary>An agent and the shifts with their forbidden sequences: all that decides whether there is a tour.</summary>
internal sealed record BoundAgent(TourAgent Agent, ImmutableArray<TourShift> Shifts);

/// <summary>The rules that tie an agent. One step of easing is a day, a weekend, or a shift's minutes.</summary>
internal static class TourBindings
{
    // All forbidden sequences as one rule: they are to blame only when nothing else is enough.
    private static readonly Rule Sequences = new(
        Rule.Sequence, b => b with { Shifts = [.. b.Shifts.Select(s => s with { NotBefore = [] })] }, b =>
            EachSequence(b).SelectMany(rule => rule.Eased(b)), EachSequence);

    public static IEnumerable<Rule> Of(TourProblem problem, BoundAgent bound)
    {
        var (of, days) = (bound.Agent, problem.Days);
        var step = problem.Shifts.Min(s => Math.Max(1, s.Minutes));

        yield return Sequences;
        foreach (var locked in of.Locked)
            yield return Rule.Dropped(new("locked-day", locked.Day, null), b =>
                b with { Agent = b.Agent with { Locked = b.Agent.Locked.Remove(locked) } });
        foreach (var day in of.DaysOff)
            yield return Rule.Dropped(new("day-off", day, null), b =>
                b with { Agent = b.Agent with { DaysOff = b.Agent.DaysOff.Remove(day) } });
        foreach (var limit in of.Rules.Limits)
            yield return Number("shift-limit", limit.Most, days, 1, (r, n) => r with
            {
                Limits = [.. r.Limits.Select(l => l.Shifts == limit.Shifts ? l with { Most = n } : l)],
            }, string.Join(", ", limit.Shifts.Select(s => problem.Shifts[s].Code)));
        yield return Number("too-few-days-in-row", of.Rules.MinDaysInRow, 1, -1, (r, n) => r with { MinDaysInRow = n });
        yield return Number("too-few-days-off", of.Rules.MinDaysOffInRow, 1, -1, (r, n) => r with { MinDaysOffInRow = n });
        yield return Number("too-many-weekends", of.Rules.MaxWeekends, days, 1, (r, n) => r with { MaxWeekends = n });
        // Days worked before the horizon count too.
        yield return Number("too-many-days-in-row", of.Rules.MaxDaysInRow, days + (of.Tail?.DaysInRow ?? 0), 1, (r, n) =>
            r with { MaxDaysInRow = n });
        yield return Number("too-many-minutes", of.Rules.MaxMinutes, days * problem.Shifts.Max(s => s.Minutes), step, (r, n) =>
            r with { MaxMinutes = n });
        yield return Number("too-few-minutes", of.Rules.MinMinutes, 0, -step, (r, n) => r with { MinMinutes = n });
    }

    private static IEnumerable<Rule> EachSequence(BoundAgent bound) =>
        from shift in Enumerable.Range(0, bound.Shifts.Length)
        from next in bound.Shifts[shift].NotBefore
        select Rule.Dropped(new(Rule.Sequence, 0, null, $"{bound.Shifts[shift].Code}, {bound.Shifts[next].Code}"), b => b with
        {
            Shifts = b.Shifts.SetItem(shift, b.Shifts[shift] with { NotBefore = b.Shifts[shift].NotBefore.Remove(next) }),
        });

    private static Rule Number(string name, int now, int none, int by, Func<TourRules, int, TourRules> set, string shifts = "") =>
        Rule.Number(name, now, none, by, (b, n) => b with { Agent = b.Agent with { Rules = set(b.Agent.Rules, n) } }, shifts);
}

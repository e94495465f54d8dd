using System.Collections.Immutable;
using Rule = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

/// <summary>An agent and the rules of everybody: all that decides whether the agent has days.</summary>
internal sealed record BoundInRoster(RosterProblem Problem, RosterAgent Agent);

/// <summary>Why there can be no roster, and the least change that would leave one.</summary>
public static class RosterConflicts
{
    /// <summary>Found before the search, so that an impossible question is answered at once.</summary>
    internal static ImmutableArray<RosterConflict> Before(RosterProblem problem)
    {
        if (problem.Agents.IsEmpty)
            return [new("no-agents", [], [], [])];

        if (problem.Shifts.IsEmpty)
            return [new("no-shifts", [], [], [])];

        // Each shift is asked for by itself: what remains forbidden then, no arrangement of days can mend.
        // Agents bound alike have the same answer: ten thousand of them are asked about once.
        var because = ImmutableArray.CreateBuilder<string>();
        foreach (var agent in problem.Agents.DistinctBy(Alike))
        {
            if (!agent.Locked.IsEmpty || AllowsAny(problem, agent, because))
                return [];
        }

        return [new("no-shift-allowed", [.. problem.Agents.Select(a => a.Id)], [.. because.Distinct().Order()], [])];
    }

    /// <summary>Of agents whom the rules leave no days: for those bound alike the rules of which none can be left out, and the least change.</summary>
    /// <param name="late">Ends the search: the first are named in any case, the others without their rules.</param>
    internal static ImmutableArray<RosterConflict> Of(RosterProblem problem, IEnumerable<RosterAgent> stuck, Func<bool> late, CancellationToken cancellation)
    {
        var search = new ConflictSearch<BoundInRoster>(HasDaysUnlessCancelled, Bindings, late);
        var conflicts = ImmutableArray.CreateBuilder<RosterConflict>();

        foreach (var alike in stuck.GroupBy(Alike))
        {
            var bound = new BoundInRoster(problem, alike.First());
            var rules = conflicts.Count > 0 && late() ? [] : search.Irreducible(bound);
            conflicts.Add(new("rules-in-conflict", [.. alike.Select(a => a.Id)], [.. rules.Select(r => r.Name).Distinct().Order()],
                rules.Count == 0 ? [] : search.Cheapest(bound, rules)));
        }

        return conflicts.DrainToImmutable();

        bool HasDaysUnlessCancelled(BoundInRoster bound)
        {
            cancellation.ThrowIfCancellationRequested();
            return HasDays(bound);
        }
    }

    /// <summary>The problem with each conflict's least change made: to the agents concerned, or for everybody where the rule is everybody's.</summary>
    public static RosterProblem Relaxed(RosterProblem problem, ImmutableArray<RosterConflict> conflicts)
    {
        foreach (var (change, id) in conflicts.SelectMany(c => c.Cheapest.SelectMany(change => c.Agents.Select(id => (change, id)))))
        {
            var bound = new BoundInRoster(problem, problem.Agents.Single(a => a.Id == id));
            // What is everybody's may be changed already, for another agent.
            var (rules, agent) = Bindings(bound).SelectMany(rule => rule.Eased(bound)).Where(e => e.Change == change).Select(e => e.Bound).FirstOrDefault(bound);
            problem = problem with { Rules = rules.Rules, Agents = [.. problem.Agents.Select(a => a.Id == id ? agent : a)] };
        }

        return problem;
    }

    /// <summary>One step of easing is a day, a weekend, a shift of a kind, or an hour. What a project may set is blamed before what an agent asked for.</summary>
    private static IEnumerable<Rule> Bindings(BoundInRoster bound)
    {
        var (problem, agent, rules) = (bound.Problem, bound.Agent, bound.Problem.Rules);
        var days = problem.Days;

        yield return new(Rule.Sequence, b => ByRules(b, b.Problem.Rules with { Forbidden = null }), b => EachSequence(b).SelectMany(rule => rule.Eased(b)), EachSequence);
        foreach (var blocked in agent.Unavailable.Where(b => !b.Waived))
            yield return Rule.Dropped(new(blocked.Rule, problem.DayOf(Math.Max(0, blocked.From)), null),
                b => b with { Agent = b.Agent with { Unavailable = b.Agent.Unavailable.Replace(blocked, blocked with { PaidMinutes = 0, Waived = true }) } });
        foreach (var locked in agent.Locked)
            yield return Rule.Dropped(new("locked-day", locked.Day, null), b => b with { Agent = b.Agent with { Locked = b.Agent.Locked.Remove(locked) } });
        if (agent.RestDays is { } rest)
        {
            yield return Rule.Number("too-few-rest-days", rest.Least, 0, -1, (b, n) => b with { Agent = b.Agent with { RestDays = b.Agent.RestDays! with { Least = n } } });
            yield return Rule.Number("too-many-rest-days", rest.Most, days, 1, (b, n) => b with { Agent = b.Agent with { RestDays = b.Agent.RestDays! with { Most = n } } });
        }

        if (agent.MaxMinutes is { } most)
            yield return Rule.Number("hours-exceeded", most, days * 24 * 60, 60, (b, n) => b with { Agent = b.Agent with { MaxMinutes = n } });
        yield return Rule.Number("weekly-hours-exceeded", agent.WeeklyMinutes, 7 * 24 * 60, 60, (b, n) => b with { Agent = b.Agent with { WeeklyMinutes = n } });
        yield return Shared("rest-too-short", rules.MinRestMinutes, 0, -60, (r, n) => r with { MinRestMinutes = n });
        // Days before the horizon count too.
        yield return Shared("too-many-days-in-row", rules.MaxDaysInRow, days + agent.Tail.DaysInRow, 1, (r, n) => r with { MaxDaysInRow = n });
        yield return Shared("too-few-days-off", rules.MinDaysOff, 1, -1, (r, n) => r with { MinDaysOff = n });
        if (rules.MaxDaysOff is { } daysOff)
            yield return Shared("too-many-days-off", daysOff, days + (agent.Tail.DaysOff ?? 0), 1, (r, n) => r with { MaxDaysOff = n });
        if (rules.MaxWeekends is { } weekends)
            yield return Shared("too-many-weekends", weekends, days, 1, (r, n) => r with { MaxWeekends = n });
        foreach (var limit in rules.MaxOfKind ?? [])
            yield return Shared("too-many-of-kind", limit.Most, days, 1, (r, n) => r with
            {
                MaxOfKind = [.. r.MaxOfKind!.Value.Select(l => l.Kind == limit.Kind ? l with { Most = n } : l)],
            }, $"{limit.Kind}");
    }

    private static IEnumerable<Rule> EachSequence(BoundInRoster bound) => (bound.Problem.Rules.Forbidden ?? []).Select(sequence =>
        Rule.Dropped(new(Rule.Sequence, 0, null, $"{sequence.Before}, {sequence.After}"),
            b => ByRules(b, b.Problem.Rules with { Forbidden = b.Problem.Rules.Forbidden?.Remove(sequence) })));

    private static Rule Shared(string name, int now, int none, int by, Func<RosterRules, int, RosterRules> set, string kind = "") =>
        Rule.Number(name, now, none, by, (b, n) => ByRules(b, set(b.Problem.Rules, n)), kind);

    private static BoundInRoster ByRules(BoundInRoster bound, RosterRules rules) => bound with { Problem = bound.Problem with { Rules = rules } };

    private static bool HasDays(BoundInRoster bound)
    {
        var (problem, agent) = bound;
        var options = new AgentOptions(problem, agent, problem.Shifts.ToLookup(s => s.Day), problem.Demand.Any(d => agent.Skills.Contains(d.Skill)));
        ShiftCandidate[][] candidates = [.. options.Shifts.Select(day => day.Select(s => new ShiftCandidate(s, [], 0, [])).ToArray())];
        return new AgentPlanner(problem).Best(agent, options, candidates, fairShare: 0) is not null;
    }

    private static bool AllowsAny(RosterProblem problem, RosterAgent agent, ImmutableArray<string>.Builder because)
    {
        foreach (var shift in problem.Shifts)
        {
            var broken = RosterChecker.Check(problem, agent, [AsPlanned(agent.Id, shift)]).Select(v => v.Rule).Where(r => !RosterChecker.IsOfMissingWork(r)).ToList();
            if (broken.Count == 0)
                return true;
            because.AddRange(broken);
        }

        return false;
    }

    /// <summary>Agents with the same text have days, or have none, together.</summary>
    internal static string Alike(RosterAgent agent) => string.Join('|',
        agent.WeeklyMinutes, agent.MaxMinutes, agent.RestDays, agent.Tail, string.Join(',', agent.Skills.Order()), string.Join(',', agent.Unavailable),
        string.Join(',', agent.Fixed), string.Join(',', agent.Locked.Select(l => $"{l.Day} {l.Shift} {l.Itself?.Start} {l.Itself?.End}")));

    private static Assignment AsPlanned(Guid agent, ShiftOption shift) =>
        new(agent, shift, [.. shift.Breaks.Select(b => new PlacedBreak(b.Kind, shift.Start + b.Earliest, shift.Start + b.Earliest + b.Minutes, b.Paid))]);
}

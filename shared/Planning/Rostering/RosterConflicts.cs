using System.Collections.Immutable;
using System.Text.Json;
using Rule = CallCenter.Planning.Rostering.BindingRule<CallCenter.Planning.Rostering.BoundInRoster>;

namespace CallCenter.Planning.Rostering;

/// <summary>An agent and the rules of everybody: all that decides whether the agent has days.</summary>
internal sealed record BoundInRoster(RosterProblem Problem, RosterAgent Agent)
{
    public RosterRules Rules => Problem.RulesOf(Agent);

    /// <summary>With other rules: for the agent alone where the agent has rules of their own.</summary>
    public BoundInRoster With(Func<RosterRules, RosterRules> change) => Agent.Rules is { } own
        ? this with { Agent = Agent with { Rules = change(own) } }
        : this with { Problem = Problem with { Rules = change(Problem.Rules) } };
}

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

    /// <summary>
    /// Of agents whom the rules leave no days: for those bound alike the rules of which none can be left out, and the least change.
    /// </summary>
    /// <param name="late">Ends the search: the first are named in any case, the others without their rules.</param>
    internal static ImmutableArray<RosterConflict> Of(
        RosterProblem problem, IEnumerable<RosterAgent> stuck, Func<bool> late, CancellationToken cancellation)
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

    /// <summary>
    /// The problem with each conflict's least change made: to the agents concerned, or for everybody where the rule is everybody's.
    /// </summary>
    public static RosterProblem Relaxed(RosterProblem problem, ImmutableArray<RosterConflict> conflicts)
    {
        foreach (var (change, id) in conflicts.SelectMany(c => c.Cheapest.SelectMany(change => c.Agents.Select(id => (change, id)))))
        {
            var bound = new BoundInRoster(problem, problem.Agents.Single(a => a.Id == id));
            // What is everybody's may be changed already, for another agent.
            var (rules, agent) = Bindings(bound).SelectMany(rule => rule.Eased(bound)).Where(e => e.Change == change).Select(e => e.Bound)
                .FirstOrDefault(bound);
            problem = problem with { Rules = rules.Rules, Agents = [.. problem.Agents.Select(a => a.Id == id ? agent : a)] };
        }

        return problem;
    }

    /// <summary>
    /// One step of easing is a day, a weekend, a shift of a kind, or an hour. What a project may set is blamed before what an agent asked
    /// for.
    /// </summary>
    private static IEnumerable<Rule> Bindings(BoundInRoster bound)
    {
        foreach (var rule in RosterRule.All.Where(r => r is ForbiddenSequence))
            foreach (var binding in rule.Bindings(bound))
                yield return binding;
        foreach (var unavailable in bound.Agent.Unavailable.Where(b => !b.Waived))
            yield return Rule.Dropped(new(unavailable.Rule, bound.Problem.DayOf(Math.Max(0, unavailable.From)), null),
                b => b with { Agent = b.Agent with { Unavailable = b.Agent.Unavailable.Replace(unavailable,
                unavailable with { PaidMinutes = 0, Waived = true }) } });
        foreach (var locked in bound.Agent.Locked)
            yield return Rule.Dropped(new("locked-day", locked.Day, null), b =>
                b with { Agent = b.Agent with { Locked = b.Agent.Locked.Remove(locked) } });
        foreach (var rule in RosterRule.All.Where(r => r is not ForbiddenSequence).OrderByDescending(r => r.IsOfAgent))
            foreach (var binding in rule.Bindings(bound))
                yield return binding;
    }

    private static bool HasDays(BoundInRoster bound)
    {
        var (problem, agent) = bound;
        var options = new AgentOptions(
            problem, agent, problem.Shifts.ToLookup(s => s.Day), problem.HasUseFor(agent));
        return new AgentPlanner(problem, new(problem)).HasDays(new(problem, agent, options));
    }

    private static bool AllowsAny(RosterProblem problem, RosterAgent agent, ImmutableArray<string>.Builder because)
    {
        foreach (var shift in problem.Shifts)
        {
            var broken = RosterChecker.Check(problem, agent, [AsPlanned(agent.Id, agent.Around(shift) ?? shift)]).Select(v => v.Rule)
                .Where(r => RosterRule.Of(r) is not { IsOfMissingWork: true }).ToList();
            if (broken.Count == 0)
                return true;
            because.AddRange(broken);
        }

        return false;
    }

    /// <summary>Agents with the same text have days, or have none, together.</summary>
    internal static string Alike(RosterAgent agent) => string.Join('|',
        agent.Rules is { } own ? JsonSerializer.Serialize(own) : null,
        agent.WeeklyMinutes, agent.MinMinutes, agent.MaxMinutes, agent.RestDays, agent.Tail, string.Join(',', agent.Skills.Order()),
        string.Join(',', agent.Unavailable), agent.Templates is { } templates ? string.Join(',', templates) : null,
        string.Join(',', agent.Fixed), string.Join(',', agent.Locked.Select(l => $"{l.Day} {l.Shift} {l.Itself?.Start} {l.Itself?.End}")));

    internal static Assignment AsPlanned(Guid agent, ShiftOption shift) =>
        new(agent, shift, [.. shift.Breaks.Select(
            b => new PlacedBreak(b.Kind, shift.Start + b.Earliest, shift.Start + b.Earliest + b.Minutes, b.Paid))]);
}

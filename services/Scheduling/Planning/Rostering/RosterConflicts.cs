using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>Why there can be no roster: found before the search, so that an impossible question is answered at once.</summary>
internal static class RosterConflicts
{
    public static ImmutableArray<RosterConflict> Before(RosterProblem problem)
    {
        if (problem.Agents.IsEmpty)
            return [new("no-agents", [], [])];

        if (problem.Shifts.IsEmpty)
            return [new("no-shifts", [], [])];

        // Each shift is asked for by itself: what remains forbidden then, no arrangement of days can mend.
        // Agents bound alike have the same answer: ten thousand of them are asked about once.
        var because = ImmutableArray.CreateBuilder<string>();
        foreach (var agent in problem.Agents.DistinctBy(Alike))
        {
            if (!agent.Locked.IsEmpty || AllowsAny(problem, agent, because))
                return [];
        }

        return [new("no-shift-allowed", [.. problem.Agents.Select(a => a.Id)], [.. because.Distinct().Order()])];
    }

    /// <summary>Of an agent whom the rules leave no days: those of which none can be left out of the conflict (deletion filter, Chinneck and Dravnieks 1991).</summary>
    public static RosterConflict Of(RosterProblem problem, RosterAgent agent)
    {
        var kept = new List<string>();
        foreach (var (rule, without) in Binding(agent.Blocked.Select(b => b.Rule).Distinct()))
        {
            var (freed, bound) = without(problem, agent);
            if (HasDays(freed, bound))
                kept.Add(rule);
            else
                (problem, agent) = (freed, bound);
        }

        return new("rules-in-conflict", [agent.Id], [.. kept.Order()]);
    }

    private static IEnumerable<(string Rule, Func<RosterProblem, RosterAgent, (RosterProblem, RosterAgent)> Without)> Binding(IEnumerable<string> blocked)
    {
        foreach (var rule in blocked)
            yield return (rule, (p, a) => (p, a with { Blocked = a.Blocked.RemoveAll(b => b.Rule == rule) }));
        yield return ("locked-day", (p, a) => (p, a with { Locked = [] }));
        yield return ("weekly-hours-exceeded", (p, a) => (p, a with { WeeklyMinutes = 7 * 24 * 60 }));
        yield return ("rest-too-short", (p, a) => (p with { Rules = p.Rules with { MinRestMinutes = 0 } }, a));
        yield return ("forbidden-sequence", (p, a) => (p with { Rules = p.Rules with { Forbidden = null } }, a));
        yield return ("too-many-days-in-row", (p, a) => (p with { Rules = p.Rules with { MaxDaysInRow = int.MaxValue } }, a));
        yield return ("too-few-days-off", (p, a) => (p with { Rules = p.Rules with { MinDaysOff = 1 } }, a));
        yield return (RosterChecker.TooManyDaysOff, (p, a) => (p with { Rules = p.Rules with { MaxDaysOff = null } }, a));
        yield return ("too-many-weekends", (p, a) => (p with { Rules = p.Rules with { MaxWeekends = null } }, a));
        yield return ("too-many-nights", (p, a) => (p with { Rules = p.Rules with { MaxNights = null } }, a));
    }

    private static bool HasDays(RosterProblem problem, RosterAgent agent)
    {
        var options = new AgentOptions(problem, agent, problem.Shifts.ToLookup(s => s.Day), problem.Demand.Any(d => agent.Skills.Contains(d.Skill)));
        Seat[][] seats = [.. options.Shifts.Select(day => day.Select(s => new Seat(s, [], 0, [])).ToArray())];
        return new AgentPlanner(problem).Best(agent, options, seats, fairShare: 0) is not null;
    }

    private static bool AllowsAny(RosterProblem problem, RosterAgent agent, ImmutableArray<string>.Builder because)
    {
        foreach (var shift in problem.Shifts)
        {
            var broken = RosterChecker.Check(problem, agent, [AsPlanned(agent.Id, shift)]).Select(v => v.Rule).Where(r => r != RosterChecker.TooManyDaysOff).ToList();
            if (broken.Count == 0)
                return true;
            because.AddRange(broken);
        }

        return false;
    }

    private static string Alike(RosterAgent agent) => string.Join('|',
        agent.WeeklyMinutes, agent.Tail, string.Join(',', agent.Skills.Order()), string.Join(',', agent.Blocked), string.Join(',', agent.Fixed), agent.Locked.IsEmpty);

    private static Assignment AsPlanned(Guid agent, ShiftOption shift) =>
        new(agent, shift, [.. shift.Breaks.Select(b => new PlacedBreak(b.Kind, shift.Start + b.Earliest, shift.Start + b.Earliest + b.Minutes, b.Paid))]);
}

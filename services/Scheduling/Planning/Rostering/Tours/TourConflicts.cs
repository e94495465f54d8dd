using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CallCenter.Planning.Rostering.Tours;

/// <summary>Why some agents have no tour at all.</summary>
/// <param name="Agents">Bound alike: the same rules, days off and locked days.</param>
/// <param name="Rules">No tour keeps all of these; without any one of them there is one. Empty when there was no time to find out.</param>
/// <param name="Cheapest">The least change to a single rule that leaves a tour; null when no single one does.</param>
public sealed record TourConflict(ImmutableArray<string> Agents, ImmutableArray<string> Rules, TourRelaxation? Cheapest);

/// <param name="Rule">Code as the checker's.</param>
/// <param name="From">The rule's number; for a day off or a locked day, its day.</param>
/// <param name="To">What it would have to be; null when the rule has to be dropped.</param>
public sealed record TourRelaxation(string Rule, int From, int? To);

/// <summary>
/// Finds the agents whose own rules leave no tour, whatever the others do, and for each an irreducible set of rules by
/// taking one away after another (deletion filter, Chinneck and Dravnieks 1991). An agent's graph answers each question exactly.
/// </summary>
public static class TourConflicts
{
    private const int ManyLevels = 10_000;

    /// <param name="time">For finding the rules; which agents have no tour is found in any case.</param>
    public static ImmutableArray<TourConflict> Of(TourProblem problem, TimeSpan time, CancellationToken cancellation)
    {
        TourInput.Check(problem);
        var clock = Stopwatch.StartNew();
        var kinds = new ShiftKinds(problem);
        var labels = new TourLabels();
        var conflicts = ImmutableArray.CreateBuilder<TourConflict>();

        foreach (var alike in problem.Agents.GroupBy(Binding))
        {
            cancellation.ThrowIfCancellationRequested();
            var agent = alike.First();
            if (HasTour(agent))
                continue;
            if (clock.Elapsed > time)
            {
                conflicts.Add(new([.. alike.Select(a => a.Id)], [], null));
                continue;
            }

            var rules = Irreducible(agent);
            conflicts.Add(new([.. alike.Select(a => a.Id)], [.. rules.Select(r => r.Name)], Cheapest(agent, rules)));
        }

        return conflicts.DrainToImmutable();

        bool HasTour(TourAgent agent)
        {
            var path = new TourPath(new AgentGraph(problem, kinds, agent with { Requests = [] }), ManyLevels);
            var cost = new float[problem.Days * problem.Shifts.Length];
            for (var i = 0; i < cost.Length; i++)
                cost[i] = path.Graph.Allows(i / problem.Shifts.Length, i % problem.Shifts.Length) ? 0 : float.PositiveInfinity;
            return !float.IsPositiveInfinity(path.Cheapest(cost, labels, new int[problem.Days]));
        }

        List<Rule> Irreducible(TourAgent agent)
        {
            var kept = new List<Rule>();
            var rules = Rules(problem, agent).ToList();
            var rest = agent;
            foreach (var rule in rules)
            {
                if (HasTour(rule.Without(rest)))
                    kept.Add(rule);
                else
                    rest = rule.Without(rest);
            }

            return kept;
        }

        TourRelaxation? Cheapest(TourAgent agent, List<Rule> rules) => rules
            .Select(rule => rule.Eased(agent).Select((eased, steps) => (Eased: eased, Steps: steps)).FirstOrDefault(e => HasTour(e.Eased.Agent)))
            .Where(e => e.Eased.Agent is not null).OrderBy(e => e.Steps).Select(e => e.Eased.Change).FirstOrDefault();
    }

    /// <summary>The problem with each conflict's cheapest change made; agents who have none work nothing.</summary>
    public static TourProblem Relaxed(TourProblem problem, ImmutableArray<TourConflict> conflicts)
    {
        var changes = conflicts.SelectMany(c => c.Agents.Select(a => (a, c.Cheapest))).ToDictionary(p => p.a, p => p.Cheapest);
        return problem with
        {
            Agents = [.. problem.Agents.Select(agent => !changes.TryGetValue(agent.Id, out var change) ? agent
                : change is null ? agent with { Locked = [], Tail = null, DaysOff = [.. Enumerable.Range(0, problem.Days)], Rules = agent.Rules with { MinMinutes = 0, MaxMinutes = Math.Max(0, agent.Rules.MaxMinutes), MaxWeekends = Math.Max(0, agent.Rules.MaxWeekends) } }
                : Rules(problem, agent).SelectMany(r => r.Eased(agent)).First(e => e.Change == change).Agent)],
        };
    }

    private sealed record Rule(string Name, Func<TourAgent, TourAgent> Without, Func<TourAgent, IEnumerable<(TourAgent Agent, TourRelaxation Change)>> Eased);

    // One step of easing is a day, a weekend, or a shift's minutes.
    private static IEnumerable<Rule> Rules(TourProblem problem, TourAgent of)
    {
        var days = problem.Days;
        var step = problem.Shifts.Min(s => Math.Max(1, s.Minutes));
        foreach (var locked in of.Locked)
            yield return new("locked-day", a => a with { Locked = a.Locked.Remove(locked) }, a => [(a with { Locked = a.Locked.Remove(locked) }, new("locked-day", locked.Day, null))]);
        foreach (var day in of.DaysOff)
            yield return new("day-off", a => a with { DaysOff = a.DaysOff.Remove(day) }, a => [(a with { DaysOff = a.DaysOff.Remove(day) }, new("day-off", day, null))]);
        foreach (var limit in of.Rules.Limits)
            yield return new("shift-limit", a => With(a, a.Rules with { Limits = a.Rules.Limits.Remove(limit) }),
                a => Enumerable.Range(limit.Most + 1, Math.Max(0, days - limit.Most)).Select(most =>
                    (With(a, a.Rules with { Limits = a.Rules.Limits.Replace(limit, limit with { Most = most }) }), new TourRelaxation("shift-limit", limit.Most, most))));
        yield return Number("too-few-days-in-row", of.Rules.MinDaysInRow, 1, -1, (r, n) => r with { MinDaysInRow = n });
        yield return Number("too-few-days-off", of.Rules.MinDaysOffInRow, 1, -1, (r, n) => r with { MinDaysOffInRow = n });
        yield return Number("too-many-weekends", of.Rules.MaxWeekends, days, 1, (r, n) => r with { MaxWeekends = n });
        yield return Number("too-many-days-in-row", of.Rules.MaxDaysInRow, days, 1, (r, n) => r with { MaxDaysInRow = n });
        yield return Number("too-many-minutes", of.Rules.MaxMinutes, days * problem.Shifts.Max(s => s.Minutes), step, (r, n) => r with { MaxMinutes = n });
        yield return Number("too-few-minutes", of.Rules.MinMinutes, 0, -step, (r, n) => r with { MinMinutes = n });

        static TourAgent With(TourAgent agent, TourRules rules) => agent with { Rules = rules };

        static Rule Number(string name, int now, int none, int by, Func<TourRules, int, TourRules> set) => new(
            name, a => With(a, set(a.Rules, none)),
            a => Enumerable.Range(1, Math.Max(0, (none - now + by - Math.Sign(by)) / by)).Select(i => by > 0 ? Math.Min(none, now + i * by) : Math.Max(none, now + i * by))
                .Select(to => (With(a, set(a.Rules, to)), new TourRelaxation(name, now, to))));
    }

    private static string Binding(TourAgent agent)
    {
        var key = new StringBuilder();
        var r = agent.Rules;
        key.Append(CultureInfo.InvariantCulture, $"{r.MinMinutes} {r.MaxMinutes} {r.MinDaysInRow} {r.MaxDaysInRow} {r.MinDaysOffInRow} {r.MaxWeekends} {agent.Tail?.LastShift} {agent.Tail?.DaysInRow}|");
        foreach (var limit in r.Limits)
            key.AppendJoin(',', limit.Shifts).Append(CultureInfo.InvariantCulture, $"={limit.Most} ");
        key.Append('|').AppendJoin(',', agent.DaysOff.Order()).Append('|');
        foreach (var locked in agent.Locked)
            key.Append(CultureInfo.InvariantCulture, $"{locked.Day}={locked.Shift} ");
        return key.ToString();
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CallCenter.Planning.Rostering;

namespace CallCenter.Planning.Tours;

/// <summary>Why some agents have no tour at all.</summary>
/// <param name="Agents">Bound alike: the same rules, days off and locked days.</param>
/// <param name="Rules">No tour keeps all of these; without any one of them one keeps the others. Empty when there was no time to find
/// out.</param>
/// <param name="Cheapest">
/// The least change that leaves a tour: of one rule, or of two where one is not enough, in the fewest steps: a day, a weekend, a shift's
/// minutes, a forbidden sequence. Empty when two are not enough either, or when there was no time to find out.
/// </param>
public sealed record TourConflict(ImmutableArray<string> Agents, ImmutableArray<string> Rules, ImmutableArray<Relaxation> Cheapest);

/// <summary>
/// Finds the agents whose own rules leave no tour, whatever the others do, and for each an irreducible set of rules by
/// taking one away after another (deletion filter, Chinneck and Dravnieks 1991). An agent's graph answers each question exactly.
/// </summary>
public static class TourConflicts
{
    /// <param name="time">For finding the rules; which agents have no tour is found in any case.</param>
    public static ImmutableArray<TourConflict> Of(TourProblem problem, TimeSpan time, CancellationToken cancellation)
    {
        TourInput.Check(problem);
        var clock = Stopwatch.StartNew();
        var feasibility = new TourFeasibility(problem, cancellation);
        var search = new ConflictSearch<BoundAgent>(feasibility.For, bound => TourBindings.Of(problem, bound), () => clock.Elapsed > time);
        var conflicts = ImmutableArray.CreateBuilder<TourConflict>();

        foreach (var alike in problem.Agents.GroupBy(Binding))
        {
            var bound = new BoundAgent(alike.First(), problem.Shifts);
            if (feasibility.For(bound))
                continue;

            ImmutableArray<string> agents = [.. alike.Select(a => a.Id)];
            if (clock.Elapsed > time)
            {
                conflicts.Add(new(agents, [], []));
                continue;
            }

            var rules = search.Irreducible(bound);
            conflicts.Add(new(agents, [.. rules.Select(r => r.Name)], search.Cheapest(bound, rules)));
        }

        return conflicts.DrainToImmutable();
    }

    /// <summary>
    /// The problem with each conflict's cheapest change made; agents who have none work nothing. A forbidden sequence is the shifts' rule,
    /// and dropped for everybody.
    /// </summary>
    public static TourProblem Relaxed(TourProblem problem, ImmutableArray<TourConflict> conflicts)
    {
        var changes = conflicts.SelectMany(c => c.Agents.Select(a => (a, c.Cheapest))).ToDictionary(p => p.a, p => p.Cheapest);
        var agents = problem.Agents.ToBuilder();
        var shifts = problem.Shifts;

        for (var i = 0; i < agents.Count; i++)
            if (changes.TryGetValue(agents[i].Id, out var least))
                (agents[i], shifts) = least.Aggregate(
                    new BoundAgent(least.IsEmpty ? Idle(problem, agents[i]) : agents[i], shifts), Changed);

        return problem with { Agents = agents.DrainToImmutable(), Shifts = shifts };

        // A sequence may be dropped already, for an earlier agent.
        BoundAgent Changed(BoundAgent bound, Relaxation change) => TourBindings.Of(problem, bound)
            .SelectMany(rule => rule.Eased(bound)).Where(e => e.Change == change).Select(e => e.Bound).FirstOrDefault(bound);
    }

    private static TourAgent Idle(TourProblem problem, TourAgent agent) => agent with
    {
        Locked = [],
        Tail = null,
        DaysOff = [.. Enumerable.Range(0, problem.Days)],
        Rules = agent.Rules with { MinMinutes = 0, MaxMinutes = Math.Max(0, agent.Rules.MaxMinutes),
            MaxWeekends = Math.Max(0, agent.Rules.MaxWeekends) },
    };

    private static string Binding(TourAgent agent)
    {
        var key = new StringBuilder();
        var r = agent.Rules;
        key.Append(CultureInfo.InvariantCulture,
            $"{r.MinMinutes} {r.MaxMinutes} {r.MinDaysInRow} {r.MaxDaysInRow} {r.MinDaysOffInRow} {r.MaxWeekends} {agent.Tail?.LastShift} {agent.Tail?.DaysInRow}|");
        foreach (var limit in r.Limits)
            key.AppendJoin(',', limit.Shifts).Append(CultureInfo.InvariantCulture, $"={limit.Most} ");
        key.Append('|').AppendJoin(',', agent.DaysOff.Order()).Append('|');
        foreach (var locked in agent.Locked)
            key.Append(CultureInfo.InvariantCulture, $"{locked.Day}={locked.Shift} ");
        return key.ToString();
    }
}

using System.Collections.Immutable;
using System.Diagnostics;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// Builds a roster agent by agent, each time with the best days of that agent against what the others cover, goes round until
/// nobody's days can be bettered alone, and then takes a few agents out together and puts them back in another order.
/// </summary>
public sealed class RosterSearch
{
    // A little worse than the best is accepted on the way to better.
    private const double Slack = 1.003;
    private const int RoundsWithoutGain = 1500;
    private const int MoreUnpopular = 7;

    private readonly RosterProblem problem;
    private readonly CoverCost cover;
    private readonly TeamKinds teams;
    private readonly AgentPlanner planner;
    private readonly AgentLattice[] lattices;
    private readonly int[][] skills;
    private readonly AgentPlan?[] plans;
    private readonly double[] gain;
    private readonly int[] bestSkill;

    private RosterSearch(RosterProblem problem)
    {
        this.problem = problem;
        cover = new CoverCost(problem);
        teams = new TeamKinds(problem);
        planner = new AgentPlanner(problem, cover);
        skills = [.. problem.Agents.Select(cover.SkillsOf)];
        var shiftsOfDay = problem.Shifts.ToLookup(s => s.Day);
        lattices = [.. problem.Agents.Select((a, i) => new AgentLattice(problem, a, new(problem, a, shiftsOfDay, skills[i].Length > 0)))];
        plans = new AgentPlan?[problem.Agents.Length];
        gain = new double[cover.Intervals];
        bestSkill = new int[cover.Intervals];
    }

    /// <summary>The best roster found within the limits; one without assignments and with conflicts when there is none.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public static RosterSolution Solve(
        RosterProblem problem, SearchLimits limits, IProgress<RosterProgress>? progress, CancellationToken cancellation) =>
        RosterConflicts.Before(problem) is { IsEmpty: false } conflicts
            ? new([], Coverage.Of(problem, []), new(0, 0, 0, 0, 0, 0), conflicts, 0)
            : new RosterSearch(problem).Run(limits, progress, cancellation);

    private RosterSolution Run(SearchLimits limits, IProgress<RosterProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var random = new Random(limits.Seed);
        var rounds = 0;

        // Those with the fewest choices first, while there is most to choose from.
        var order = Enumerable.Range(0, plans.Length).OrderBy(a => lattices[a].Shifts.Sum(d => d.Length)).ToArray();
        var (stuck, hopeless) = (new List<int>(), new HashSet<string>());
        foreach (var agent in order)
        {
            cancellation.ThrowIfCancellationRequested();
            // Whether there are days does not depend on the others.
            if ((hopeless.Count > 0 && hopeless.Contains(RosterConflicts.Alike(problem.Agents[agent]))) || !Insert(agent))
            {
                stuck.Add(agent);
                hopeless.Add(RosterConflicts.Alike(problem.Agents[agent]));
            }
        }

        var best = plans.ToArray();
        var least = Cost().Total;
        var fruitless = 0;

        if (stuck.Count == 0)
        {
            while (rounds < limits.MaxRounds && clock.Elapsed < limits.Time && fruitless < RoundsWithoutGain)
            {
                cancellation.ThrowIfCancellationRequested();
                var before = plans.ToArray();

                Perturb(random, rounds++);
                var cost = Cost().Total;

                if (cost < least - 1e-6)
                {
                    (best, least, fruitless) = (plans.ToArray(), cost, 0);
                    progress?.Report(new(clock.Elapsed, rounds, cost));
                    continue;
                }

                fruitless++;
                if (cost > least * Slack)
                    Return(before);
            }

            Return(best);
        }

        return Result(RosterConflicts.Of(problem, stuck.Select(a => problem.Agents[a]), () => clock.Elapsed > limits.Time, cancellation),
            rounds);
    }

    private void Perturb(Random random, int round)
    {
        // The first rounds go through everyone in turn: the start was greedy.
        var agents = round < 2 * plans.Length
            ? [round % plans.Length]
            : random.GetItems(Enumerable.Range(0, plans.Length).ToArray(), random.Next(2, 6)).Distinct().ToArray();

        foreach (var agent in agents)
            Remove(agent);
        foreach (var agent in agents)
            Insert(agent);
    }

    private bool Insert(int agent)
    {
        var who = problem.Agents[agent];
        cover.Gains(skills[agent], gain, bestSkill);
        plans[agent] = Fairly(agent);
        Place(agent, +1);

        return plans[agent] is not null;
    }

    // Unfairness grows with the square of the unpopular shifts, so they are counted; up to so many more than the others have.
    private AgentPlan? Fairly(int agent)
    {
        var (who, others) = (problem.Agents[agent], FairShare(agent) - problem.Agents[agent].UnpopularBefore);
        var most = lattices[agent].MostUnpopular;
        if (problem.Weights.Unfair == 0 || most == 0)
            return planner.Best(who, lattices[agent], gain, bestSkill, 0, [0], Apart);

        var unfair = new float[1 + Math.Min(most, Math.Max(0, (int)others) + MoreUnpopular)];
        for (var count = 0; count < unfair.Length; count++)
            unfair[count] = (float)(problem.Weights.Unfair * (count - others) * (count - others));
        return planner.Best(who, lattices[agent], gain, bestSkill, 0, unfair, Apart)
            ?? planner.Best(who, lattices[agent], gain, bestSkill, problem.Weights.Unfair * MoreUnpopular, [0], Apart);

        double Apart(ShiftOption shift) => teams.Apart(who, shift);
    }

    private void Remove(int agent)
    {
        Place(agent, -1);
        plans[agent] = null;
    }

    private void Return(AgentPlan?[] to)
    {
        for (var agent = 0; agent < plans.Length; agent++)
        {
            if (ReferenceEquals(plans[agent], to[agent]))
                continue;
            Remove(agent);
            plans[agent] = to[agent];
            Place(agent, +1);
        }
    }

    private void Place(int agent, int sign)
    {
        foreach (var candidate in plans[agent]?.Days ?? [])
        {
            if (candidate is null)
                continue;
            teams.Add(problem.Agents[agent], candidate.Shift, sign);
            foreach (var (skill, t, minutes) in candidate.Work)
                cover.Add(skill, t, sign * minutes);
        }
    }

    private double FairShare(int agent)
    {
        var (sum, others) = (0.0, 0);
        for (var a = 0; a < plans.Length; a++)
        {
            if (a == agent || plans[a] is not { } plan)
                continue;
            sum += plan.Unpopular + problem.Agents[a].UnpopularBefore;
            others++;
        }

        return others == 0 ? problem.Agents[agent].UnpopularBefore : sum / others;
    }

    private RosterCost Cost()
    {
        var (missing, surplus) = cover.Total();
        var loads = plans.Select((p, a) => (p?.Unpopular ?? 0) + problem.Agents[a].UnpopularBefore).ToArray();
        var mean = loads.Average();

        return new(missing, surplus, plans.Sum(p => p?.UnusedHours ?? 0), problem.Weights.Unfair * loads.Sum(l => (l - mean) * (l - mean)),
            plans.Sum(p => p?.StartChanges ?? 0), plans.Sum(p => p?.SingleDaysOff ?? 0), plans.Sum(p => p?.RefusedWishes ?? 0),
            teams.Cost());
    }

    private RosterSolution Result(ImmutableArray<RosterConflict> conflicts, int rounds)
    {
        ImmutableArray<Assignment> assignments =
        [
            .. plans.SelectMany((plan, a) => (plan?.Days ?? []).OfType<ShiftCandidate>()
                .Select(candidate => new Assignment(problem.Agents[a].Id, candidate.Shift, candidate.Breaks))),
        ];

        return new(assignments, Coverage.Of(problem, assignments), Cost(), conflicts, rounds);
    }
}

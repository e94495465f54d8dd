using CallCenter.Planning.Rostering.Tours;
using FsCheck.Xunit;

namespace CallCenter.Planning.Tests.Rostering.Tours;

public sealed class TourPathTests
{
    [Property(MaxTest = 60)]
    public void the_cheapest_tour_is_the_best_of_all_that_break_no_rule(int seed)
    {
        var random = new Random(seed);
        var problem = TourProblems.Random(random, agents: 1, days: random.Next(1, 7));
        var agent = problem.Agents[0];
        var graph = new AgentGraph(problem, new ShiftKinds(problem), agent);
        var cost = Costs(graph, random);

        var tour = new int[problem.Days];
        var found = new TourPath(graph).Cheapest([.. cost], new TourLabels(), tour);

        var best = TourProblems.AllTours(problem.Days, problem.Shifts.Length)
            .Where(t => !TourChecker.Violations(problem, agent, [.. t]).Any())
            .Select(t => Sum(cost, t)).DefaultIfEmpty(float.PositiveInfinity).Min();
        found.Should().Be(best);
        if (!float.IsPositiveInfinity(found))
            Sum(cost, tour).Should().Be(found, "the tour costs what it is said to");
    }

    private static float[] Costs(AgentGraph graph, Random random)
    {
        var shifts = graph.Problem.Shifts.Length;
        return [.. Enumerable.Range(0, graph.Problem.Days * shifts)
            .Select(i => random.Next(-50, 20) is var c && graph.Allows(i / shifts, i % shifts) ? c : float.PositiveInfinity)];
    }

    private static float Sum(float[] cost, int[] tour) =>
        tour.Select((shift, day) => shift < 0 ? 0 : cost[day * TourProblems.Shifts.Length + shift]).Sum();
}

using CallCenter.Planning.Tours;
using FsCheck.Xunit;

namespace CallCenter.Planning.Tests.Tours;

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

    [Property(MaxTest = 60)]
    public void where_weekends_are_priced_no_tour_breaks_a_rule_and_none_is_cheaper_than_said(int seed)
    {
        var random = new Random(seed);
        var problem = TourProblems.Random(random, agents: 1, days: random.Next(7, 40));
        var agent = problem.Agents[0] with { Rules = problem.Agents[0].Rules with { MaxWeekends = random.Next(4), Limits = [] } };
        var graph = new AgentGraph(problem, new ShiftKinds(problem), agent);
        var cost = Costs(graph, random);

        var (tour, exactTour) = (new int[problem.Days], new int[problem.Days]);
        var path = new TourPath(graph, mostLabels: 0);
        var found = path.Cheapest([.. cost], new TourLabels(), tour);

        var exact = new TourPath(graph).Cheapest([.. cost], new TourLabels(), exactTour);
        float.IsPositiveInfinity(found).Should().Be(float.IsPositiveInfinity(exact));
        if (float.IsPositiveInfinity(exact))
            return;
        path.LeastPossible.Should().BeLessThanOrEqualTo(exact + 0.5f);
        found.Should().BeGreaterThanOrEqualTo(exact - 0.5f);
        TourChecker.Violations(problem, agent, [.. tour]).Should().BeEmpty();
        Sum(cost, tour).Should().BeApproximately(found, 0.5f);
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

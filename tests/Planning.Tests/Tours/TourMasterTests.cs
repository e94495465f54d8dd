using CallCenter.Planning.Tours;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Tours.TourProblems;

namespace CallCenter.Planning.Tests.Tours;

public sealed class TourMasterTests
{
    [Property(MaxTest = 30)]
    public void the_inexact_mixture_is_as_cheap_as_the_exact_one(int seed)
    {
        var random = new Random(seed);
        var problem = Random(random, random.Next(2, 12), random.Next(3, 10));
        // More periods than needs: a night may end after the last day.
        var staff = new int[problem.Days * problem.Periods + 5];
        var start = problem.Agents.Select((_, agent) => Column(agent)).ToList();
        TourMaster exact = new DenseMaster(problem, start, staff, random), inexact = new PrimalDualMaster(problem, start, staff);
        for (var i = 0; i < 36; i++)
        {
            var column = Column(random.Next(problem.Agents.Length));
            exact.Add(column);
            inexact.Add(column);
        }

        var (least, value) = (exact.Solve(0, () => true)!.Value, inexact.Solve(0, () => true)!.Value);
        for (var again = 0; again < 20; again++)
            value = Math.Min(value, inexact.Solve(0, () => true)!.Value);

        value.Should().BeInRange(least - 0.01, least + 0.002 * Math.Abs(least) + 0.1);
        foreach (var agent in inexact.Agents)
            inexact.Columns.Select((c, i) => c.Agent == agent ? inexact.PrimalValue(i) : 0).Sum().Should().BeApproximately(1, 1e-6);

        TourColumn Column(int agent) =>
            new(agent, [.. Enumerable.Range(0, problem.Days).Select(_ => random.Next(-1, Shifts.Length))], random.Next(20));
    }

    [Fact]
    public void no_roster_of_many_agents_is_cheaper_than_the_bound_of_inexact_mixtures()
    {
        var rules = Free with { MinMinutes = 5 * 480, MaxMinutes = 10 * 480, MaxDaysInRow = 5, MinDaysOffInRow = 2 };
        var problem = Problem(14, [.. Enumerable.Range(0, 30).Select(i => Agent($"A{i}", rules))]);
        var many = problem with { Days = 105,
            Needs = [.. Enumerable.Range(0, 105 * 4).Select(i => new CoverNeed(i / 4, i % 4, i < 14 * 4 ? 8 : 0, 100, 1))] };

        var result = Solve(many, rounds: 500);

        result.Bound.Should().BePositive().And.BeLessThanOrEqualTo(result.Cost);
        (result.Cost - result.Bound!.Value).Should().BeLessThan(0.2 * result.Cost);
        TourChecker.Violations(many, result.Roster!).Should().BeEmpty();
    }
}

using System.Collections.Immutable;
using CallCenter.PlanningBench;

namespace CallCenter.Planning.Tests.Rostering;

/// <summary>What judges the rosters of the benchmarks.</summary>
public sealed class InstanceCheckerTests
{
    private const int Off = InstanceRoster.Off;

    private static readonly InstanceRules Free = new(0, 100_000, 1, 100, 1, 100, []);

    // Early in periods 0 and 1, late in 1 and 2, which early must not follow.
    private static readonly ImmutableArray<InstanceShift> Shifts = [new("E", 480, 0, 2, []), new("L", 480, 1, 3, [0])];

    [Fact]
    public void each_rule_is_named()
    {
        Rules(Free, 0, 0, 1, 1).Should().BeEmpty();
        Rules(Free, 1, 0).Should().Equal("forbidden-sequence");
        Rules(Free with { MinMinutes = 1000 }, 0, 0).Should().Equal("too-few-minutes");
        Rules(Free with { MaxMinutes = 900 }, 0, 0).Should().Equal("too-many-minutes");
        Rules(Free with { MaxDaysInRow = 2 }, 0, 0, 0).Should().Equal("too-many-days-in-row");
        Rules(Free with { MinDaysInRow = 2 }, Off, 0, Off).Should().Equal("too-few-days-in-row");
        Rules(Free with { MinDaysOffInRow = 2 }, 0, Off, 0).Should().Equal("too-few-days-off");
        Rules(Free with { MaxWeekends = 0 }, Off, Off, Off, Off, Off, Off, 0).Should().Equal("too-many-weekends");
        Rules(Free with { Limits = [(0, 1)] }, 0, 0).Should().Equal("shift-limit");
        Rules(Free, a => a with { DaysOff = [1] }, 0, 0).Should().Equal("day-off");
    }

    [Fact]
    public void the_ends_of_the_horizon_may_cut_what_is_too_short()
    {
        Rules(Free with { MinDaysInRow = 3, MinDaysOffInRow = 3 }, 0, Off, Off, Off, 0).Should().BeEmpty();
        Rules(Free with { MinDaysInRow = 3, MinDaysOffInRow = 3 }, Off, 0, 0, 0, Off).Should().BeEmpty();
    }

    [Fact]
    public void cost_is_counted_by_period_and_request()
    {
        var instance = Problem(1, Agent("A") with { Requests = [new(0, 0, true, 7), new(0, 1, false, 5)] }, Agent("B"));

        // Periods 0 and 3 have nobody; A's wish for early is refused, and so is the wish not to work late.
        InstanceChecker.Cost(instance, new([[1], [Off]])).Should().Be(new InstanceCost(200, 0, 12));
        InstanceChecker.Cost(instance, new([[0], [0]])).Should().Be(new InstanceCost(200, 2, 0));
    }

    private static InstanceAgent Agent(string id, InstanceRules? rules = null) => new(id, rules ?? Free, [], []);

    private static Instance Problem(int days, params InstanceAgent[] agents) => new(days, 4, Shifts, [.. agents],
        [.. from day in Enumerable.Range(0, days) from period in Enumerable.Range(0, 4) select new CoverNeed(day, period, 1, 100, 1)]);

    private static IEnumerable<string> Rules(InstanceRules rules, params int[] days) => Rules(rules, a => a, days);

    private static IEnumerable<string> Rules(InstanceRules rules, Func<InstanceAgent, InstanceAgent> change, params int[] days)
    {
        var agent = change(Agent("A", rules));
        return InstanceChecker.Violations(Problem(days.Length, agent), agent, [.. days]).Select(v => v.Rule).Distinct();
    }
}

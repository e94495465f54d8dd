using CallCenter.Planning.Tours;
using static CallCenter.Planning.Tests.Tours.TourProblems;

namespace CallCenter.Planning.Tests.Tours;

public sealed class TourCheckerTests
{
    [Fact]
    public void each_rule_is_named()
    {
        Rules(Free, 0, 0, 1, 2).Should().BeEmpty();
        Rules(Free, 1, 0).Should().Equal("forbidden-sequence");
        Rules(Free with { MinMinutes = 1000 }, 0, 0).Should().Equal("too-few-minutes");
        Rules(Free with { MaxMinutes = 900 }, 0, 0).Should().Equal("too-many-minutes");
        Rules(Free with { MaxDaysInRow = 2 }, 0, 0, 0).Should().Equal("too-many-days-in-row");
        Rules(Free with { MinDaysInRow = 2 }, Off, 0, Off).Should().Equal("too-few-days-in-row");
        Rules(Free with { MinDaysOffInRow = 2 }, 0, Off, 0).Should().Equal("too-few-days-off");
        Rules(Free with { MaxWeekends = 0 }, Off, Off, Off, Off, Off, Off, 0).Should().Equal("too-many-weekends");
        Rules(Free with { Limits = [new([0, 1], 1)] }, 0, 1).Should().Equal("shift-limit");
        Rules(Free, a => a with { DaysOff = [1] }, 0, 0).Should().Equal("day-off");
        Rules(Free, a => a with { Locked = [new(0, 1)] }, 0, 0).Should().Equal("locked-day");
        Rules(Free, a => a with { Tail = new(1, 1) }, 0).Should().Equal("forbidden-sequence");
        Rules(Free with { MaxDaysInRow = 3 }, a => a with { Tail = new(0, 3) }, 0).Should().Equal("too-many-days-in-row");
        Rules(Free with { MinDaysOffInRow = 2 }, a => a with { Tail = new(null, 1) }, 0).Should().Equal("too-few-days-off");
        Rules(Free with { MinDaysInRow = 2 }, a => a with { Tail = new(0, 1) }, Off).Should().Equal("too-few-days-in-row");
        Rules(Free, 7).Should().Equal("not-a-tour");
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
        var problem = Problem(1, Agent("A") with { Requests = [new(0, 0, true, 7), new(0, 1, false, 5)] }, Agent("B"));

        // Of periods 0 to 3 the late shift works 1 and 2: A's wish for early is refused, and so is the wish not to work late.
        TourChecker.Cost(problem, new([[1], [Off]])).Should().Be(new TourCost(200, 0, 12));
        TourChecker.Cost(problem, new([[0], [0]])).Should().Be(new TourCost(200, 2, 0));
    }

    private static IEnumerable<string> Rules(TourRules rules, params int[] tour) => Rules(rules, a => a, tour);

    private static IEnumerable<string> Rules(TourRules rules, Func<TourAgent, TourAgent> change, params int[] tour)
    {
        var problem = Problem(tour.Length, change(Agent("A", rules)));
        return TourChecker.Violations(problem, new([[.. tour]])).Select(v => v.Rule).Distinct();
    }
}

using System.Collections.Immutable;
using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;
using CallCenter.Planning.Tests.Simulation;
using CallCenter.Planning.Tours;

namespace CallCenter.Planning.Tests.Tours;

public sealed class PredictedServiceTests
{
    private const int HalfHours = 48;
    private const double HalfHour = 1800;

    [Fact]
    public void where_staff_is_constant_it_is_erlang_a()
    {
        var exact = ErlangA.Of(new(100, HalfHour, 180), 12, 20, 300);

        var predicted = Predicted([.. Enumerable.Repeat(12, 2 * HalfHours)], Centres.Calls(100, 2 * HalfHours, 180, 300), days: 60);

        // The first half hours fill the empty centre; 95 % intervals hold the exact value 19 times in 20.
        var settled = predicted.Intervals.Skip(4).ToList();
        Held(i => i.Calls.ServiceLevel, exact.AnsweredOfOffered);
        Held(i => i.Calls.AverageSpeedOfAnswer, exact.AverageSpeedOfAnswer);
        Held(i => i.Calls.Abandonment, exact.Abandonment);
        Held(i => i.Occupancy, exact.Occupancy);
        predicted.Days.Should().HaveCount(2);
        predicted.Days[1].Calls.ServiceLevel.Holds(exact.AnsweredOfOffered).Should().BeTrue();
        predicted.Days[1].Occupancy.Holds(exact.Occupancy).Should().BeTrue();

        void Held(Func<IntervalMeasures, Estimate> measure, double value) =>
            settled.Count(i => measure(i).Holds(value)).Should().BeGreaterThanOrEqualTo(settled.Count * 17 / 20);
    }

    [Fact]
    public void tours_that_keep_staff_constant_too()
    {
        var exact = ErlangA.Of(new(100, HalfHour, 180), 12, 20, 300);
        var problem = Problem(days: 3, new TourShift("D", 1440, [new(0, HalfHours)], []));

        var predicted = Predicted(problem, Roster(problem, agents: 12, _ => 0), Centres.Calls(100, 3 * HalfHours, 180, 300), days: 60);

        predicted.Days[1].Calls.ServiceLevel.Holds(exact.AnsweredOfOffered).Should().BeTrue();
        predicted.Days[1].Calls.AverageSpeedOfAnswer.Holds(exact.AverageSpeedOfAnswer).Should().BeTrue();
        predicted.Days[1].Calls.Abandonment.Holds(exact.Abandonment).Should().BeTrue();
    }

    [Fact]
    public void an_interval_without_staff_serves_nobody()
    {
        // Nobody waits longer than a minute, so none of the unstaffed hour's callers is there when an agent comes.
        var calls = Centres.Calls(40, HalfHours, 120) with { Patience = new Duration.Fixed(60) };
        var predicted = Predicted([.. Enumerable.Range(0, HalfHours).Select(i => i < 40 ? 8 : 0)], calls, days: 10);

        predicted.Intervals[39].Calls.ServiceLevel.Value.Should().BeGreaterThan(0.9);
        foreach (var empty in predicted.Intervals.Skip(40).Select(i => i.Calls))
        {
            empty.Offered.Value.Should().BeGreaterThan(0);
            empty.Answered.Should().Be(new Estimate(0, 0, 0));
            empty.ServiceLevel.Should().Be(new Estimate(0, 0, 0));
            empty.Abandonment.Value.Should().Be(1);
        }
    }

    [Fact]
    public void a_shift_answers_in_its_spans_of_work_on_its_days_and_past_midnight()
    {
        var problem = Problem(days: 2, new("split", 480, [new(16, 20), new(28, 32)], []), new("night", 480, [new(44, 52)], []));
        var calls = Centres.Calls(10, 2 * HalfHours, 60) with { Patience = new Duration.Fixed(30) };

        var predicted = Predicted(problem, Roster(problem, agents: 5, day => day == 0 ? 1 : 0), calls, days: 5);

        var staffed = Enumerable.Range(0, 2 * HalfHours).Where(i => predicted.Intervals[i].Calls.ServiceLevel.Value > 0.5);
        staffed.Should().Equal([44, 45, 46, 47, 48, 49, 50, 51, 64, 65, 66, 67, 76, 77, 78, 79]);
        predicted.Calls.Offered.Value.Should().BeApproximately(predicted.Days.Sum(d => d.Calls.Offered.Value), 1e-9);
        predicted.Calls.Answered.Value.Should().BeApproximately(predicted.Days.Sum(d => d.Calls.Answered.Value), 1e-9);
    }

    [Fact]
    public void who_is_absent_answers_less()
    {
        var problem = Problem(days: 2, new TourShift("D", 1440, [new(0, HalfHours)], []));
        var (roster, calls) = (Roster(problem, agents: 12, _ => 0), Centres.Calls(100, 2 * HalfHours, 180, 300));

        var all = Predicted(problem, roster, calls, days: 5);
        var fewer = Predicted(problem, roster, calls, days: 5, absence: 0.2);

        fewer.Calls.ServiceLevel.Value.Should().BeLessThan(all.Calls.ServiceLevel.Value - 0.1);
    }

    [Fact]
    public void calls_for_another_horizon_are_refused()
    {
        var problem = Problem(days: 2, new TourShift("D", 1440, [new(0, HalfHours)], []));

        FluentActions.Invoking(() => Predicted(problem, Roster(problem, agents: 1, _ => 0), Centres.Calls(100, HalfHours), days: 1))
            .Should().Throw<PlanningException>().Which.Code.Should().Be("calls-out-of-range");
        FluentActions.Invoking(() => Predicted(problem, Roster(problem, agents: 1, _ => 5), Centres.Calls(100, 2 * HalfHours), days: 1))
            .Should().Throw<PlanningException>().Which.Code.Should().Be("not-a-roster");
    }

    private static TourProblem Problem(int days, params TourShift[] shifts) => new(days, 0, HalfHours, [.. shifts], [], []);

    private static TourRoster Roster(TourProblem problem, int agents, Func<int, int> shift) =>
        new([.. Enumerable.Range(0, agents).Select(_ => Enumerable.Range(0, problem.Days).Select(shift).ToImmutableArray())]);

    private static SimulationResult Predicted(TourProblem problem, TourRoster roster, CallStream calls, int days, double absence = 0) =>
        TourService.Of(problem, roster, calls, new(20), new(0, days, days), TestContext.Current.CancellationToken, absence);

    private static SimulationResult Predicted(int[] agents, CallStream calls, int days) =>
        PredictedService.Of(agents, HalfHour, HalfHours, calls, new(20), new(0, days, days), TestContext.Current.CancellationToken);
}

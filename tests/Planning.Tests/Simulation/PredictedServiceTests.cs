using System.Collections.Immutable;
using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Simulation;

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

    private static SimulationResult Predicted(int[] agents, CallStream calls, int days) =>
        PredictedService.Of(agents, HalfHour, HalfHours, calls, new(20), new(0, days, days), TestContext.Current.CancellationToken);
}

using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Simulation;

public sealed class ErlangTests
{
    [Theory]
    [InlineData(100, 180, 300, 13)]
    [InlineData(300, 300, 120, 50)]
    public void what_erlang_a_says_lies_in_nineteen_of_twenty_intervals_of_the_simulation(
        double calls, double handle, double patience, int agents)
    {
        // The first interval fills the empty centre, the second is in the long run.
        var exact = ErlangA.Of(new(calls, 1800, handle), agents, 20, patience);
        var centre = Centres.Of(Centres.Calls(calls * 12, 2, handle, patience), agents, intervalSeconds: 1800 * 12);

        var simulated = Enumerable.Range(1, 20).Select(seed => centre.Days(6, seed).Intervals[1]).ToList();

        Held(i => i.Calls.ServiceLevel, exact.AnsweredOfOffered);
        Held(i => i.Calls.AverageSpeedOfAnswer, exact.AverageSpeedOfAnswer);
        Held(i => i.Calls.Abandonment, exact.Abandonment);
        Held(i => i.Occupancy, exact.Occupancy);

        // 19 expected; with a bias of half an interval it would be less than 17.
        void Held(Func<IntervalMeasures, Estimate> measure, double value) =>
            simulated.Count(i => measure(i).Holds(value)).Should().BeGreaterThanOrEqualTo(17);
    }

    [Fact]
    public void blocking_of_erlang_b_too()
    {
        var centre = Centres.Of(Centres.Calls(1000 * 40, 2, 180), 105, intervalSeconds: 1800 * 40) with { QueueLimit = 0 };

        var simulated = centre.Days(10).Intervals[1].Calls;

        (simulated.Blocked.Value / simulated.Offered.Value).Should().BeApproximately(ErlangB.Blocking(100, 105), 0.002);
        simulated.AverageWait.Value.Should().Be(0);
    }

    [Fact]
    public void long_calls_staffed_interval_by_interval_miss_the_goal_after_the_peak_and_by_the_modified_load_do_not()
    {
        // Calls of 40 minutes that peak at noon: the load comes later than the calls.
        double[] calls = [20, 30, 45, 60, 80, 95, 105, 110, 105, 90, 70, 50, 35, 25, 20, 15];
        var loads = calls.Select(c => new QueueLoad(c, 1800, 2400)).ToList();
        var goals = new StaffingGoals(0.8, WithinSeconds: 60);

        var apart = Lowest(loads);
        var lagged = Lowest(OfferedLoad.Modified(loads));

        apart.Should().BeLessThan(0.65);
        lagged.Should().BeGreaterThan(0.76);

        double Lowest(IReadOnlyList<QueueLoad> staffed)
        {
            var numbers = staffed.Select(l => AgentsNeeded.For(l, goals).Agents).ToList();
            var stream = new CallStream("long", calls, new Duration.Exponential(2400), Duration.None, new Duration.Exponential(600));
            var agents = Enumerable.Range(0, numbers.Max()).Select(a => new SimulatedAgent([new(0)], [.. numbers.Select((n, i) => (n, i))
                .Where(x => a < x.n).Select(x => new Presence(x.i * 1800, x.i == 15 ? double.PositiveInfinity : (x.i + 1) * 1800))]))
                    .ToList();

            // An empty centre at the start is no part of the question.
            return new SimulatedCentre(1800, 16, [stream], agents, AnyoneLeaves: true).Days(60).Intervals.Skip(3)
                .Min(i => i.Calls.ServiceLevel.Value);
        }
    }
}

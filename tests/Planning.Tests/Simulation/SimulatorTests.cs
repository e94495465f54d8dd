using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;
using FsCheck.Xunit;

namespace CallCenter.Planning.Tests.Simulation;

public sealed class SimulatorTests
{
    [Fact]
    public void the_same_seed_gives_the_same_days_and_another_gives_others()
    {
        var centre = Centres.Of(Centres.Calls(100, 8, patience: 120), 11);

        centre.Days(5, seed: 3).Should().BeEquivalentTo(centre.Days(5, seed: 3));
        centre.Days(5, seed: 3).Calls.Offered.Value.Should().NotBe(centre.Days(5, seed: 4).Calls.Offered.Value);
    }

    [Property(MaxTest = 25)]
    public bool every_call_is_answered_or_hangs_up_or_is_blocked(int seed, byte agents, byte load, bool limited)
    {
        var centre = Centres.Of(Centres.Calls(10 + load, 4, patience: 100), 1 + agents % 20) with { QueueLimit = limited ? 3 : null };
        var calls = centre.Days(2, seed).Calls;

        return Math.Abs(calls.Answered.Value + calls.HungUp.Value + calls.Blocked.Value - calls.Offered.Value) < 1e-9;
    }

    [Property(MaxTest = 15)]
    public bool one_agent_more_meets_the_same_calls_and_answers_them_no_later(int seed, byte agents)
    {
        var stream = Centres.Calls(60, 6);
        var (few, more) = (Centres.Of(stream, 6 + agents % 6).Days(3, seed).Calls, Centres.Of(stream, 7 + agents % 6).Days(3, seed).Calls);

        return few.Offered == more.Offered && more.AverageWait.Value <= few.AverageWait.Value + 1e-9;
    }

    [Fact]
    public void days_are_added_until_the_service_level_is_known_well_enough()
    {
        var centre = Centres.Of(Centres.Calls(100, 16, patience: 120), 11);

        var rough = Simulator.Run(centre, new(20), new(0.03, 5), default);
        var fine = Simulator.Run(centre, new(20), new(0.008, 5), default);

        rough.Stopped.Should().Be("precise");
        fine.Stopped.Should().Be("precise");
        fine.Replications.Should().BeGreaterThan(rough.Replications);
        fine.Calls.ServiceLevel.HalfWidth.Should().BeLessThanOrEqualTo(0.008);
    }

    [Fact]
    public void whoever_asks_to_stop_gets_what_is_known_so_far()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var heard = new List<int>();

        var result = Simulator.Run(Centres.Of(Centres.Calls(50, 4), 10), new(20), new(0, 10, 1000), cancellation.Token, new Heard(heard));

        result.Stopped.Should().Be("cancelled");
        result.Replications.Should().Be(1);
        heard.Should().Equal(1);
    }

    [Fact]
    public void busy_days_and_quiet_days_spread_the_counts()
    {
        var steady = Centres.Of(Centres.Calls(200, 10), 60);
        var (poisson, spread) = (steady.Days(40), (steady with { DayShape = 25 }).Days(40));

        // Poisson: deviation of a day √2000 = 45. With a gamma factor of deviation 0.2: 400.
        poisson.Calls.Offered.HalfWidth.Should().BeInRange(8, 22);
        spread.Calls.Offered.HalfWidth.Should().BeInRange(80, 190);
    }

    [Fact]
    public void lognormal_and_empirical_times_have_the_mean_they_are_given_and_after_contact_work_keeps_agents_busy()
    {
        var calls = Centres.Calls(200, 20);
        var lognormal = Centres.Of(calls with { Talk = new Duration.LogNormal(180, 218), AfterContact = new Duration.Fixed(45) }, 60)
            .Days(10);
        var empirical = Centres.Of(calls with { Talk = new Duration.Empirical([60, 120, 360]), AfterContact = new Duration.Fixed(45) }, 60)
            .Days(10);

        // 200 calls x 225 s in 1800 s are 25 erlangs on 60 agents.
        lognormal.Occupancy.Value.Should().BeApproximately(25.0 / 60, 0.01);
        empirical.Occupancy.Value.Should().BeApproximately(25.0 / 60, 0.01);
    }

    [Fact]
    public void nobody_there_answers_nobody_and_a_break_is_felt_in_its_interval()
    {
        var stream = Centres.Calls(100, 4, patience: 60);
        var shift = Presence.Without([new(0, 7200)], [new(1800, 3600)]);
        var centre = new SimulatedCentre(1800, 4, [stream], [.. Enumerable.Repeat(new SimulatedAgent([new(0)], shift), 14)]);

        var intervals = centre.Days(20).Intervals;

        intervals[0].Calls.ServiceLevel.Value.Should().BeGreaterThan(0.8);
        intervals[1].Calls.ServiceLevel.Value.Should().BeLessThan(0.1);
        intervals[2].Calls.ServiceLevel.Value.Should().BeGreaterThan(0.7);
        Centres.Of(stream, 0).Days(2).Calls.Answered.Value.Should().Be(0);
    }

    [Fact]
    public void absence_takes_agents_away()
    {
        var centre = Centres.Of(Centres.Calls(100, 8), 40);

        (centre with { Absence = 0.5 }).Days(30).Occupancy.Value.Should().BeApproximately(2 * centre.Days(30).Occupancy.Value, 0.05);
    }

    [Fact]
    public void times_without_breaks_are_cut_where_these_lie() =>
        Presence.Without([new(0, 100), new(200, 300)], [new(250, 400), new(20, 30), new(100, 150), new(-5, 2)])
            .Should().Equal(new Presence(2, 20), new Presence(30, 100), new Presence(200, 250));

    [Fact]
    public void each_question_without_an_answer_has_a_name()
    {
        var centre = Centres.Of(Centres.Calls(10, 2), 1);

        Code(centre with { Intervals = 0 }).Should().Be("interval-out-of-range");
        Code(centre with { Streams = [] }).Should().Be("streams-missing");
        Code(centre with { Absence = double.NaN }).Should().Be("absence-out-of-range");
        Code(centre with { DayShape = 0 }).Should().Be("shape-out-of-range");
        Code(centre with { Intervals = 3 }).Should().Be("calls-out-of-range");
        Code(Centres.Of(Centres.Calls(10, 2) with { Talk = new Duration.Empirical([]) }, 1)).Should().Be("duration-out-of-range");
        Code(centre with { Agents = [new([new(1)], Centres.Always)] }).Should().Be("skill-unknown");
        Code(centre with { Agents = [new([new(0)], [new(5, 5)])] }).Should().Be("presence-out-of-order");
    }

    private static string Code(SimulatedCentre centre) =>
        FluentActions.Invoking(() => centre.Days(1)).Should().Throw<PlanningException>().Which.Code;

    private sealed class Heard(List<int> days) : IProgress<(int Replications, Estimate ServiceLevel)>
    {
        public void Report((int Replications, Estimate ServiceLevel) value) => days.Add(value.Replications);
    }
}

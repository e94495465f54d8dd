using CallCenter.Planning.Staffing;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static CallCenter.Planning.Staffing.ServiceLevelDefinition;

namespace CallCenter.Planning.Tests.Staffing;

public sealed class ErlangTests
{
    private static readonly QueueLoad HundredCalls = new(Calls: 100, IntervalSeconds: 1800, HandleSeconds: 180);

    [Fact]
    public void erlang_b_agrees_with_published_values()
    {
        ErlangB.Blocking(1, 1).Should().Be(0.5);
        ErlangB.Blocking(10, 17).Should().BeApproximately(0.01294887522, 1e-10);
        ErlangB.Blocking(1000, 1072).Should().BeApproximately(0.000980003938, 1e-12);
        ErlangB.LinesFor(10, 0.01).Should().Be(18);
        ErlangB.LinesFor(500, 0.01).Should().Be(527);
    }

    [Fact]
    public void erlang_c_agrees_with_published_values()
    {
        var queue = ErlangC.Of(HundredCalls, agents: 14, withinSeconds: 20);

        queue.Wait.Should().BeApproximately(0.1741319336, 1e-10);
        queue.AverageSpeedOfAnswer.Should().BeApproximately(7.835937012, 1e-8);
        queue.Occupancy.Should().BeApproximately(0.7142857143, 1e-10);
        queue.AnsweredOfOffered.Should().BeApproximately(0.88835, 1e-5);
    }

    [Fact]
    public void erlang_a_agrees_with_published_values_in_all_definitions()
    {
        var queue = ErlangA.Of(HundredCalls, agents: 13, withinSeconds: 20, patienceSeconds: 300);

        queue.Wait.Should().BeApproximately(0.225797084, 1e-9);
        queue.Abandonment.Should().BeApproximately(0.02496330363, 1e-10);
        queue.AverageWait.Should().BeApproximately(7.48899109, 1e-8);
        queue.AverageSpeedOfAnswer.Should().BeApproximately(6.9139683, 1e-7);
        queue.ServiceLevel(AnsweredOfOffered).Should().BeApproximately(0.8581777, 1e-7);
        queue.ServiceLevel(AnsweredOfAnswered).Should().BeApproximately(0.88014913, 1e-8);
        queue.ServiceLevel(AnsweredOfPatient).Should().BeApproximately(0.8682745212, 1e-10);
        queue.ServiceLevel(NotWaitingOfOffered).Should().BeInRange(queue.AnsweredOfOffered, 1);
    }

    [Theory]
    [InlineData(300, 300, 20, 57)]
    [InlineData(30_000, 300, 20, 5019)]
    [InlineData(1, 300, 20, 1)]
    public void eighty_percent_in_twenty_seconds_needs(double calls, double handle, double within, int agents)
    {
        var load = new QueueLoad(calls, 1800, handle);
        var goals = new StaffingGoals(ServiceLevel: 0.8, WithinSeconds: within);

        AgentsNeeded.For(load, goals).Agents.Should().Be(agents);
    }

    [Theory]
    [InlineData(100, 180, 300, 0.05, 0.85, 13)]
    [InlineData(300, 300, 120, null, null, 51)]
    [InlineData(6000, 300, 120, null, null, 902)]
    [InlineData(6000, 300, 120, 0.02, null, 993)]
    public void with_impatient_callers_it_needs(
        double calls, double handle, double patience, double? abandonment, double? occupancy, int agents)
    {
        var load = new QueueLoad(calls, 1800, handle);
        var goals = new StaffingGoals(ServiceLevel: 0.8, MaxAbandonment: abandonment, MaxOccupancy: occupancy);

        var needed = AgentsNeeded.For(load, goals, patience);

        needed.Agents.Should().Be(agents);
        goals.MetBy(ErlangA.Of(load, agents - 1, 20, patience)).Should().BeFalse();
    }

    [Fact]
    public void patience_without_end_is_erlang_c_and_none_is_erlang_b()
    {
        ErlangA.Of(HundredCalls, 14, 20, patienceSeconds: 1e9).Wait
            .Should().BeApproximately(ErlangC.Of(HundredCalls, 14, 20).Wait, 1e-7);
        ErlangA.Of(HundredCalls, 14, 20, patienceSeconds: 1e-6).Abandonment
            .Should().BeApproximately(ErlangB.Blocking(10, 14), 1e-6);
    }

    [Fact]
    public void twenty_thousand_agents_neither_overflow_nor_underflow()
    {
        var load = new QueueLoad(120_000, 1800, 300);

        var queue = ErlangA.Of(load, 20_000, 20, 120);
        var overload = ErlangA.Of(load, 10, 20, 100_000);

        queue.AnsweredOfOffered.Should().BeInRange(0.98, 1);
        queue.Occupancy.Should().BeInRange(0.98, 1);
        overload.Abandonment.Should().BeApproximately(1 - 10 / 20_000.0, 1e-9);
        overload.AnsweredOfOffered.Should().BeInRange(0, 1e-9);
    }

    [Fact]
    public void each_question_without_an_answer_has_a_name()
    {
        Code(() => ErlangC.Of(HundredCalls, 10, 20)).Should().Be("unstable");
        Code(() => ErlangC.Of(HundredCalls with { HandleSeconds = 0 }, 10, 20)).Should().Be("handle-time-out-of-range");
        Code(() => ErlangC.Of(HundredCalls with { Calls = -1 }, 10, 20)).Should().Be("calls-out-of-range");
        Code(() => ErlangC.Of(HundredCalls with { Calls = double.NaN }, 10, 20)).Should().Be("calls-out-of-range");
        Code(() => ErlangA.Of(HundredCalls, 10, 20, patienceSeconds: -1)).Should().Be("patience-out-of-range");
        Code(() => ErlangA.Of(HundredCalls, 10, double.NaN, 60)).Should().Be("threshold-out-of-range");
        Code(() => AgentsNeeded.For(HundredCalls, new StaffingGoals())).Should().Be("goal-missing");
        Code(() => ErlangA.Of(HundredCalls, 10, 20, patienceSeconds: 1e308)).Should().Be("patience-out-of-range");
        Code(() => ErlangA.Of(HundredCalls with { Calls = 1e9 }, 1, 20, patienceSeconds: 1e9)).Should().Be("load-out-of-range");
        Code(() => ErlangA.Of(HundredCalls, int.MaxValue, 20, 60)).Should().Be("agents-out-of-range");
        Code(() => ErlangB.Blocking(1e300, int.MaxValue)).Should().Be("agents-out-of-range");
        Code(() => ErlangB.LinesFor(1e300, 0.5)).Should().Be("load-out-of-range");
        Code(() => AgentsNeeded.Scheduled(100, 0.999999)).Should().Be("shrinkage-out-of-range");
        Code(() => BacklogCarryOver.Of([HundredCalls with { HandleSeconds = 1e-9 }], [1], 20)).Should().Be("handle-time-out-of-range");
        Code(() => AgentsNeeded.For(new QueueLoad(1e9, 900, 300), new StaffingGoals(0.8))).Should().Be("load-out-of-range");
        foreach (var target in new[] { 0, 1, 1.01, -0.1, double.NaN })
        {
            Code(() => AgentsNeeded.For(HundredCalls, new StaffingGoals(target))).Should().Be("target-out-of-range");
            Code(() => AgentsNeeded.For(HundredCalls, new StaffingGoals(0.8, MaxOccupancy: target))).Should().Be("target-out-of-range");
        }

        foreach (var shrinkage in new[] { 1, 1.2, -0.1, double.NaN })
            Code(() => AgentsNeeded.Scheduled(10, shrinkage)).Should().Be("shrinkage-out-of-range");
    }

    [Fact]
    public void nothing_offered_needs_nobody()
    {
        AgentsNeeded.For(HundredCalls with { Calls = 0 }, new StaffingGoals(0.8)).Agents.Should().Be(0);
        AgentsNeeded.For(new QueueLoad(0, 900, 0), new StaffingGoals(0.8), patienceSeconds: 60).AnsweredOfOffered.Should().Be(1);
    }

    [Theory]
    [InlineData(14, 0.3, 20)]
    [InlineData(15, 0.3, 22)]
    [InlineData(10, 0, 10)]
    [InlineData(0, 0.5, 0)]
    public void shrinkage_divides_and_rounds_up_once(int agents, double shrinkage, int scheduled) =>
        AgentsNeeded.Scheduled(agents, shrinkage).Should().Be(scheduled);

    [Property]
    public bool one_agent_more_never_makes_it_worse(ushort calls, byte handle, byte patience, byte agents)
    {
        var load = new QueueLoad(1 + calls % 2000, 900, 30 + handle * 3);
        var (few, more) = (
            ErlangA.Of(load, 1 + agents, 20, 1 + patience * 4), ErlangA.Of(load, 2 + agents, 20, 1 + patience * 4));

        return more.AnsweredOfOffered >= few.AnsweredOfOffered - 1e-12
            && more.Abandonment <= few.Abandonment + 1e-12
            && more.Occupancy <= few.Occupancy + 1e-12
            && more.AverageWait <= few.AverageWait + 1e-9
            && few is { AnsweredOfOffered: >= 0 and <= 1, Occupancy: >= 0 and <= 1.0000000001, AnsweredOfAnswered: <= 1.0000000001 }
            && few.AnsweredOfOffered <= few.AnsweredOfPatient + 1e-12
            && few.AnsweredOfPatient <= few.AnsweredOfAnswered + 1e-9;
    }

    [Property]
    public bool one_call_more_never_needs_fewer_agents(ushort calls, byte handle)
    {
        var load = new QueueLoad(calls % 3000, 900, 20 + handle * 3);
        var goals = new StaffingGoals(0.8, MaxOccupancy: 0.9);

        return AgentsNeeded.For(load, goals).Agents <= AgentsNeeded.For(load with { Calls = load.Calls + 1 }, goals).Agents;
    }

    [Property]
    public bool what_goes_in_comes_out(ushort calls, byte handle, byte patience, byte agents)
    {
        // Little's law on those waiting and on those in service.
        var load = new QueueLoad(1 + calls % 2000, 900, 30 + handle * 3);
        var queue = ErlangA.Of(load, 1 + agents, 20, 1 + patience * 4);

        return Math.Abs(queue.Occupancy * queue.Agents - queue.Erlangs * (1 - queue.Abandonment)) < 1e-6 * queue.Erlangs
            && Math.Abs(queue.Abandonment * (1 + patience * 4) - queue.AverageWait) < 1e-6 * Math.Max(1, queue.AverageWait);
    }

    private static string Code(Action act) => act.Should().Throw<PlanningException>().Which.Code;
}

using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Staffing;

public sealed class BacklogCarryOverTests
{
    private static readonly QueueLoad Steady = new(Calls: 100, IntervalSeconds: 1800, HandleSeconds: 180);

    [Fact]
    public void a_quiet_day_is_close_to_erlang_c()
    {
        var day = BacklogCarryOver.Of([.. Enumerable.Repeat(Steady, 20)], [.. Enumerable.Repeat(20, 20)], withinSeconds: 20);

        day[^1].ServiceLevel.Should().BeApproximately(ErlangC.Of(Steady, 20, 20).AnsweredOfOffered, 0.01);
        day[^1].Occupancy.Should().BeApproximately(0.5, 0.01);
        day[^1].WaitingAtEnd.Should().BeLessThan(0.1);
    }

    [Fact]
    public void an_hour_of_overload_is_felt_after_it()
    {
        var rush = Steady with { Calls = 180 };
        var quiet = BacklogCarryOver.Of([Steady, Steady, Steady, Steady], [14, 14, 14, 14], 20);
        var busy = BacklogCarryOver.Of([rush, rush, Steady, Steady], [14, 14, 14, 14], 20);

        busy[1].WaitingAtEnd.Should().BeInRange(50, 90);
        busy[1].Occupancy.Should().BeInRange(0.9, 1);
        busy[2].ServiceLevel.Should().BeLessThan(quiet[2].ServiceLevel - 0.2);
        busy[2].WaitingAtEnd.Should().BeLessThan(busy[1].WaitingAtEnd);
    }

    [Fact]
    public void nobody_there_leaves_everybody_waiting()
    {
        var day = BacklogCarryOver.Of([Steady, Steady], [0, 0], 20, waiting: 5);

        day[1].WaitingAtEnd.Should().BeApproximately(205, 1e-9);
        day[1].ServiceLevel.Should().Be(0);
    }

    [Fact]
    public void each_question_without_an_answer_has_a_name()
    {
        Code(() => BacklogCarryOver.Of([Steady], [], 20)).Should().Be("agents-out-of-range");
        Code(() => BacklogCarryOver.Of([Steady], [-1], 20)).Should().Be("agents-out-of-range");
        Code(() => BacklogCarryOver.Of([Steady], [1], 20, waiting: double.NaN)).Should().Be("agents-out-of-range");
    }

    private static string Code(Action act) => act.Should().Throw<PlanningException>().Which.Code;
}

using CallCenter.Attendance.Floor;
using CallCenter.Contracts.Scheduling;
using CallCenter.Rules;

namespace CallCenter.Attendance.Tests.Floor;

public sealed class RestOfDayTests
{
    private static readonly Guid Ann = Guid.CreateVersion7(), Bob = Guid.CreateVersion7();

    private static DateTimeOffset At(int hour, int minute) => new(2026, 3, 9, hour, minute, 0, TimeSpan.FromHours(8));

    private static FloorQueue Standing(string queue, double? goal = 0.8) =>
        new(queue, 0, null, 0, 100, 80, 5, 100, 0.75m, 20, "answered-of-offered", goal, null, null, 0);

    // Twelve contacts a quarter hour of four minutes each: 3.2 erlangs.
    private static CoverageDayV1 Expected(double contacts = 12) => new(
        Guid.NewGuid(), 1, Guid.NewGuid(), Guid.NewGuid(), "billing", new(2026, 3, 9),
        [.. Enumerable.Range(0, 24).Select(i => new CoverageInterval(At(12, 0).AddMinutes(15 * i), 15, 5, 5, contacts, 240))],
        new CoverageGoal(0.8, 20, "answered-of-offered", 120, 0));

    private static RestOfShift Shift(Guid agent, int until, params RosterActivity[] pauses)
    {
        var activities = new List<RosterActivity>();
        var at = At(9, 0);
        foreach (var pause in pauses)
        {
            activities.Add(new("work", at, pause.From, true));
            activities.Add(pause);
            at = pause.To;
        }

        return new(agent, ["billing"], [.. activities, new("work", at, At(until, 0), true)], Comes: true);
    }

    private static RestOfDay Rest(CoverageDayV1 coverage, params RestOfShift[] shifts)
    {
        var rest = new RestOfDay(At(12, 0), At(18, 0), [], shifts);
        return rest with { Queues = [RestOfQueue.Of(Standing("billing"), coverage, rest.Now, rest.Steps)] };
    }

    private static RestOfShift[] Shifts(int agents) => [.. Enumerable.Range(0, agents).Select(_ => Shift(Guid.CreateVersion7(), 18))];

    [Fact]
    public void what_is_still_to_come_is_what_was_published_from_now_on()
    {
        var rest = new RestOfDay(At(13, 5), At(18, 0), [], []);
        var queue = RestOfQueue.Of(Standing("billing") with { Waiting = 3 }, Expected(), rest.Now, rest.Steps);
        var busy = RestOfQueue.Of(Standing("billing") with { Waiting = 3, Busyness = 1.5 }, Expected(), rest.Now, rest.Steps);
        busy.Contacts.Sum().Should().BeApproximately(3 + 1.5 * (queue.Contacts.Sum() - 3), 1e-9, "who waits is counted, not expected");

        queue.Contacts.Sum().Should().BeApproximately(12 * (295 / 15.0) + 3, 1e-6, "and who waits comes first");
        queue.Contacts[0].Should().BeApproximately(4 + 3, 1e-6);
        queue.HandleSeconds.Should().AllBeEquivalentTo(240.0);
    }

    [Fact]
    public void more_agents_answer_more_in_time_and_the_day_lies_between_so_far_and_rest()
    {
        var levels = new[] { 3, 4, 5, 7 }.Select(agents =>
            Outlooks.Of(Guid.Empty, Rest(Expected(), Shifts(agents)), CancellationToken.None).Queues[0]).ToList();

        levels.Select(q => q.Rest!.Value).Should().BeInAscendingOrder();
        levels[0].Rest!.Value.Should().BeLessThan(0.6);
        levels[3].Rest!.Value.Should().BeGreaterThan(0.9);
        foreach (var queue in levels)
            queue.Day!.Value.Should().BeInRange(Math.Min(0.75, queue.Rest!.Value), Math.Max(0.75, queue.Rest.Value));
        levels[0].Hours.Should().HaveCount(6);
    }

    [Fact]
    public void who_has_not_come_is_not_counted_on()
    {
        var five = Shifts(5);
        var all = Outlooks.Of(Guid.Empty, Rest(Expected(), five), CancellationToken.None).Queues[0].Rest!.Value;
        var four = Outlooks.Of(
            Guid.Empty, Rest(Expected(), [.. five[..4], five[4] with { Comes = false }]), CancellationToken.None).Queues[0].Rest!.Value;

        four.Should().Be(Outlooks.Of(Guid.Empty, Rest(Expected(), five[..4]), CancellationToken.None).Queues[0].Rest!.Value)
            .And.BeLessThan(all);
    }

    [Fact]
    public void a_day_that_misses_its_goal_gets_moves_of_which_one_more_agent_gains_most()
    {
        var lunch = new RosterActivity("meal", At(12, 30), At(13, 0), Paid: false);
        var outlook = Outlooks.Of(Guid.Empty,
            Rest(Expected(), [Shift(Ann, 18, lunch), Shift(Bob, 15), .. Shifts(2)]), CancellationToken.None);

        outlook.Proposals.Should().NotBeEmpty().And.BeInDescendingOrder(p => p.Effect.Gained);
        outlook.Proposals[0].Move.Kind.Should().Be(FloorMoveKind.CallIn);
        outlook.Proposals[0].Effect.Low.Should().BeGreaterThan(0, "the same contacts meet one agent more");
        outlook.Proposals.Should().OnlyContain(p => p.Effect.Days >= 5
            && p.Effect.Low <= p.Effect.Gained && p.Effect.Gained <= p.Effect.High);
    }

    [Fact]
    public void nobody_works_longer_for_it_than_contacts_come()
    {
        var rest = Rest(Expected(), [Shift(Ann, 17), .. Shifts(2)]) with { Until = At(23, 0) };
        rest = rest with { Queues = [RestOfQueue.Of(Standing("billing"), Expected(), rest.Now, rest.Steps)] };

        var moves = Outlooks.Of(Guid.Empty, rest, CancellationToken.None).Proposals.Select(p => p.Move).ToList();

        moves.Should().Contain(move => move.Kind == FloorMoveKind.CallIn).And.OnlyContain(move => move.To <= At(18, 0));
    }

    [Fact]
    public void a_day_far_above_its_goal_lets_somebody_go_and_says_what_that_costs()
    {
        var outlook = Outlooks.Of(Guid.Empty, Rest(Expected(), Shifts(12)), CancellationToken.None);

        outlook.Proposals.Should().NotBeEmpty().And.OnlyContain(p => p.Move.Kind == FloorMoveKind.LeaveEarly && p.Effect.Gained <= 0);
    }

    [Fact]
    public void a_day_that_began_badly_is_helped_and_lets_nobody_go_though_the_rest_of_it_would_do()
    {
        var rest = Rest(Expected(), Shifts(7));
        var begun = rest with { Queues = [rest.Queues[0] with { Standing = Standing("billing") with { Offered = 400, ServiceLevel = 0.3m } }] };

        var outlook = Outlooks.Of(Guid.Empty, begun, CancellationToken.None);

        outlook.Queues[0].Rest!.Value.Should().BeGreaterThan(0.85);
        outlook.Queues[0].Day!.Value.Should().BeLessThan(0.8);
        outlook.Proposals.Select(p => p.Move.Kind).Should().Contain(FloorMoveKind.CallIn).And.NotContain(FloorMoveKind.LeaveEarly);
    }

    [Fact]
    public void without_a_published_roster_nothing_is_known_to_come()
    {
        var rest = new RestOfDay(At(12, 0), At(18, 0), [], Shifts(3));
        var bare = rest with { Queues = [RestOfQueue.Of(Standing("billing") with { Expected = null }, null, rest.Now, rest.Steps)] };
        var queue = Outlooks.Of(Guid.Empty, bare, CancellationToken.None).Queues[0];

        (queue.Contacts, queue.Rest, queue.Day).Should().Be((null, null, null));
    }

    [Fact]
    public void a_break_that_moves_leaves_as_much_work()
    {
        var lunch = new RosterActivity("meal", At(12, 0), At(13, 0), Paid: false);
        var moved = Shift(Ann, 18, lunch).With(new(FloorMoveKind.MoveBreak, Ann, null, lunch.From, lunch.To, At(14, 30)));

        moved.Activities.Where(a => a.Kind == "meal").Should().Equal(lunch with { From = At(14, 30), To = At(15, 30) });
        moved.Activities.Where(a => a.Kind == "work").Sum(a => (a.To - a.From).TotalMinutes).Should().Be(8 * 60);
        moved.Activities.Zip(moved.Activities.Skip(1)).Should().OnlyContain(pair => pair.First.To <= pair.Second.From);
    }

    public static TheoryData<string, FloorMove> NoMoves => new()
    {
        { "move-reversed", new(FloorMoveKind.StayOn, Ann, null, At(15, 0), At(15, 0)) },
        { "move-agent", new(FloorMoveKind.StayOn, null, null, At(15, 0), At(16, 0)) },
        { "move-agent", new(FloorMoveKind.CallIn, Ann, "billing", At(15, 0), At(16, 0)) },
        { "move-queue", new(FloorMoveKind.CallIn, null, null, At(15, 0), At(16, 0)) },
        { "move-queue", new(FloorMoveKind.LeaveEarly, Ann, "billing", At(15, 0), At(16, 0)) },
        { "move-break", new(FloorMoveKind.MoveBreak, Ann, null, At(15, 0), At(16, 0)) },
        { "move-break", new(FloorMoveKind.StayOn, Ann, null, At(15, 0), At(16, 0), At(17, 0)) },
    };

    [Theory, MemberData(nameof(NoMoves))]
    public void a_move_that_is_none_is_refused_by_the_rule(string code, FloorMove move) =>
        FluentActions.Invoking(() => FloorDecider.Check(move)).Should().Throw<InvalidException>().Which.Errors
            .Should().ContainSingle(error => error.Code == code);

    [Fact]
    public void a_decision_is_made_once()
    {
        var move = new FloorMove(FloorMoveKind.CallIn, null, "billing", At(15, 0), At(16, 0));
        var command = new DecideFloor(Guid.CreateVersion7(), Guid.NewGuid(), move, "Three are ill.", null, Bob, At(12, 0));
        var made = FloorDecider.Decide(command, new FloorDecision()).Aggregate(new FloorDecision(), (state, e) => state.Evolve(e));

        made.Reason.Should().Be("Three are ill.");
        FloorDecider.Decide(command with { Now = At(13, 0) }, made).Should().BeEmpty();
        FluentActions.Invoking(() => FloorDecider.Decide(command with { Reason = "Four." }, made)).Should().Throw<InvalidException>();
    }
}

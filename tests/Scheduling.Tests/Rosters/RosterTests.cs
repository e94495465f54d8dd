using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;
using CallCenter.Testing;
using CallCenter.Time;
using static CallCenter.Scheduling.Rosters.RosterDecider;
using Roster = CallCenter.Scheduling.Rosters.Roster;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class RosterTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Ada = Guid.CreateVersion7();
    private static readonly Guid Scheduler = Guid.CreateVersion7();
    private static readonly DateOnly Monday = new(2026, 3, 2);
    private static readonly DateTimeOffset Now = new(2026, 2, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly RosterCost Cost = new(0, 0, 0, 0, 0, 0);

    private static readonly RosterShift Shift = new(Monday, "D-0900", ShiftKind.Day,
        new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero), new(2026, 3, 2, 16, 30, 0, TimeSpan.Zero),
        [new("meal", new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), new(2026, 3, 2, 12, 30, 0, TimeSpan.Zero), Paid: false)]);

    private static readonly object[] Generated =
    [
        new RosterGenerated(Id, Project, Id, "Europe/Berlin", Monday, 7, [Ada], Cost, 1, 10, Scheduler, Now),
            new AgentRostered(Id, Ada, [Shift]),
    ];

    [Fact]
    public void a_generated_roster_is_a_draft() =>
        Given().When(state => Decide(Generate(), state)).Then(Generated);

    [Fact]
    public void generating_twice_changes_nothing() =>
        Given(Generated).When(state => Decide(Generate(), state)).ThenNothing();

    [Fact]
    public void a_shift_replaces_the_one_of_its_day()
    {
        object[] history = [.. Generated, new ShiftAssigned(Id, Ada, Shift with { Code = "D-1000" }, Scheduler, Now)];
        var state = history
            .Aggregate(new Roster { Id = Id }, (s, e) => s.Evolve(e));

        state.Agents[Ada].Should().ContainSingle().Which.Code.Should().Be("D-1000");
        state.Status.Should().Be(RosterStatus.Draft);
    }

    [Fact]
    public void the_same_shift_again_changes_nothing() =>
        Given(Generated).When(state => Decide(Assign(Shift with { Breaks = [.. Shift.Breaks] }), state)).ThenNothing();

    [Fact]
    public void a_shift_that_would_break_a_rule_beside_others_is_refused_by_its_name()
    {
        var (night, next) = (At(Monday, 22, 8), At(Monday.AddDays(1), 9, 8));

        Given([.. Generated, new ShiftAssigned(Id, Ada, night, Scheduler, Now)]).When(state => Decide(Assign(next), state))
            .ThenRefused("rest-too-short");
    }

    [Fact]
    public void a_shift_that_is_wrong_by_itself_is_wrong_with_the_request()
    {
        var assign = Assign(At(Monday.AddDays(2), 9, 8));
        assign = assign with { Known = assign.Known with { Agents = [assign.Known.Agents[0] with { Unavailable = [OnLeave] }] } };
        var decide = () => Decide(assign, Generated.Aggregate(new Roster { Id = Id }, (s, e) => s.Evolve(e)));

        decide.Should().Throw<InvalidException>().Which.Errors.Should().ContainSingle().Which.Code.Should().Be("leave");
    }

    [Fact]
    public void what_was_broken_before_does_not_keep_a_shift_away() =>
        Given([.. Generated, new ShiftAssigned(Id, Ada, At(Monday, 22, 8), Scheduler, Now),
            new ShiftAssigned(Id, Ada, At(Monday.AddDays(1), 9, 8), Scheduler, Now)])
            .When(state => Decide(Assign(At(Monday.AddDays(3), 9, 8)), state))
                .Then(new ShiftAssigned(Id, Ada, At(Monday.AddDays(3), 9, 8), Scheduler, Now));

    [Fact]
    public void a_day_off_cannot_be_taken_away() =>
        Given(Generated).When(state => Decide(new UnassignShift(Ada, Monday.AddDays(1), Scheduler, Now), state)).ThenNothing();

    [Fact]
    public void publishing_gives_the_roster_its_number() =>
        Given(Generated).When(state => Decide(Publish(4), state)).Then(new RosterPublished(Id, 4, Scheduler, Now));

    [Fact]
    public void publishing_twice_changes_nothing() =>
        Given([.. Generated, new RosterPublished(Id, 4, Scheduler, Now)]).When(state => Decide(Publish(5), state)).ThenNothing();

    [Fact]
    public void a_changed_roster_is_published_again() =>
        Given([.. Generated, new RosterPublished(Id, 4, Scheduler, Now), new ShiftUnassigned(Id, Ada, Monday, Scheduler, Now)])
            .When(state => Decide(Publish(5), state)).Then(new RosterPublished(Id, 5, Scheduler, Now));

    [Fact]
    public void a_roster_that_breaks_a_rule_is_not_published() =>
        Given([.. Generated, new ShiftAssigned(Id, Ada, At(Monday.AddDays(2), 9, 8), Scheduler, Now)])
            .When(state => Decide(Publish(1, OnLeave), state)).ThenRefused("leave");

    [Fact]
    public void a_break_that_is_not_paid_is_taken_off_the_hours() => Shift.PaidHours.Should().Be(8);

    private static Spec<Roster> Given(params object[] history) => new(new Roster { Id = Id }, (state, e) => state.Evolve(e), history);

    private static GenerateRoster Generate() => new(Id, Project, Id, "Europe/Berlin", Monday, 7, [Ada],
        [new AgentRostered(Id, Ada, [Shift])], Cost, 1, 10, Scheduler, Now);

    // Wednesday.
    private static readonly Unavailability OnLeave = new(2 * 1440, 3 * 1440, "leave");

    private static readonly RosterFrame Frame = new(LocalCalendar.Of("Europe/Berlin"), Monday, 7);

    private static RosterProblem Known(params Unavailability[] unavailable) => new(Frame.DayStarts, 0, 15,
        [new RosterAgent(Ada, ["billing"], 60 * 60, [.. unavailable], [], [], CarryOver.None)], [], [new SkillDemand("billing", [])],
        new RosterRules(), new RosterWeights());

    private static RosterShift At(DateOnly date, int hour, int hours) =>
        new(date, "custom", ShiftKind.Day, Frame.Calendar.At(date, new(hour, 0)),
        Frame.Calendar.At(date, new(hour, 0)).AddHours(hours), []);

    private static AssignShift Assign(RosterShift shift) => new(Ada, shift, Frame, Known(), Scheduler, Now);

    private static PublishRoster Publish(long number, params Unavailability[] unavailable) =>
        new(number, Frame, Known(unavailable), Scheduler, Now);
}

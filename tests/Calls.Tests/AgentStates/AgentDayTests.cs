using CallCenter.Calls.AgentStates;
using CallCenter.Contracts.Calls;
using CallCenter.Testing;
using CallCenter.Time;
using FsCheck.Xunit;

namespace CallCenter.Calls.Tests.AgentStates;

public sealed class AgentDayTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Other = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly LocalCalendar Utc = LocalCalendar.Of("UTC");
    private static readonly DateOnly Monday = new(2026, 3, 2);
    private static readonly DateTimeOffset Eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void a_day_is_made_of_the_times_between_the_changes() =>
        Summary(At(0, AgentState.Login), At(5, AgentState.Ready), At(30, AgentState.Busy), At(40, AgentState.AfterContactWork),
                At(45, AgentState.Break), At(60, AgentState.Logout))
            .Should().Equal("ready 0-30", "busy 30-40", "after-contact-work 40-45", "break 45-60");

    [Fact]
    public void the_last_state_is_open_until_the_sign_off() =>
        Summary(At(0, AgentState.Ready), At(30, AgentState.Busy)).Should().Equal("ready 0-30", "busy 30-");

    [Fact]
    public void signing_in_again_leaves_a_gap_that_shows() =>
        Summary(At(0, AgentState.Ready), At(30, AgentState.Logout), At(90, AgentState.Login), At(100, AgentState.Logout))
            .Should().Equal("ready 0-30", "offline 30-90", "ready 90-100");

    [Fact]
    public void a_state_over_midnight_ends_in_one_day_and_goes_on_in_the_next()
    {
        AgentStateChanged[] night =
        [
            At(14 * 60, AgentState.Ready), At((16 * 60) - 10, AgentState.Busy), At((16 * 60) + 20, AgentState.Ready),
            At(22 * 60, AgentState.Logout),
        ];

        Summary(Monday, night).Should().Equal("ready 840-950", "busy 950-960");
        Summary(Monday.AddDays(1), night).Should().Equal("busy 960-980", "ready 980-1320");
    }

    [Fact]
    public void a_state_that_is_not_ended_within_twelve_hours_was_forgotten()
    {
        AgentStateChanged[] forgotten = [At(0, AgentState.Ready), At((12 * 60) + 1, AgentState.Login), At(13 * 60, AgentState.Logout)];

        Summary(Monday, forgotten).Should().Equal("ready 0-", "ready 721-780");
        Summary(At(0, AgentState.Ready), At(12 * 60, AgentState.Logout)).Should().Equal("ready 0-720");
    }

    [Fact]
    public void a_state_in_one_project_ends_when_one_in_another_begins()
    {
        AgentStateChanged[] both = [At(0, AgentState.Busy), At(30, AgentState.Ready) with { ProjectId = Other }, At(60, AgentState.Logout)];

        Summary(both).Should().Equal("busy 0-30");
        Summary(Monday, both, Other).Should().Equal("ready 30-60");
    }

    [Fact]
    public void channels_run_beside_each_other_and_the_person_does_one_thing_at_a_time()
    {
        AgentStateChanged[] blended =
        [
            At(0, AgentState.Login), At(1, AgentState.Ready, "voice"), At(1, AgentState.Ready, "chat"),
            At(10, AgentState.Busy, "chat"), At(20, AgentState.Busy, "voice"), At(30, AgentState.AfterContactWork, "voice"),
            At(40, AgentState.Ready, "chat"), At(45, AgentState.Ready, "voice"), At(60, AgentState.Logout),
        ];

        Summary(blended).Should().Equal("ready 0-10", "busy 10-40", "after-contact-work 40-45", "ready 45-60");
        ByChannel(blended).Should().Equal(
            "chat ready 1-10", "voice ready 1-20", "chat busy 10-40", "voice busy 20-30", "voice after-contact-work 30-45",
            "chat ready 40-60", "voice ready 45-60");
    }

    [Fact]
    public void leaving_one_of_two_queues_is_not_signing_off()
    {
        AgentStateChanged[] left =
        [
            At(0, AgentState.Login, queue: "billing"), At(0, AgentState.Login, queue: "orders"),
            At(30, AgentState.Logout, queue: "billing"), At(60, AgentState.Logout, queue: "orders"),
        ];

        Summary(left).Should().Equal("ready 0-60");
        ByChannel(left).Should().Equal("billing ready 0-30", "orders ready 0-60");
    }

    [Fact]
    public void the_queues_of_two_projects_are_two_though_they_have_one_name()
    {
        AgentStateChanged[] both =
        [
            At(0, AgentState.Ready, queue: "billing"), At(10, AgentState.Busy, queue: "billing") with { ProjectId = Other },
            At(20, AgentState.Logout, queue: "billing") with { ProjectId = Other }, At(30, AgentState.Logout, queue: "billing"),
        ];

        Summary(both).Should().Equal("ready 0-10", "ready 20-30");
        Summary(Monday, both, Other).Should().Equal("busy 10-20");
    }

    [Fact]
    public void who_signed_in_as_a_person_is_there_after_a_call_in_a_channel() =>
        Summary(At(0, AgentState.Login), At(60, AgentState.Busy, "voice"), At(120, AgentState.Logout, "voice"), At(480, AgentState.Logout))
            .Should().Equal("ready 0-60", "busy 60-120", "ready 120-480");

    [Fact]
    public void who_signed_in_to_queues_alone_is_gone_with_the_last_of_them_also_after_a_break_for_all() =>
        Summary(
                At(0, AgentState.Ready, queue: "billing"), At(60, AgentState.Break), At(120, AgentState.Ready),
                At(180, AgentState.Busy, "voice"), At(240, AgentState.Logout, "voice"), At(480, AgentState.Logout, queue: "billing"),
                At(600, AgentState.Login), At(660, AgentState.Logout))
            .Should().Equal(
                "ready 0-60", "break 60-120", "ready 120-180", "busy 180-240", "ready 240-480", "offline 480-600", "ready 600-660");

    [Fact]
    public void a_break_of_the_whole_person_is_one_in_all_channels()
    {
        AgentStateChanged[] pause =
            [At(0, AgentState.Ready, "voice"), At(0, AgentState.Busy, "chat"), At(30, AgentState.Break), At(40, AgentState.Ready, "voice")];

        Summary(pause).Should().Equal("busy 0-30", "break 30-40", "ready 40-");
        ByChannel(pause).Should().Equal("chat busy 0-30", "voice ready 0-30", "voice ready 40-");
    }

    [Property(MaxTest = 200)]
    public void the_days_of_all_projects_add_up_to_the_persons_time(int seed)
    {
#pragma warning disable CA5394 // a test that can be repeated needs a seed, not secrecy
        var random = new Random(seed);
        var changes = Enumerable.Range(0, 40).Select(_ => At(random.Next(3 * 24 * 60), (AgentState)random.Next(8),
            random.Next(3) switch { 0 => null, 1 => "voice", _ => "chat" }) with
            { ProjectId = random.Next(2) == 0 ? Project : Other }).ToArray();
        var pieces = AgentTime.OfPerson(changes);
        random.Shuffle(changes);
#pragma warning restore CA5394
        var calendar = LocalCalendar.Of("Asia/Shanghai");

        pieces.Zip(pieces.Skip(1)).Should().OnlyContain(pair => pair.First.From < pair.Second.From && !(pair.First.To > pair.Second.From));
        AgentTime.OfPerson([.. changes, .. changes]).Should().Equal(pieces);
        var cut = from project in new[] { Project, Other }
                  from day in Enumerable.Range(-1, 7)
                  from segment in pieces.In(project, calendar, Monday.AddDays(day))
                  where segment.State != "offline"
                  select segment;
        cut.Sum(s => (s.To - s.From)?.TotalMinutes ?? 0).Should().Be(
            pieces.Where(p => p.State is not AgentState.Logout).Sum(p => (p.To - p.From)?.TotalMinutes ?? 0));
    }

    [Fact]
    public void the_same_change_again_changes_nothing() =>
        new Spec<AgentDay>(new AgentDay(), (state, e) => state.Evolve(e), [At(0, AgentState.Ready)])
            .When(state => AgentDayDecider.Decide(At(0, AgentState.Ready), state)).ThenNothing();

    [Property(MaxTest = 200)]
    public void changes_in_any_order_make_the_same_day(int seed)
    {
#pragma warning disable CA5394 // a test that can be repeated needs a seed, not secrecy
        var random = new Random(seed);
        var changes = Enumerable.Range(0, 12).Select(_ => At(random.Next(20), (AgentState)random.Next(8))).ToArray();
        var expected = Summary(changes);
        random.Shuffle(changes);
#pragma warning restore CA5394

        Summary([.. changes, .. changes]).Should().Equal(expected);
    }

    private static List<string> Summary(params AgentStateChanged[] changes) => Summary(Monday, changes);

    private static List<string> Summary(DateOnly day, AgentStateChanged[] changes, Guid? project = null) =>
        [.. AgentTime.OfPerson(changes).In(project ?? Project, Utc, day).Select(Text)];

    private static List<string> ByChannel(AgentStateChanged[] changes) =>
        [.. AgentTime.ByChannel(changes).In(Project, Utc, Monday).Select(s => $"{s.Channel ?? s.Queue} {Text(s)}")];

    private static string Text(AgentSegment s) => $"{s.State} {(s.From - Eight).TotalMinutes}-{(s.To - Eight)?.TotalMinutes}";

    private static AgentStateChanged At(int minute, AgentState state, string? channel = null, string? queue = null) =>
        new(Project, Agent, Utc.DayOf(Eight.AddMinutes(minute)), state, Eight.AddMinutes(minute), channel, queue);
}

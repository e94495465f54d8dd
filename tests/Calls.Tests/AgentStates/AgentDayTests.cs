using CallCenter.Calls.AgentStates;
using CallCenter.Testing;
using FsCheck.Xunit;

namespace CallCenter.Calls.Tests.AgentStates;

public sealed class AgentDayTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Agent = Guid.CreateVersion7();
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

    private static List<string> Summary(params AgentStateChanged[] changes) =>
        [.. changes.Aggregate(new AgentDay(), (day, change) => day.Evolve(change)).Segments()
            .Select(s => $"{s.State} {(s.From - Eight).TotalMinutes}-{(s.To - Eight)?.TotalMinutes}")];

    private static AgentStateChanged At(int minute, AgentState state) =>
        new(Project, Agent, new DateOnly(2026, 3, 2), state, Eight.AddMinutes(minute));
}

using CallCenter.Calls.Chats;
using CallCenter.Calls.Contacts;
using CallCenter.Contracts.Calls;
using FsCheck.Xunit;

namespace CallCenter.Calls.Tests.Chats;

public sealed class ChatTests
{
    private static readonly Guid Project = Guid.CreateVersion7(), Ann = Guid.CreateVersion7(), Bob = Guid.CreateVersion7();
    private static readonly DateTimeOffset Nine = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);

    // AS-19: 5.000 s is in time, 5.001 s is not; a machine greets.
    [Theory]
    [InlineData(ChatTurnKind.Agent, 5.0)]
    [InlineData(ChatTurnKind.Automatic, 5.001)]
    public void a_chat_is_greeted_by_whoever_writes_to_the_customer_first(ChatTurnKind kind, double seconds) =>
        Of((ChatTurnKind.Opened, 0, Ann), (ChatTurnKind.Customer, 1, null), (kind, seconds, Ann)).GreetingSeconds
            .Should().Be((decimal)seconds);

    [Fact]
    public void what_a_machine_answers_is_no_reply()
    {
        var chat = Of((ChatTurnKind.Opened, 0, Ann), (ChatTurnKind.Customer, 2, null), (ChatTurnKind.Automatic, 3, null),
            (ChatTurnKind.Customer, 30, null), (ChatTurnKind.Agent, 63, Ann));

        (chat.GreetingSeconds, chat.FirstReplySeconds).Should().Be((3, 61));
        chat.Waits.Should().Equal(new ChatWait(Nine.AddSeconds(2), Nine.AddSeconds(63), null, Ann));
    }

    [Fact]
    public void a_wait_is_of_who_replies_and_else_of_whom_the_chat_was_given_to_last()
    {
        var chat = Of((ChatTurnKind.Opened, 0, Ann), (ChatTurnKind.Customer, 10, null), (ChatTurnKind.Agent, 20, Bob),
            (ChatTurnKind.Opened, 25, Ann), (ChatTurnKind.Customer, 30, null), (ChatTurnKind.Closed, 90, null),
            (ChatTurnKind.Customer, 200, null));

        chat.Waits.Should().Equal(
            new(Nine.AddSeconds(10), Nine.AddSeconds(20), null, Bob), new(Nine.AddSeconds(30), null, Nine.AddSeconds(90), Ann),
            new ChatWait(Nine.AddSeconds(200), null, null, Ann));
    }

    [Fact]
    public void where_nobody_has_written_nothing_is_known()
    {
        var chat = Of((ChatTurnKind.Opened, 0, null));

        (chat.GreetingSeconds, chat.FirstReplySeconds, chat.Waits.Count).Should().Be((null, null, 0));
    }

    [Property]
    public void every_order_of_the_same_reports_is_the_same_chat_and_each_counts_once(int seed)
    {
        var random = new Random(seed);
        Guid?[] agents = [null, Ann, Bob];
        var reports = Enumerable.Range(0, random.Next(1, 12))
            .Select(_ => Report((ChatTurnKind)random.Next(5), random.Next(8), agents[random.Next(3)])).ToArray();
        var told = reports.Concat(reports).ToArray();
        random.Shuffle(told);

        var chat = Folded(told);

        chat.Turns.Should().Equal(Folded(reports).Turns);
        ChatDecider.Decide(reports[0], chat).Should().BeEmpty();
        chat.Waits.All(wait => wait.RepliedAt is null || wait.RepliedAt >= wait.AskedAt).Should().BeTrue();
    }

    private static Chat Folded(IEnumerable<ChatReported> reports) => reports.Aggregate(new Chat(), (chat, report) => chat.Evolve(report));

    private static ChatV1 Of(params (ChatTurnKind Kind, double Seconds, Guid? Agent)[] turns) =>
        Folded(turns.Select(turn => Report(turn.Kind, turn.Seconds, turn.Agent))).ToFact(Guid.CreateVersion7(), turns.Length);

    private static ChatReported Report(ChatTurnKind kind, double seconds, Guid? agent) =>
        new(Project, CallIds.Of(Project, "web", "1"), "web", "1", kind, Nine.AddSeconds(seconds), agent);
}

using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Staffing;

public sealed class ConcurrentChatsTests
{
    private static readonly QueueLoad Chats = new(Calls: 100, IntervalSeconds: 1800, HandleSeconds: 600);

    [Fact]
    public void one_chat_at_once_is_a_call()
    {
        var (agents, chats) = new ConcurrentChats(1, 0.3).AgentsFor(Chats, new StaffingGoals(0.8));

        agents.Should().Be(AgentsNeeded.For(Chats, new StaffingGoals(0.8)).Agents);
        chats.Agents.Should().Be(agents);
    }

    [Fact]
    public void three_at_once_without_loss_of_speed_need_a_third_of_the_servers()
    {
        // 33.3 erlangs of 600 s need 40 servers for 80/20.
        var (agents, chats) = new ConcurrentChats(3, 0).AgentsFor(Chats, new StaffingGoals(0.8));

        agents.Should().Be(14);
        chats.AnsweredOfOffered.Should().BeGreaterThan(0.8);
    }

    [Fact]
    public void what_concurrency_costs_in_speed_is_paid_in_agents()
    {
        var slowed = new ConcurrentChats(3, 0.25);

        slowed.HandleSeconds(600).Should().Be(900);
        slowed.AgentsFor(Chats, new StaffingGoals(0.8), patienceSeconds: 120).Agents.Should().BeInRange(17, 19);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, -0.1)]
    [InlineData(2, double.NaN)]
    public void no_chat_at_all_is_refused(int atOnce, double slower) =>
        FluentActions.Invoking(() => new ConcurrentChats(atOnce, slower).AgentsFor(Chats, new StaffingGoals(0.8)))
            .Should().Throw<PlanningException>().Which.Code.Should().Be("concurrency-out-of-range");
}

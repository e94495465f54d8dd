using CallCenter.Planning.Staffing;
using FsCheck.Xunit;

namespace CallCenter.Planning.Tests.Staffing;

public sealed class FractionalAgentsTests
{
    [Fact]
    public void between_56_and_57_agents_the_goal_is_met_early()
    {
        // 0.7926 with 56 agents, 0.8454 with 57: 0.8 lies a seventh of the way.
        FractionalAgents.For(new(300, 1800, 300), new StaffingGoals(0.8)).Should().BeApproximately(56.14, 0.01);
    }

    [Fact]
    public void nothing_offered_needs_nobody() => FractionalAgents.For(new(0, 1800, 300), new StaffingGoals(0.8)).Should().Be(0);

    [Property(MaxTest = 200)]
    public bool rounded_up_it_is_the_whole_number(ushort calls, byte handle, byte goal)
    {
        var load = new QueueLoad(calls % 2000, 900, 20 + handle * 3);
        var goals = Goals(goal);

        return Math.Ceiling(FractionalAgents.For(load, goals) - 1e-9) == AgentsNeeded.For(load, goals).Agents
            && Math.Ceiling(FractionalAgents.For(load, goals, 90) - 1e-9) == AgentsNeeded.For(load, goals, 90).Agents;
    }

    [Property(MaxTest = 200)]
    public bool a_little_more_load_never_needs_less(ushort calls, byte handle, byte goal)
    {
        var load = new QueueLoad(calls % 2000, 900, 20 + handle * 3);
        var more = load with { Calls = load.Calls + 0.05 };
        var goals = Goals(goal);

        return FractionalAgents.For(load, goals) <= FractionalAgents.For(more, goals) + 1e-9
            && FractionalAgents.For(load, goals, 90) <= FractionalAgents.For(more, goals, 90) + 1e-9;
    }

    private static StaffingGoals Goals(byte which) => (which % 4) switch
    {
        0 => new(0.8),
        1 => new(0.9, WithinSeconds: 10, MaxOccupancy: 0.85),
        2 => new(MaxAverageSpeedOfAnswer: 15),
        _ => new(0.7, MaxAbandonment: 0.05, MaxAverageSpeedOfAnswer: 30),
    };
}

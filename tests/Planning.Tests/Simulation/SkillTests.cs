using CallCenter.Planning.Simulation;
using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Tests.Simulation;

public sealed class SkillTests
{
    private static readonly CallStream[] Two =
        [Centres.Calls(80, 8) with { Name = "sales" }, Centres.Calls(80, 8) with { Name = "service" }];

    [Fact]
    public void agents_with_both_skills_do_better_than_as_many_apart()
    {
        var apart = Skilled([new(0)], 10, [new(1)], 10).Days(10);
        var pooled = Skilled([new(0), new(1)], 10, [new(0), new(1)], 10).Days(10);

        pooled.Calls.ServiceLevel.Low.Should().BeGreaterThan(apart.Calls.ServiceLevel.High);
        pooled.Pools.Should().HaveCount(1);
        apart.Pools.Should().HaveCount(2);
    }

    [Fact]
    public void calls_of_higher_priority_wait_less()
    {
        var result = Skilled([new(0, Priority: 0), new(1, Priority: 1)], 17, [new(0)], 0).Days(20);

        result.Streams[0].AverageWait.High.Should().BeLessThan(result.Streams[1].AverageWait.Low);
    }

    [Fact]
    public void a_call_goes_to_the_lower_rank_first()
    {
        var result = Skilled([new(0), new(1)], 20, [new(0, Rank: 1), new(1, Rank: 1)], 20).Days(10);

        result.Pools[0].Value.Should().BeGreaterThan(result.Pools[1].Value + 0.3);
    }

    [Fact]
    public void overflow_waits_its_time()
    {
        var result = Simulator.Run(Skilled([new(1)], 9, [new(0, AfterSeconds: 30)], 20), new(29), new(0, 5, 5), default);

        result.Streams[0].ServiceLevel.Value.Should().Be(0);
        result.Streams[0].AverageSpeedOfAnswer.Value.Should().BeInRange(30, 32);
    }

    [Fact]
    public void the_requirement_by_simulation_lies_between_apart_and_pooled()
    {
        // Two streams of 8 erlangs: apart 11 agents each for 80/20, pooled 20.
        var load = new QueueLoad(80, 1800, 180);
        var goals = new StaffingGoals(0.8);
        var groups = new[] { new SkillGroup("sales", [new(0)]), new SkillGroup("service", [new(1)]),
            new SkillGroup("both", [new(0, 1), new(1, 1)], Cost: 1.1) };

        var found = MultiSkillStaffing.Find(
            [.. Two.Select(s => s with { Calls = [80] })], 1800, groups, [0.8, 0.8], new(20), new(0.01, 10, 10), default);

        found.Agents.Sum().Should().BeInRange(
            AgentsNeeded.For(load with { Calls = 160 }, goals).Agents, 2 * AgentsNeeded.For(load, goals).Agents + 1);
        found.Agents[2].Should().BePositive();
        found.Simulated.StreamIntervals.Should().OnlyContain(s => s[1].ServiceLevel.Value >= 0.8);
    }

    [Fact]
    public void each_question_without_an_answer_has_a_name()
    {
        Code([0.8, 1], [new("both", [new(0), new(1)])]).Should().Be("target-out-of-range");
        Code([0.8, 0.8], [new("one", [new(0)])]).Should().Be("skill-missing");

        static string Code(double[] goals, SkillGroup[] groups) => FluentActions
            .Invoking(() => MultiSkillStaffing.Find(Two, 1800, groups, goals, new(20), new(0.01, 10, 10), default))
            .Should().Throw<PlanningException>().Which.Code;
    }

    private static SimulatedCentre Skilled(AgentSkill[] first, int ofFirst, AgentSkill[] second, int ofSecond) => new(1800, 8, Two,
        [.. Enumerable.Repeat(new SimulatedAgent(first, Centres.Always), ofFirst),
            .. Enumerable.Repeat(new SimulatedAgent(second, Centres.Always), ofSecond)]);
}

using CallCenter.Planning.Rostering;
using CallCenter.Planning.Simulation;

namespace CallCenter.Planning.Tests.Simulation;

public sealed class RosteredDayTests
{
    private static readonly ShiftOption Early = new("early", 0, 8 * 60, 16 * 60, ShiftKind.Early, []);
    private static readonly ShiftOption Night = new("night", 0, 22 * 60, 30 * 60, ShiftKind.Night, []);

    private static readonly CallStream Sales = new("sales",
        [.. Enumerable.Range(0, 48).Select(i => i is >= 16 and < 32 ? 30.0 : 0)], new Duration.Exponential(300), Duration.None,
        new Duration.Exponential(90));

    [Fact]
    public void shifts_without_their_breaks_and_trainings_answer_calls()
    {
        var agents = Agents(8);
        Assignment[] roster = [.. agents.Select(a => new Assignment(a.Id, Early, [new("meal", 12 * 60, 12 * 60 + 30, Paid: false)]))];

        var centre = RosteredDay.Of(Problem(agents), roster, 0, [Sales]);
        var day = centre.Days(20);

        centre.Agents.Should().HaveCount(8);
        centre.Agents[0].Present.Should().Equal(new Presence(8 * 3600, 12 * 3600), new Presence(12.5 * 3600, 16 * 3600));
        day.Intervals[18].Calls.ServiceLevel.Value.Should().BeGreaterThan(0.8);
        day.Intervals[24].Calls.ServiceLevel.Value.Should().BeLessThan(0.2);
    }

    [Fact]
    public void a_training_is_no_cover_and_nor_is_another_skill()
    {
        var agents = Agents(2);
        agents[0] = agents[0] with { Fixed = [new(9 * 60, 10 * 60, "training")] };
        agents[1] = agents[1] with { Skills = ["claims", "sales"] };

        var centre = RosteredDay.Of(Problem(agents), [.. agents.Select(a => new Assignment(a.Id, Early, []))], 0, [Sales]);

        centre.Agents[0].Present.Should().Equal(new Presence(8 * 3600, 9 * 3600), new Presence(10 * 3600, 16 * 3600));
        centre.Agents[1].Skills.Should().Equal(new AgentSkill(0, Rank: 1, Priority: 1));
    }

    [Fact]
    public void a_night_shift_counts_on_both_of_its_days()
    {
        var agents = Agents(1);
        Assignment[] roster = [new(agents[0].Id, Night, [])];

        RosteredDay.Of(Problem(agents), roster, 0, [Sales]).Agents[0].Present.Should().Equal(new Presence(22 * 3600, 30 * 3600));
        RosteredDay.Of(Problem(agents), roster, 1, [Sales]).Agents[0].Present.Should().Equal(new Presence(-2 * 3600, 6 * 3600));
    }

    [Fact]
    public void there_is_no_day_after_the_last() =>
        FluentActions.Invoking(() => RosteredDay.Of(Problem(Agents(1)), [], 2, [Sales]))
            .Should().Throw<PlanningException>().Which.Code.Should().Be("day-out-of-range");

    private static RosterAgent[] Agents(int count) =>
        [.. Enumerable.Range(1, count)
            .Select(i => new RosterAgent(new Guid(i, 0, 0, new byte[8]), ["sales"], 2400, [], [], [], CarryOver.None))];

    private static RosterProblem Problem(RosterAgent[] agents) => new(
        [0, 1440, 2880], 0, 30, [.. agents], [Early, Night], [], new RosterRules(), new RosterWeights());
}

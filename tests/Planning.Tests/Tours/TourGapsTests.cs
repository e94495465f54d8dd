using CallCenter.Planning.Tours;
using static CallCenter.Planning.Tests.Tours.TourProblems;

namespace CallCenter.Planning.Tests.Tours;

public sealed class TourGapsTests
{
    [Fact]
    public void for_each_gap_stands_what_keeps_each_agent_from_it()
    {
        var problem = Problem(3,
            Agent("leave") with { DaysOff = [0, 1] }, Agent("late"), Agent("tired", Free with { MaxDaysInRow = 1 }), Agent("free")) with
        {
            Needs = [new(1, 0, 2, 100, 1)],
        };

        var gap = TourGaps.Of(problem, new([[Off, Off, Off], [Off, 1, Off], [0, Off, 0], [Off, Off, Off]])).Should()
            .ContainSingle().Subject;

        (gap.Day, gap.Period, gap.Missing).Should().Be((1, 0, 2));
        gap.Obstacles.ToDictionary(o => o.Rule, o => o.Agents.Single()).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            // Late has the morning of day 1 by a night on day 0, after which no late shift may follow.
            ["day-off"] = "leave", ["forbidden-sequence"] = "late", ["too-many-days-in-row"] = "tired", ["surplus-elsewhere"] = "free",
        }, "leave cannot come, a night before a late shift is forbidden, and two days in a row are too many");
    }
}

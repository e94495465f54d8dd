using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class RosterCheckerTests
{
    private static readonly RosterProblem Problem = TwoTeams(agents: 2);
    private static readonly Guid Agent = Problem.Agents[0].Id;

    [Fact]
    public void a_plain_week_breaks_nothing() =>
        Rules(Enumerable.Range(0, 5).Select(day => Shift(day, 480, 990))).Should().BeEmpty();

    [Fact]
    public void each_rule_is_named()
    {
        Rules([Shift(0, 480, 720), Shift(0, 780, 1000)]).Should().Equal("two-shifts-a-day");
        Rules([Shift(0, 840, 1350), Shift(1, 480, 990)]).Should().Equal("rest-too-short");
        Rules(Enumerable.Range(0, 7).Select(day => Shift(day, 480, 720))).Should().Equal("too-many-days-in-row");
        Rules(Enumerable.Range(0, 5).Select(day => Shift(day, 480, 1000))).Should().Equal("weekly-hours-exceeded");
        Rules([Shift(0, 480, 990)], a => a with { Unavailable = [new(0, 481, "leave")] }).Should().Equal("leave");
        Rules([Shift(0, 480, 990)], a => a with { Skills = ["sales"] }).Should().Equal("no-skill");
        Rules([Shift(0, 480, 990)], a => a with { Fixed = [new(960, 1020, "training")] }).Should().Equal("activity-cut");
        Rules([Shift(0, 480, 990)], a => a with { Fixed = [new(600, 800, "training")] }).Should().Equal("break-in-activity");
        Rules([Shift(0, 480, 990)], a => a with { Tail = new(LastEnd: -120) }).Should().Equal("rest-too-short");
        Rules([Shift(0, 480, 990)], a => a with { Tail = new(DaysInRow: 6) }).Should().Equal("too-many-days-in-row");
        Rules([Shift(0, 480, 990)], a => a with { Tail = new(MinutesThisWeek: 2000) }).Should().Equal("weekly-hours-exceeded");
        Rules([Shift(0, 480, 990)], a => a with { Locked = [new(0, null)] }).Should().Equal("locked-day");
        Rules([Shift(0, 480, 990) with { AgentId = Guid.Empty }]).Should().Equal("unknown-agent");
    }

    [Fact]
    public void breaks_have_rules_too()
    {
        Rules([Shift(0, 480, 990) with { Breaks = [new("break", 470, 485, true)] }]).Should().Contain("break-outside-shift");
        Rules([Shift(0, 480, 990) with { Breaks = [new("break", 985, 1000, true)] }]).Should().Equal("break-outside-shift");
        Rules([Shift(0, 480, 990) with { Breaks = [new("break", 600, 600, true)] }]).Should().Equal("break-outside-shift");
        Rules([Shift(0, 480, 990) with { Breaks = [new("break", 600, 630, true), new("meal", 615, 645, false)] }]).Should()
            .Equal("breaks-overlap");
        Rules([Shift(0, 480, 990) with { Breaks = [new("meal", 480, 990, false)] }]).Should().Equal("no-work-left");
    }

    private static Assignment Shift(int day, int start, int end) => new(
        Agent, new("F", day, day * Day + start, day * Day + end, ShiftKind.Day, []),
        end - start < 360 ? [] : [new("meal", day * Day + start + 210, day * Day + start + 240, false)]);

    private static IEnumerable<string> Rules(IEnumerable<Assignment> assignments, Func<RosterAgent, RosterAgent>? change = null)
    {
        var problem = change is null ? Problem : Problem with { Agents = [change(Problem.Agents[0])] };
        return RosterChecker.Check(problem, assignments).Select(v => v.Rule).Distinct();
    }
}

using CallCenter.Planning.Rostering;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class ReasonsTests
{
    [Fact]
    public void every_day_of_every_agent_has_its_reason()
    {
        var problem = TwoTeams(agents: 10, peak: 12);
        var roster = Solve(problem, rounds: 60);

        var reasons = Of(problem, roster);

        reasons.Days.Should().HaveCount(70);
        reasons.Days.Where(d => d.Shift is not null).Should().OnlyContain(d => d.HoursFilled > 0);
        reasons.Days.Where(d => d.Shift is null).Should().OnlyContain(d => d.Binding.Contains("weekly-hours-exceeded"));
    }

    [Fact]
    public void a_gap_names_what_stands_in_the_way()
    {
        var problem = TwoTeams(agents: 4, peak: 6) with { Demand = [Demand("billing", 7, 6), Demand("chat", 7, 1)] };
        problem = problem with
        {
            Agents = [problem.Agents[0] with { Unavailable = [new(0, 7 * Day, "leave", 40 * 60)] }, .. problem.Agents[1..]],
        };

        var gaps = Of(problem, Solve(problem, rounds: 60)).Gaps;

        gaps.Where(g => g.Skill == "chat").Should().NotBeEmpty()
            .And.OnlyContain(g => g.Obstacles.Single().Rule == "nobody-has-skill");
        gaps.Where(g => g.Skill == "billing").Should().NotBeEmpty().And.OnlyContain(g =>
            g.Obstacles.Any(o => o.Rule == "leave" && o.Agents.Contains(problem.Agents[0].Id)));
        gaps.Should().Contain(g => g.Obstacles.Any(o => o.Rule == "weekly-hours-exceeded"));
    }

    [Fact]
    public void taking_the_binding_rule_away_fills_more()
    {
        var problem = TwoTeams(agents: 6, peak: 8);
        var roster = Solve(problem, rounds: 60);
        Of(problem, roster).Days.Should().Contain(d => d.Binding.Contains("weekly-hours-exceeded") && d.BetterHours > 1);

        var relaxed = problem with { Agents = [.. problem.Agents.Select(a => a with { WeeklyMinutes = 48 * 60 })] };

        Met(Solve(relaxed, rounds: 60)).Should().BeGreaterThan(Met(roster) + 0.05);
    }

    [Fact]
    public void a_need_that_is_met_has_no_gap()
    {
        var problem = TwoTeams(peak: 8);

        Of(problem, Solve(problem, rounds: 60)).Gaps.Should().BeEmpty();
    }

    private static RosterReasons Of(RosterProblem problem, RosterSolution roster) =>
        Reasons.Of(problem, roster.Assignments, TestContext.Current.CancellationToken);
}

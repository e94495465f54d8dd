using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class StandInsTests
{
    [Fact]
    public void who_can_step_in_comes_first_and_of_the_others_the_rules_are_named()
    {
        var problem = TwoTeams(agents: 7, days: 7, peak: 6);
        var (free, working, away, tired, other, full, unwilling) = (problem.Agents[0], problem.Agents[1],
            problem.Agents[2] with { Unavailable = [new(Day, 2 * Day, "leave")] }, problem.Agents[3],
            problem.Agents[4] with { Skills = ["sales"] },
            problem.Agents[5] with { Rules = new() { MaxDaysAWeek = 1 } }, problem.Agents[6] with { Wishes = [new(1, null, 50)] });
        problem = problem with { Agents = [free, working, away, tired, other, full, unwilling] };
        var open = problem.Shifts.Single(s => s.Day == 1 && s.Code == "F0700");
        var late = problem.Shifts.Single(s => s.Day == 0 && s.Code == "F1330");
        var friday = problem.Shifts.Single(s => s.Day == 4 && s.Code == "F1330");
        IReadOnlyList<Assignment> roster = [Whole(working, open), Whole(tired, late), Whole(full, friday)];

        var found = StandIns.For(problem, problem, roster, open, TestContext.Current.CancellationToken);

        found.Take(2).Select(s => s.AgentId).Should().Equal([free.Id, unwilling.Id], "a wish is weighed");
        found.Take(2).Should().OnlyContain(s => s.Rules.IsEmpty && s.CoverGained > 0);
        found[1].RefusedWish.Should().Be(50);
        found.Skip(2).ToDictionary(s => s.AgentId, s => string.Join(' ', s.Rules)).Should().BeEquivalentTo(new Dictionary<Guid, string>
        {
            [working.Id] = "two-shifts-a-day", [away.Id] = "leave", [tired.Id] = "rest-too-short", [other.Id] = "no-skill",
            [full.Id] = "too-many-days-a-week",
        });
    }

    [Property(MaxTest = 15)]
    public void nobody_is_named_whom_the_checker_refuses_and_the_cost_is_that_of_the_roster_with_them(int seed)
    {
        var random = new Random(seed);
        var problem = TwoTeams(agents: random.Next(3, 9), days: 7, peak: random.Next(2, 8));
        var roster = Solve(problem, rounds: 10, seed).Assignments;
        var open = problem.Shifts[random.Next(problem.Shifts.Length)];

        var found = StandIns.For(problem, problem, roster, open, TestContext.Current.CancellationToken);

        found.Select(s => s.AgentId).Should().BeEquivalentTo(problem.Agents.Select(a => a.Id));
        found.Select(s => (s.Rules.Length, s.Cost)).Should().BeInAscendingOrder();
        var now = RosterState.Of(problem, roster, default).Total;
        foreach (var able in found.Where(s => s.Rules.IsEmpty))
        {
            var agent = problem.Agents.Single(a => a.Id == able.AgentId);
            var tried = BreakPlacement.Place(problem, roster, agent, open)!;
            RosterChecker.New(problem, agent, [.. roster.Where(a => a.AgentId == agent.Id)],
                [.. roster.Where(a => a.AgentId == agent.Id), tried]).Should().BeEmpty();
            (RosterState.Of(problem, [.. roster, tried], default).Total - now).Should().BeApproximately(able.Cost, 0.02);
        }
    }

    private static Assignment Whole(RosterAgent agent, ShiftOption shift) => new(agent.Id, shift,
        [.. shift.Breaks.Select(b => new PlacedBreak(b.Kind, shift.Start + b.Earliest, shift.Start + b.Earliest + b.Minutes, b.Paid))]);
}

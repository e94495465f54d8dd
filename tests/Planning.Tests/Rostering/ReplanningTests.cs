using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class ReplanningTests
{
    [Property(MaxTest = 20)]
    public void few_days_of_others_move_no_rule_is_broken_and_cover_is_never_worse(int seed)
    {
        var random = new Random(seed);
        var (problem, roster, absent) = Absence(random, agents: random.Next(4, 16), random.Next(7, 15));
        var part = random.Next(0, 6) / 100.0;
        var fromDay = random.Next(0, 3);

        var replan = Replan(problem, roster, absent, new(TimeSpan.FromMinutes(5), fromDay, part, random.Next(0, 30)));

        var moved = Cells(problem, roster).Except(Cells(problem, replan.Assignments)).Select(c => (c.AgentId, c.Day)).ToList();
        moved.Should().BeEquivalentTo(replan.Moves.Select(m => (m.AgentId, m.Day)));
        moved.Should().NotContain(m => m.AgentId == absent || m.Day < fromDay);
        replan.OthersDays.Should().Be((problem.Agents.Length - 1) * problem.Days);
        replan.Moves.Length.Should().BeLessThanOrEqualTo((int)(part * replan.OthersDays));
        var gained = replan.Before.Shortage + replan.Before.Surplus - replan.After.Shortage - replan.After.Surplus;
        gained.Should().BeGreaterThanOrEqualTo(-1e-6);
        replan.Moves.Sum(m => m.CoverGained).Should().BeApproximately(gained, 0.01 * (1 + replan.Moves.Length));
        foreach (var agent in problem.Agents)
            RosterChecker.New(problem, agent, Of(roster, agent), Of(replan.Assignments, agent)).Should().BeEmpty();
        replan.Assignments.Where(a => roster.Any(b => (b.AgentId, b.Shift.Day, b.Shift.Code) == (a.AgentId, a.Shift.Day, a.Shift.Code)))
            .Should().NotContain(a => !roster.Any(b => b.AgentId == a.AgentId && b.Shift.Day == a.Shift.Day
                && b.Breaks.SequenceEqual(a.Breaks)), "what stays keeps its breaks");
    }

    [Fact]
    public void somebody_comes_for_who_is_absent_where_the_hours_allow_it()
    {
        var problem = TwoTeams(agents: 12, days: 7, peak: 4);
        problem = problem with { Agents = [.. problem.Agents.Select(a => a with { WeeklyMinutes = 32 * 60 })] };
        var roster = Solve(problem, rounds: 60).Assignments;
        problem = problem with { Agents = [.. problem.Agents.Select(a => a with { WeeklyMinutes = 40 * 60 })] };
        var day = roster.MaxBy(a => a.Shift.Day)!.Shift.Day / 2;
        var absent = roster.First(a => a.Shift.Day == day).AgentId;
        IReadOnlyList<Assignment> left = [.. roster.Where(a => a.AgentId != absent || a.Shift.Day != day)];
        problem = problem with
        {
            Agents =
            [
                .. problem.Agents.Select(a => a.Id == absent ? a with { Unavailable = [new(day * Day, (day + 1) * Day, "leave")] } : a),
            ],
        };

        var replan = Replan(problem, left, absent, new(TimeSpan.FromMinutes(5), MostMoved: 0.02));

        replan.Moves.Should().ContainSingle("2 % of 77 days is one").Which.CoverGained.Should().BePositive();
        replan.After.Shortage.Should().BeLessThan(replan.Before.Shortage);
        Replan(problem, left, absent, new(TimeSpan.FromMinutes(5), MostMoved: 0.01)).Moves.Should().BeEmpty();
        Replan(problem, left, absent, new(TimeSpan.Zero, MostMoved: 0.02)).Moves.Should().BeEmpty("there was no time");
    }

    [Fact]
    public void of_many_days_that_would_gain_the_best_is_moved_where_only_one_may_be()
    {
        var problem = TwoTeams(agents: 16, days: 7, peak: 8);
        var roster = Solve(problem, rounds: 60).Assignments;
        var idle = problem.Agents[0].Id;

        var replan = Replan(problem, [.. roster.Where(a => a.AgentId != idle)], problem.Agents[1].Id, new(TimeSpan.FromMinutes(5)));

        replan.Moves.Should().ContainSingle("1 % of 105 days is one").Which.AgentId.Should().Be(idle);
    }

    private static (RosterProblem Problem, IReadOnlyList<Assignment> Roster, Guid Absent) Absence(Random random, int agents, int days)
    {
        var problem = TwoTeams(agents, days, peak: random.Next(2, 8)) with { FirstDayOfWeek = random.Next(7) };
        problem = problem with
        {
            Agents =
            [
                .. problem.Agents.Select(a => a with { Rules = random.Next(3) > 0 ? null : new() { MaxDaysAWeek = random.Next(3, 6) } }),
            ],
        };
        var roster = Solve(problem, rounds: 3 * agents, random.Next()).Assignments;
        var absent = problem.Agents[random.Next(agents)].Id;
        var (from, to) = (random.Next(days), random.Next(1, 4));
        var away = new Unavailability(from * Day, (from + to) * Day, "leave");
        return (problem with { Agents = [.. problem.Agents.Select(a => a.Id == absent ? a with { Unavailable = [away] } : a)] },
            [.. roster.Where(a => a.AgentId != absent || a.Shift.End <= away.From || away.To <= a.Shift.Start)], absent);
    }

    private static Replan Replan(RosterProblem problem, IReadOnlyList<Assignment> roster, Guid absent, ReplanLimits limits) =>
        Replanning.Of(problem, roster, new HashSet<Guid> { absent }, limits, TestContext.Current.CancellationToken);

    private static IEnumerable<(Guid AgentId, int Day, string? Shift)> Cells(RosterProblem problem, IEnumerable<Assignment> roster)
    {
        var days = roster.ToDictionary(a => (a.AgentId, a.Shift.Day), a => a.Shift.Code);
        return problem.Agents.SelectMany(a =>
            Enumerable.Range(0, problem.Days).Select(day => (a.Id, day, days.GetValueOrDefault((a.Id, day)))));
    }

    private static List<Assignment> Of(IEnumerable<Assignment> roster, RosterAgent agent) => [.. roster.Where(a => a.AgentId == agent.Id)];
}

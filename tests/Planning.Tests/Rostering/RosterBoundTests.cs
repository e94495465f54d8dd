using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class RosterBoundTests
{
    [Property(MaxTest = 24)]
    public void no_roster_of_all_there_are_costs_less_than_the_bound(int seed)
    {
        var problem = Small(new Random(seed));
        var best = AllDays(problem, problem.Agents[0]).SelectMany(
            one => AllDays(problem, problem.Agents[1]).Select(other => Cost(problem, [.. one, .. other]))).Min();

        var roster = Solve(problem, rounds: 200, seed);

        roster.Bound.Should().BeLessThanOrEqualTo(best + 1e-3);
        roster.Cost.Total.Should().BeInRange(best - 1e-3, 1.05 * best);
        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
    }

    [Property(MaxTest = 12)]
    public void no_roster_costs_less_than_the_bound_where_trainings_are_missed_and_agents_come_from_work(int seed)
    {
        var random = new Random(seed);
        var problem = TwoTeams(agents: 5, days: 7, peak: 4);
        problem = problem with
        {
            Weights = new(SingleDayOff: 300),
            Agents =
            [
                .. problem.Agents.Select(a => a with
                {
                    WeeklyMinutes = 60 * random.Next(2) * random.Next(16, 41),
                    Fixed = random.Next(7) * Day + 480 is var at && random.Next(2) == 0 ? []
                        : [new(at, at + 60 * random.Next(1, 13), "training")],
                    Tail = new(LastEnd: -600, DaysInRow: random.Next(3), DaysOff: random.Next(1, 4)),
                }),
                Agent(6, "billing"),
            ],
        };

        var roster = Solve(problem, rounds: 150, seed);

        roster.Feasible.Should().BeTrue();
        (roster.Bound ?? 0).Should().BeLessThanOrEqualTo(roster.Cost.Total + 1e-3);
    }

    [Theory, InlineData(0), InlineData(15), InlineData(7 * 60), InlineData(20 * 60)]
    public void hours_at_most_hold_however_few_they_are(int minutes)
    {
        var problem = TwoTeams(agents: 4, peak: 5);
        problem = problem with { Agents = [problem.Agents[0] with { MaxMinutes = minutes }, .. problem.Agents[1..]] };

        var roster = Solve(problem, rounds: 60);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        roster.Feasible.Should().BeTrue();
    }

    [Fact]
    public void a_roster_near_enough_to_its_bound_ends_the_search()
    {
        var problem = TwoTeams(agents: 12, peak: 7);
        var limits = new SearchLimits(TimeSpan.FromMinutes(5), MaxRounds: 1500);

        var good = RosterSearch.Solve(problem, limits with { Gap = 0.9 }, null, TestContext.Current.CancellationToken);
        var better = RosterSearch.Solve(problem, limits, null, TestContext.Current.CancellationToken);

        good.Rounds.Should().BeLessThan(better.Rounds);
        (good.Cost.Total - good.Bound).Should().BeLessThanOrEqualTo(0.9 * good.Cost.Total);
        better.Cost.Total.Should().BeLessThan(good.Cost.Total);
    }

    /// <summary>Two agents, some with rules of their own, four days, two shifts without breaks: few enough to try them all.</summary>
    private static RosterProblem Small(Random random) => Small(random, random.Next(3) * 15);

    private static RosterProblem Small(Random random, int shorter) => TwoTeams(agents: 2, days: 4) with
    {
        Agents =
        [
            .. Enumerable.Range(1, 2).Select(i => Agent(i, "billing") with
            {
                WeeklyMinutes = 60 * random.Next(16, 40),
                Tail = new(DaysThisWeek: random.Next(2)),
                Rules = random.Next(3) == 0 ? null : new()
                {
                    MaxDaysInRow = random.Next(1, 4),
                    MaxDaysAWeek = random.Next(2, 5),
                    MaxOfKind = [new(ShiftKind.Late, random.Next(3))],
                },
            }),
        ],
        Shifts =
        [
            .. Enumerable.Range(0, 4).SelectMany(day => new[] { 480, 720 }.Select(start =>
                new ShiftOption($"S{start}", day, day * Day + start, day * Day + start + 480 - (start == 480 ? shorter : 0),
                    start == 480 ? ShiftKind.Day : ShiftKind.Late, []))),
        ],
        Demand = [new("billing", [.. Enumerable.Range(0, 4 * 96).Select(_ => (double)random.Next(3))])],
        Rules = new() { MaxDaysInRow = random.Next(2, 5), MinDaysOff = random.Next(1, 3) },
        Weights = new(Unfair: 0, StartChange: 0, SingleDayOff: 0),
    };

    private static IEnumerable<Assignment[]> AllDays(RosterProblem problem, RosterAgent agent)
    {
        var days = Enumerable.Range(0, problem.Days).Aggregate<int, IEnumerable<Assignment[]>>([[]], (all, day) => all.SelectMany(before =>
            problem.Shifts.Where(s => s.Day == day).Select(s => (Assignment[])[.. before, new(agent.Id, s, [])]).Append(before)));
        return days.Where(d => !RosterChecker.Check(problem, agent, d).Any());
    }

    private static double Cost(RosterProblem problem, Assignment[] all)
    {
        var (weights, cost) = (problem.Weights, 0.0);
        for (var t = 0; t < problem.Days * 96; t++)
        {
            var (need, staff) = (problem.Demand[0].Required[t], all.Count(a => a.Shift.Start <= 15 * t && 15 * t < a.Shift.End));
            var off = Math.Abs(need - staff);
            cost += off / 4 * (1 + off / Math.Max(need, 1)) * (staff < need ? weights.Shortage : weights.Surplus);
        }

        return cost + problem.Agents.Sum(agent => weights.UnusedHour / 60 * Math.Max(0,
            agent.WeeklyMinutes * 4 / 7.0 - all.Where(a => a.AgentId == agent.Id).Sum(a => a.Shift.PaidMinutes)));
    }
}

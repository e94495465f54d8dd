using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

/// <summary>Need by shift and day at prices that stay the same, and the rules that benchmarks of shift scheduling have.</summary>
public sealed class ShiftNeedTests
{
    private const int Days = 5;

    [Property(MaxTest = 30)]
    public void no_roster_of_all_there_are_costs_less_than_the_bound(int seed)
    {
        var problem = Small(new Random(seed));
        var days = problem.Agents.Select(agent => AllDays(problem, agent).ToList()).ToArray();
        var roster = Solve(problem, rounds: 150, seed);
        roster.Feasible.Should().Be(days.All(of => of.Count > 0), "somebody without days is a conflict, and nobody else");
        if (!roster.Feasible)
            return;

        var best = days[0].SelectMany(one => days[1].Select(other => Cost(problem, [.. one, .. other]))).Min();

        roster.Bound.Should().BeLessThanOrEqualTo(best + 1e-3);
        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        roster.Cost.Total.Should().BeApproximately(Cost(problem, [.. roster.Assignments]), 1e-6)
            .And.BeInRange(best - 1e-3, best + Math.Max(3, 0.1 * best));
    }

    [Fact]
    public void a_need_of_a_shift_is_met_by_those_whom_no_queue_needs()
    {
        var problem = TwoTeams(agents: 3, days: 2) with
        {
            Demand = [],
            ShiftNeeds = [new(0, "F", 2, new(100, 5)), new(1, "F0700", 1, new(9, 1))],
            Shifts = [.. Shifts(2).Select(s => s with { Code = s.Code.Replace("F", "F-", StringComparison.Ordinal), Breaks = [] })],
            Weights = new(UnusedHour: 0),
        };

        var roster = Solve(problem, rounds: 60);

        roster.Assignments.Count(a => a.Shift.Day == 0).Should().Be(2, "shifts of a template are one");
        roster.Assignments.Should().NotContain(a => a.Shift.Day == 1, "no shift has that code");
        roster.Cost.Total.Should().BeApproximately(9, 1e-9);
    }

    [Fact]
    public void nobody_works_in_the_pause_of_a_split_shift_and_nobody_is_paid_for_it()
    {
        var split = new ShiftOption("split", 0, 8 * 60, 20 * 60, ShiftKind.Day, [new("pause", 4 * 60, 4 * 60, 4 * 60, Paid: false)]);
        var problem = TwoTeams(agents: 1, days: 1) with
        {
            Shifts = [split],
            Demand = [new("billing", [.. Enumerable.Range(0, 96).Select(t => t is >= 32 and < 80 ? 1.0 : 0)])],
        };

        var roster = Solve(problem, rounds: 5);

        split.PaidMinutes.Should().Be(8 * 60);
        roster.Assignments.Should().ContainSingle();
        roster.Cover[0].Scheduled.Should().Equal(Enumerable.Range(0, 96).Select(t => t is >= 32 and < 48 or >= 64 and < 80 ? 1.0 : 0));
        roster.Cost.Shortage.Should().BeApproximately(4 * 2 * problem.Weights.Shortage, 1e-6, "an agent is missing for four hours");
    }

    [Fact]
    public void the_price_of_an_agent_does_not_rise_with_those_who_are_missing()
    {
        var need = new SkillDemand("billing", [.. Enumerable.Repeat(4.0, 96)]);
        var problem = TwoTeams(agents: 1, days: 1) with { Shifts = [new("D", 0, 480, 960, ShiftKind.Day, [])] };

        Missing(need).Should().BeApproximately(40 / 4.0 * (64 * 4 * 2 + 32 * 3 * 1.75), 1e-6);
        Missing(need with { Prices = [.. Enumerable.Repeat(new CoverPrice(3, 0), 96)] }).Should().BeApproximately(3 * (4 * 96 - 32), 1e-6);

        double Missing(SkillDemand demand) => Solve(problem with { Demand = [demand] }, rounds: 5).Cost.Shortage;
    }

    [Fact]
    public void a_shift_that_somebody_would_rather_not_work_goes_to_the_other()
    {
        var problem = TwoTeams(agents: 2, days: 1) with
        {
            Demand = [], ShiftNeeds = [new(0, "F0700", 1, new(100, 100))], Weights = new(UnusedHour: 0),
        };
        problem = problem with
        {
            Agents = [problem.Agents[0] with { Wishes = [new(0, ["F0700"], 7, Against: true)] }, problem.Agents[1]],
        };

        var roster = Solve(problem, rounds: 20);

        roster.Assignments.Where(a => a.Shift.Code == "F0700").Should().ContainSingle().Which.AgentId.Should().Be(problem.Agents[1].Id);
        roster.Cost.RefusedWishes.Should().Be(0);
        Solve(problem with { Agents = [problem.Agents[0]] }, rounds: 20).Cost.Total.Should().BeApproximately(7, 1e-6);
    }

    /// <summary>Two agents with rules of their own, five days, an early and a late shift: few enough to try them all.</summary>
    private static RosterProblem Small(Random random)
    {
        var rules = new RosterRules
        {
            MinRestMinutes = 0,
            MinDaysInRow = random.Next(1, 4),
            MaxDaysInRow = random.Next(3, 5),
            MinDaysOff = random.Next(1, 3),
            ForbiddenShifts = random.Next(2) == 0 ? null : [new("L", "E")],
            MaxOfShifts = random.Next(2) == 0 ? null : [new(["L"], random.Next(3))],
        };
        return new(
            [.. Enumerable.Range(0, Days + 1).Select(d => d * Day)], 0, 30,
            [
                .. Enumerable.Range(1, 2).Select(i => Agent(i) with
                {
                    WeeklyMinutes = 7 * Day,
                    MinMinutes = 240 * random.Next(0, 5),
                    MaxMinutes = random.Next(2) == 0 ? null : 240 * random.Next(4, 8),
                    Unavailable = random.Next(3) > 0 ? []
                        : [new(2 * Day, 3 * Day, random.Next(2) == 0 ? "leave" : Unavailability.FixedRestDay)],
                    Tail = random.Next(3) switch
                    {
                        0 => new(DaysInRow: random.Next(1, 3)),
                        1 => new(DaysOff: random.Next(1, 3)),
                        _ => new(),
                    },
                    Wishes = [new(random.Next(Days), "E", random.Next(4)), new(random.Next(Days), ["L"], random.Next(4), Against: true)],
                    Rules = rules with { MinDaysInRow = random.Next(1, 3) },
                }),
            ],
            [
                .. Enumerable.Range(0, Days).SelectMany(day => new ShiftOption[]
                {
                    new("E", day, day * Day + 480, day * Day + 720, ShiftKind.Early, []),
                    new("L", day, day * Day + 720, day * Day + 1200, ShiftKind.Late, []),
                }),
            ],
            [], rules, new(UnusedHour: 0, Unfair: 0, StartChange: 0, SingleDayOff: 0))
        {
            ShiftNeeds = [.. Enumerable.Range(0, Days).SelectMany(day => new[] { "E", "L" }.Select(shift =>
                new ShiftNeed(day, shift, random.Next(3), new(random.Next(10, 20), random.Next(3)))))],
        };
    }

    private static IEnumerable<Assignment[]> AllDays(RosterProblem problem, RosterAgent agent) => Enumerable.Range(0, problem.Days)
        .Aggregate<int, IEnumerable<Assignment[]>>([[]], (all, day) => all.SelectMany(before =>
            problem.Shifts.Where(s => s.Day == day).Select(s => (Assignment[])[.. before, new(agent.Id, s, [])]).Append(before)))
        .Where(days => !RosterChecker.Check(problem, agent, days).Any());

    private static double Cost(RosterProblem problem, Assignment[] all) => problem.ShiftNeeds.Sum(need =>
            all.Count(a => a.Shift.Day == need.Day && a.Shift.Code == need.Shift) is var there && there < need.Required
                ? (need.Required - there) * need.Price.Under : (there - need.Required) * need.Price.Over)
        + problem.Agents.Sum(agent => agent.Wishes!.Value.Where(wish =>
            all.Any(a => a.AgentId == agent.Id && a.Shift.Day == wish.Day && wish.Shifts.Contains(a.Shift.Code)) == wish.Against)
                .Sum(wish => wish.Weight));
}

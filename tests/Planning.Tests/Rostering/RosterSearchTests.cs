using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class RosterSearchTests
{
    [Fact]
    public void when_the_time_is_up_before_everybody_has_days_the_others_get_plain_ones()
    {
        var problem = TwoTeams(agents: 30, peak: 14);
        var clock = new Hasty();

        var roster = RosterSearch.Solve(problem, new SearchLimits(TimeSpan.FromSeconds(12)) { Clock = clock }, null,
            TestContext.Current.CancellationToken);

        roster.Feasible.Should().BeTrue();
        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        roster.Assignments.Select(a => a.AgentId).Distinct().Should().HaveCount(30);
        roster.Rounds.Should().Be(0);
        clock.Seconds.Should().BeInRange(30, 40, "it is looked at for each agent, and no more once it is late");
    }

    /// <summary>A second goes by with each look at it.</summary>
    private sealed class Hasty : TimeProvider
    {
        public int Seconds { get; private set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds++;
    }

    [Fact]
    public void two_teams_get_a_week_that_breaks_no_rule_and_meets_the_need()
    {
        var problem = TwoTeams(peak: 14);

        var roster = Solve(problem, rounds: 2000);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        roster.Feasible.Should().BeTrue();
        Met(roster).Should().BeGreaterThan(0.98);
        roster.Cost.UnusedHours.Should().Be(0, "everyone works what the contract says");
        UnpopularPerAgent(problem, roster).Should().OnlyContain(n => n <= UnpopularPerAgent(problem, roster).Min() + 3);
    }

    [Fact]
    public void the_same_seed_and_rounds_give_the_same_roster()
    {
        var problem = TwoTeams(agents: 12, peak: 7);

        Written(Solve(problem, rounds: 60, seed: 7)).Should().Equal(Written(Solve(problem, rounds: 60, seed: 7)));
    }

    [Fact]
    public void searching_longer_never_ends_worse()
    {
        var problem = TwoTeams(peak: 16);

        Solve(problem, rounds: 120).Cost.Total.Should().BeLessThanOrEqualTo(Solve(problem, rounds: 0).Cost.Total);
    }

    [Fact]
    public void breaks_are_spread_so_that_the_queue_is_never_left_alone()
    {
        // Four agents with the same shift, three always needed: their four half-hour meals just fit side by side into two hours.
        var problem = TwoTeams(agents: 4, days: 1) with
        {
            Shifts = [.. Shifts(1).Where(s => s.Code == "F0830")],
            Demand = [new("billing", [.. Enumerable.Range(0, 96).Select(t => t is >= 34 and < 68 ? 3.0 : 0)])],
        };

        var roster = Solve(problem, rounds: 50);

        roster.Cover[0].Scheduled.Skip(34).Take(34).Should().OnlyContain(s => s >= 3);
    }

    [Fact]
    public void nobody_works_in_leave_before_hiring_or_after_leaving()
    {
        var problem = TwoTeams(agents: 14, peak: 9);
        problem = problem with
        {
            Agents =
            [
                problem.Agents[0] with { Unavailable = [new(2 * Day, 5 * Day, "leave", 24 * 60)] },
                problem.Agents[1] with { Unavailable = [new(0, 3 * Day, "not-yet-hired")] },
                problem.Agents[2] with { Unavailable = [new(4 * Day, 8 * Day, "left")] },
                .. problem.Agents[3..],
            ],
        };

        var roster = Solve(problem, rounds: 60);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        DaysOf(roster, problem.Agents[0]).Should().NotContain([2, 3, 4]).And.HaveCount(2, "leave counts towards the contract");
        DaysOf(roster, problem.Agents[1]).Should().OnlyContain(d => d >= 3);
        DaysOf(roster, problem.Agents[2]).Should().OnlyContain(d => d < 4);
    }

    [Fact]
    public void a_training_session_lies_inside_a_shift_or_is_come_to_alone()
    {
        var problem = TwoTeams(agents: 8, peak: 5);
        problem = problem with
        {
            Agents =
            [
                problem.Agents[0] with { Fixed = [new(Day + 600, Day + 720, "training")] },
                problem.Agents[1] with { Fixed = [new(Day + 300, Day + 400, "training")] },
                .. problem.Agents[2..],
            ],
        };

        var roster = Solve(problem, rounds: 60);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        OnDay(0).Shift.Should().Match<ShiftOption>(s => s.Start <= Day + 600 && s.End >= Day + 720);
        OnDay(0).Breaks.Should().HaveCount(3).And.OnlyContain(b => b.End <= Day + 600 || b.Start >= Day + 720);
        var start = OnDay(0).Shift.Start;
        OnDay(0).Breaks.Should().OnlyContain(b => b.Kind != "meal" || b.Start - start <= 330, "a meal strays no further than it has to");
        OnDay(1).Shift.Should().Match<ShiftOption>(s => s.Code == "training" && s.Start == Day + 300 && s.End == Day + 400);

        Assignment OnDay(int agent) => roster.Assignments.Single(a => a.AgentId == problem.Agents[agent].Id && a.Shift.Day == 1);
    }

    [Fact]
    public void the_period_before_still_binds()
    {
        var problem = TwoTeams(agents: 6, peak: 6);
        problem = problem with
        {
            Agents =
            [
                problem.Agents[0] with { Tail = new(LastEnd: -60, DaysInRow: 1) },
                problem.Agents[1] with { Tail = new(LastEnd: -240, DaysInRow: 6) },
                .. problem.Agents[2..],
            ],
        };

        var roster = Solve(problem, rounds: 60);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        roster.Assignments.Where(a => a.AgentId == problem.Agents[0].Id).Should().OnlyContain(a => a.Shift.Start >= 600);
        DaysOf(roster, problem.Agents[1]).Should().NotContain(0);
    }

    [Fact]
    public void who_can_do_both_helps_where_it_is_short()
    {
        var problem = TwoTeams(agents: 0, days: 5) with
        {
            Agents = [.. Enumerable.Range(1, 18).Select(i => Agent(i, i <= 6 ? ["billing"] : i <= 12 ? ["sales"] : ["billing", "sales"]))],
            Demand = [Demand("billing", 5, 6), Demand("sales", 5, 4)],
        };

        var roster = Solve(problem, rounds: 100);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        Met(roster).Should().BeGreaterThan(0.95);
    }

    [Fact]
    public void a_locked_day_stays_as_it_is()
    {
        var problem = TwoTeams(agents: 8, peak: 5);
        problem = problem with
        {
            Agents = [problem.Agents[0] with { Locked = [new(0, "F1330"), new(1, null), new(2, "F0700")] }, .. problem.Agents[1..]],
        };

        var roster = Solve(problem, rounds: 60);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        DaysOf(roster, problem.Agents[0]).Should().Contain([0, 2]).And.NotContain(1);
    }

    [Fact]
    public void locked_days_against_the_rules_are_named()
    {
        var problem = TwoTeams(agents: 3, peak: 2);
        problem = problem with
        {
            Agents = [problem.Agents[0] with { Locked = [new(0, "F1330"), new(1, "F0700")] }, .. problem.Agents[1..]],
        };

        var conflict = Solve(problem).Conflicts.Should().ContainSingle().Subject;

        conflict.Rule.Should().Be("rules-in-conflict");
        conflict.Agents.Should().Equal(problem.Agents[0].Id);
        conflict.Because.Should().Equal("locked-day", "rest-too-short");
    }

    [Fact]
    public void what_cannot_be_is_said_at_once_and_why()
    {
        Rule(TwoTeams(agents: 0)).Should().Be("no-agents");
        Rule(TwoTeams() with { Shifts = [] }).Should().Be("no-shifts");

        var tooLong = TwoTeams(agents: 10_000, days: 28) with { Shifts = [.. Shifts(28).Select(s => s with { End = s.Start + 43 * 60 })] };
        var roster = RosterSearch.Solve(tooLong, new SearchLimits(TimeSpan.FromSeconds(1)), null, TestContext.Current.CancellationToken);
        roster.Feasible.Should().BeFalse();
        roster.Assignments.Should().BeEmpty();
        roster.Conflicts.Single().Because.Should().Equal("weekly-hours-exceeded");
        roster.Conflicts.Single().Agents.Should().HaveCount(10_000);

        static string Rule(RosterProblem problem) => Solve(problem).Conflicts.Single().Rule;
    }

    [Fact]
    public void a_search_can_be_cancelled_and_tells_how_far_it_is()
    {
        using var cancellation = new CancellationTokenSource();
        var reports = new List<RosterProgress>();
        var progress = new Immediately(report => { reports.Add(report); cancellation.Cancel(); });

        var search = () => RosterSearch.Solve(TwoTeams(peak: 16), new(TimeSpan.FromMinutes(5)), progress, cancellation.Token);

        search.Should().Throw<OperationCanceledException>();
        reports.Should().ContainSingle().Which.Cost.Should().BePositive();
    }

    [Property(MaxTest = 25)]
    public bool no_roster_ever_breaks_a_rule(int seed)
    {
        var random = new Random(seed);
        var problem = TwoTeams(agents: random.Next(1, 9), days: random.Next(1, 15), peak: random.Next(0, 12)) with
        {
            FirstDayOfWeek = random.Next(7),
            Rules = new() { MinRestMinutes = 60 * random.Next(8, 16), MaxDaysInRow = random.Next(1, 7) },
        };
        problem = problem with { Agents = [.. problem.Agents.Select(a => Vary(a, problem.Days, random))] };

        var roster = Solve(problem, rounds: 15, seed);

        return !roster.Feasible || RosterChecker.Check(problem, roster.Assignments).IsEmpty;
    }

    private static RosterAgent Vary(RosterAgent agent, int days, Random random)
    {
        var at = random.Next(days) * Day + random.Next(20) * 60;
        return agent with
        {
            WeeklyMinutes = random.Next(8, 48) * 60,
            Unavailable = random.Next(3) == 0 ? [new(at, at + random.Next(1, 72) * 60, "leave", random.Next(2) * 480)] : [],
            Fixed = random.Next(3) == 0 ? [new(at + 17, at + 17 + random.Next(20, 200), "training")] : [],
            Tail = random.Next(2) == 0 ? new(LastEnd: -random.Next(600), random.Next(6), random.Next(10) * 60) : CarryOver.None,
            UnpopularBefore = random.Next(3),
        };
    }

    private static IEnumerable<int> UnpopularPerAgent(RosterProblem problem, RosterSolution roster) => problem.Agents.Select(agent =>
        roster.Assignments.Count(a => a.AgentId == agent.Id && a.Shift.Kind is not ShiftKind.Day));

    private static List<int> DaysOf(RosterSolution roster, RosterAgent agent) =>
        [.. roster.Assignments.Where(a => a.AgentId == agent.Id).Select(a => a.Shift.Day)];

    private static IEnumerable<string> Written(RosterSolution roster) =>
        roster.Assignments.Select(a => $"{a.AgentId} {a.Shift.Day} {a.Shift.Code} {string.Join(' ', a.Breaks.Select(b => b.Start))}");

    private sealed class Immediately(Action<RosterProgress> report) : IProgress<RosterProgress>
    {
        public void Report(RosterProgress value) => report(value);
    }
}

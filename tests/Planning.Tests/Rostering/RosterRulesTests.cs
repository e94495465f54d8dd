using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

/// <summary>Rules over several days that a project may set, wishes, and days kept from a roster before.</summary>
public sealed class RosterRulesTests
{
    private static readonly ImmutableArray<int> Saturdays = [5, 12];

    [Fact]
    public void each_rule_is_named()
    {
        Rules(new() { MinDaysOff = 2 }, (0, ShiftKind.Day), (2, ShiftKind.Day)).Should().Equal("too-few-days-off");
        Rules(new() { MaxDaysOff = 3 }, (0, ShiftKind.Day), (5, ShiftKind.Day), (9, ShiftKind.Day), (13, ShiftKind.Day)).Should()
            .Equal("too-many-days-off");
        Rules(new() { MaxDaysAWeek = 2 }, (0, ShiftKind.Day), (2, ShiftKind.Day), (4, ShiftKind.Day)).Should()
            .Equal("too-many-days-a-week");
        Rules(new() { MaxDaysAWeek = 2 }, (4, ShiftKind.Day), (6, ShiftKind.Day), (7, ShiftKind.Day), (9, ShiftKind.Day)).Should()
            .BeEmpty("a new week begins on day 7");
        Rules(new() { MaxWeekends = 1 }, (5, ShiftKind.Day), (6, ShiftKind.Day), (13, ShiftKind.Day)).Should().Equal("too-many-weekends");
        Rules(new() { MaxWeekends = 1 }, (5, ShiftKind.Day), (6, ShiftKind.Day)).Should().BeEmpty("it is one weekend");
        Rules(new() { MaxOfKind = [new(ShiftKind.Night, 1)] }, (0, ShiftKind.Night), (3, ShiftKind.Night)).Should()
            .Equal("too-many-of-kind");
        Rules(new() { MaxOfKind = [new(ShiftKind.Night, 1)] }, (0, ShiftKind.Night), (3, ShiftKind.Late)).Should()
            .BeEmpty("only nights are counted");
        Rules(new() { MaxOfKind = [new(ShiftKind.Night, 1)] }, (0, ShiftKind.Night), (3, ShiftKind.DayIntoNight)).Should()
            .Equal(["too-many-of-kind"], "a night is worked in both");
        Rules(new() { MaxOfKind = [new(ShiftKind.DayIntoNight, 1)] }, (0, ShiftKind.Night), (3, ShiftKind.DayIntoNight)).Should()
            .BeEmpty("the limit is of those from day into night alone");
        Rules(new() { Forbidden = [new(ShiftKind.Late, ShiftKind.Early)] }, (0, ShiftKind.Late), (1, ShiftKind.Early)).Should()
            .Equal("forbidden-sequence");
        Rules(new() { Forbidden = [new(ShiftKind.Late, ShiftKind.Early)] }, (0, ShiftKind.Late), (2, ShiftKind.Early)).Should()
            .BeEmpty("a day off lies between");
        Rules(new() { ForbiddenShifts = [new("F", "F")] }, (0, ShiftKind.Day), (1, ShiftKind.Day)).Should().Equal("forbidden-sequence");
        Rules(new() { MaxOfShifts = [new(["E", "F"], 1)] }, (0, ShiftKind.Day), (3, ShiftKind.Day)).Should().Equal("too-many-of-shifts");
        Rules(new() { MaxOfShifts = [new(["E"], 0)] }, (0, ShiftKind.Day)).Should().BeEmpty("it is not among them");
        Rules(new() { MinDaysInRow = 3 }, (3, ShiftKind.Day), (4, ShiftKind.Day)).Should().Equal("too-few-days-in-row");
        Rules(new() { MinDaysInRow = 3 }, (0, ShiftKind.Day), (13, ShiftKind.Day)).Should().BeEmpty("the horizon cuts them");
    }

    [Fact]
    public void days_in_a_row_are_due_unless_leave_cuts_them()
    {
        var problem = TwoTeams(agents: 1, days: 7) with { Rules = new() { MinDaysInRow = 3 } };
        Broken(problem.Agents[0] with { Tail = new(DaysInRow: 2) }, 0).Should().BeEmpty("it is the third");
        Broken(problem.Agents[0] with { Tail = new(DaysOff: 1) }, 0).Should().Equal("too-few-days-in-row");
        Broken(problem.Agents[0] with { Tail = new(DaysInRow: 2) }, 6).Should().Equal("too-few-days-in-row");
        Broken(Away("leave"), 2).Should().BeEmpty("after it comes leave");
        Broken(Away("leave"), 4).Should().BeEmpty("before it was leave");
        Broken(Away(Unavailability.FixedRestDay), 2).Should().Equal("too-few-days-in-row");

        RosterAgent Away(string rule) => problem.Agents[0] with { Unavailable = [new(3 * Day, 4 * Day, rule)] };

        IEnumerable<string> Broken(RosterAgent agent, int day) =>
            RosterChecker.Check(problem, agent, [new(agent.Id, problem.Shifts.First(s => s.Day == day) with { Breaks = [] }, [])])
                .Select(v => v.Rule);
    }

    [Fact]
    public void hours_that_are_due_are_worked_however_little_there_is_to_do()
    {
        var problem = TwoTeams(agents: 1, days: 14, peak: 0) with { Weights = new(UnusedHour: 0) };
        var agent = problem.Agents[0] with { MinMinutes = 33 * 60, Unavailable = [new(0, Day, "leave", 8 * 60)] };
        var owing = problem with { Agents = [agent] };

        Solve(problem, rounds: 5).Assignments.Should().BeEmpty();
        var roster = Solve(owing, rounds: 5);

        roster.Assignments.Should().HaveCount(4, "25 hours are left of them");
        RosterChecker.Check(owing, roster.Assignments).Should().BeEmpty();
        RosterChecker.Check(owing, roster.Assignments[1..]).Select(v => v.Rule).Should().Equal("hours-missing");
    }

    [Fact]
    public void days_of_work_before_the_horizon_count_for_the_week_that_it_cuts()
    {
        var problem = TwoTeams(agents: 1, days: 7) with { FirstDayOfWeek = 2, Rules = new() { MaxDaysAWeek = 3 } };
        problem = problem with { Agents = [problem.Agents[0] with { Tail = new(DaysThisWeek: 3) }] };

        var roster = Solve(problem, rounds: 5);

        roster.Assignments.Where(a => a.Shift.Day < 2).Should().BeEmpty();
        roster.Assignments.Should().HaveCount(3);
        RosterChecker.Check(problem, [new(problem.Agents[0].Id, problem.Shifts[0], [])]).Select(v => v.Rule).Should()
            .Equal("too-many-days-a-week");
    }

    [Fact]
    public void rules_of_one_agent_alone_are_blamed_on_and_eased_for_nobody_else()
    {
        var everybodys = new RosterRules { MaxDaysOff = 2 };
        var problem = TwoTeams(agents: 3) with { Rules = everybodys };
        problem = problem with
        {
            Agents = [problem.Agents[0] with { Rules = everybodys with { MaxDaysAWeek = 1 } }, .. problem.Agents[1..]],
        };

        var conflict = Solve(problem).Conflicts.Should().ContainSingle().Subject;

        conflict.Agents.Should().Equal(problem.Agents[0].Id);
        conflict.Because.Should().Equal("too-many-days-a-week", "too-many-days-off");
        var relaxed = RosterConflicts.Relaxed(problem, [conflict]);
        relaxed.Rules.Should().Be(everybodys);
        Solve(relaxed, rounds: 5).Feasible.Should().BeTrue();
    }

    [Fact]
    public void leave_and_closed_days_end_a_row_of_days_off()
    {
        var problem = TwoTeams(agents: 1, days: 7) with { Rules = new() { MaxDaysOff = 3 } };
        var away = problem.Agents[0] with { Unavailable = [new(2 * Day, 5 * Day, "leave")] };

        RosterChecker.Check(problem, away, []).Should().BeEmpty("two days off, leave, two days off");
        RosterChecker.Check(problem with { Shifts = [.. problem.Shifts.Where(s => s.Day % 4 != 3)] }, problem.Agents[0], []).Should()
            .BeEmpty();
    }

    [Property(MaxTest = 40)]
    public bool no_roster_ever_breaks_them(int seed)
    {
        var random = new Random(seed);
        var problem = TwoTeams(agents: random.Next(1, 6), days: random.Next(7, 15), peak: random.Next(0, 8)) with
        {
            Saturdays = Saturdays,
            FirstDayOfWeek = random.Next(7),
            Rules = new()
            {
                MaxDaysInRow = random.Next(2, 7),
                MaxDaysAWeek = Sometimes(3, 7),
                MinDaysOff = random.Next(1, 4),
                MaxDaysOff = Sometimes(3, 6),
                MaxWeekends = Sometimes(0, 2),
                MaxOfKind = [.. Limits()],
                Forbidden = random.Next(2) == 0 ? null : [new(ShiftKind.Late, ShiftKind.Early), new(ShiftKind.Late, ShiftKind.Day)],
                ForbiddenShifts = random.Next(2) == 0 ? null : [new("F0700", "F0810"), new("F0810", "F0700")],
                MaxOfShifts = random.Next(2) == 0 ? null : [new(["F0700", "F0830"], random.Next(4)), new(["F1000"], random.Next(3))],
                MinDaysInRow = random.Next(1, 3),
            },
        };
        problem = problem with
        {
            Shifts = [.. problem.Shifts.Select(s => s.Start % Day == 690 ? s with { Kind = ShiftKind.Night } : s)],
            Agents =
            [
                .. problem.Agents.Select(a => a with
                {
                    WeeklyMinutes = random.Next(16, 48) * 60,
                    Unavailable = random.Next(3) == 0 ? [new(2 * Day, random.Next(3, 6) * Day, "leave")] : [],
                    MinMinutes = Sometimes(0, 40 * 60),
                    MaxMinutes = Sometimes(20 * 60, 60 * 60),
                    RestDays = random.Next(2) == 0 ? null
                        : RestDays.OfAccount(due: random.Next(2, 5), saved: random.Next(0, 6), mostSaved: random.Next(0, 4)),
                    Tail = random.Next(3) switch { 0 => new(DaysInRow: random.Next(1, 4), DaysThisWeek: random.Next(5)), 1 =>
                        new(DaysOff: random.Next(1, 5)), _ => CarryOver.None },
                    Rules = random.Next(2) == 0 ? null : problem.Rules with
                    {
                        MaxDaysInRow = random.Next(1, 7),
                        MaxDaysAWeek = Sometimes(1, 7),
                        MaxDaysOff = Sometimes(3, 6),
                        MaxOfKind = [.. Limits()],
                    },
                }),
            ],
        };

        var roster = Solve(problem, rounds: 12, seed);

        return !roster.Feasible || RosterChecker.Check(problem, roster.Assignments).IsEmpty;

        int? Sometimes(int from, int to) => random.Next(2) == 0 ? null : random.Next(from, to);

        IEnumerable<KindLimit> Limits() =>
            Enum.GetValues<ShiftKind>().Where(_ => random.Next(2) == 0).Select(kind => new KindLimit(kind, random.Next(0, 4)));
    }

    [Fact]
    public void rest_is_an_account_that_neither_overflows_nor_is_overdrawn()
    {
        var problem = TwoTeams(agents: 1, days: 14, peak: 8);
        var agent = problem.Agents[0] with { WeeklyMinutes = 60 * 60 };

        // 4 days are due, 9 saved up, 10 may be: 3 have to be taken. Without them nothing asks for more than one in seven.
        Rest(agent with { RestDays = RestDays.OfAccount(due: 4, saved: 9, mostSaved: 10) }).Should().BeInRange(3, 13);
        Rest(agent with { RestDays = RestDays.OfAccount(due: 9, saved: 9, mostSaved: 10) }).Should().BeGreaterThanOrEqualTo(8);
        Rest(agent with { WeeklyMinutes = 20 * 60, RestDays = RestDays.OfAccount(due: 10, saved: 0, mostSaved: 10) }).Should()
            .Be(10, "two shifts a week are the contract");

        int Rest(RosterAgent of)
        {
            var roster = Solve(problem with { Agents = [of] }, rounds: 5);
            roster.Feasible.Should().BeTrue();
            RosterChecker.Check(problem with { Agents = [of] }, roster.Assignments).Should().BeEmpty();
            return 14 - roster.Assignments.Length;
        }
    }

    [Fact]
    public void leave_is_no_rest_but_a_fixed_day_of_rest_is()
    {
        var problem = TwoTeams(agents: 1, days: 7);
        var agent = problem.Agents[0] with { RestDays = new(7, 7) };
        Unavailability Tuesday(string rule) => new(Day, 2 * Day, rule);

        RosterChecker.Check(problem, agent with { Unavailable = [Tuesday("leave")] }, []).Select(v => v.Rule).Should()
            .Equal("too-few-rest-days");
        RosterChecker.Check(problem, agent with { Unavailable = [Tuesday(Unavailability.FixedRestDay)] }, []).Should().BeEmpty();
        Solve(problem with { Agents = [agent with { RestDays = new(0, 7),
            Unavailable = [Tuesday(Unavailability.FixedRestDay)] }] }).Assignments
            .Should().NotContain(a => a.Shift.Day == 1);
    }

    [Fact]
    public void a_team_works_the_same_kind_of_shift_where_that_weighs_enough()
    {
        var apart = TwoTeams(agents: 8, peak: 4);
        apart = apart with { Agents = [.. apart.Agents.Select((a, i) => a with { Team = new Guid(100 + i % 2, 0, 0, new byte[8]) })] };
        var loose = Solve(Weighing(0.01), rounds: 60);

        Apart(loose).Should().BePositive("early and late shifts are both needed");
        loose.Cost.TeamsApart.Should().BeApproximately(0.01 * Apart(loose), 1e-9);
        Apart(Solve(Weighing(500), rounds: 60)).Should().Be(0);

        RosterProblem Weighing(double weight) => apart with { Weights = apart.Weights with { TeamApart = weight } };

        int Apart(RosterSolution roster) => roster.Assignments.GroupBy(a => (a.Shift.Day, apart.Agents.Single(b => b.Id == a.AgentId).Team))
            .Sum(team => team.Count() - team.GroupBy(a => a.Shift.Kind).Max(kind => kind.Count()));
    }

    [Fact]
    public void rules_that_leave_no_days_are_named_and_no_others()
    {
        var problem = TwoTeams(agents: 2, days: 14) with { Rules = new() { MaxDaysOff = 3, MinDaysOff = 2 }, Saturdays = Saturdays };
        problem = problem with { Agents = [problem.Agents[0] with { WeeklyMinutes = 9 * 60 }, problem.Agents[1]] };

        var conflict = Solve(problem).Conflicts.Should().ContainSingle().Subject;

        conflict.Agents.Should().Equal(problem.Agents[0].Id);
        conflict.Rule.Should().Be("rules-in-conflict");
        conflict.Because.Should().Equal(
            ["too-many-days-off", "weekly-hours-exceeded"], "one shift a week leaves six days off, whatever else is asked");
        conflict.Cheapest.Should().ContainSingle().Which.Should()
            .Match<Relaxation>(c => c.Rule == "too-many-days-off" && c.From == 3 && c.To > 3);
        Solve(RosterConflicts.Relaxed(problem, [conflict])).Feasible.Should().BeTrue();
    }

    [Property(MaxTest = 20)]
    public void a_conflict_names_rules_of_which_each_is_needed_and_a_change_that_ends_it(int seed)
    {
        var random = new Random(seed);
        var problem = TwoTeams(agents: 1, days: 14) with
        {
            Saturdays = Saturdays,
            Rules = new()
            {
                MaxDaysInRow = random.Next(1, 4),
                MinDaysOff = random.Next(1, 4),
                MaxDaysOff = random.Next(1, 4),
                MaxWeekends = random.Next(0, 2),
                MinDaysInRow = random.Next(1, 3),
                MaxOfShifts = random.Next(2) == 0 ? null : [new(["F0700", "F0830", "F1000"], random.Next(1, 4))],
            },
        };
        var agent = problem.Agents[0] with
        {
            WeeklyMinutes = random.Next(8, 30) * 60,
            MaxMinutes = random.Next(16, 50) * 60,
            MinMinutes = random.Next(2) == 0 ? null : random.Next(16, 40) * 60,
            RestDays = new(random.Next(0, 10), random.Next(4, 12)),
            Unavailable = [.. Enumerable.Range(0, 14).Where(_ => random.Next(8) == 0)
                .Select(d => new Unavailability(d * Day, (d + 1) * Day, "leave"))],
        };
        problem = problem with { Agents = [agent] };

        var conflict = Solve(problem, rounds: 1, seed).Conflicts.SingleOrDefault();
        if (conflict is null)
            return;

        conflict.Because.Should().NotBeEmpty();
        conflict.Cheapest.Should().HaveCountLessThanOrEqualTo(2);
        if (!conflict.Cheapest.IsEmpty)
            Solve(RosterConflicts.Relaxed(problem, [conflict]), rounds: 1, seed).Feasible.Should().BeTrue("the change named leaves days");
        foreach (var change in conflict.Cheapest.Length < 2 ? [] : conflict.Cheapest)
            Solve(RosterConflicts.Relaxed(problem, [conflict with { Cheapest = [change] }]), rounds: 1, seed).Feasible.Should()
                .BeFalse("one of two is not enough: {0} {1} {2}", string.Join("; ", conflict.Because), string.Join("; ", conflict.Cheapest),
                change);
    }

    [Fact]
    public void agents_bound_alike_are_one_conflict()
    {
        var problem = TwoTeams(agents: 10_000, days: 28) with { Rules = new() { MaxDaysOff = 2 } };
        problem = problem with { Agents = [.. problem.Agents.Select(a => a with { Skills = ["billing"], WeeklyMinutes = 9 * 60 })] };

        var conflict = Solve(problem).Conflicts.Should().ContainSingle().Subject;

        conflict.Agents.Should().HaveCount(10_000);
        conflict.Cheapest.Should().NotBeEmpty();
    }

    [Fact]
    public void a_wish_is_granted_where_it_costs_less_than_it_weighs()
    {
        var problem = TwoTeams(agents: 8, peak: 4);
        var wish = new DayPreference(2, null, 500);
        problem = problem with { Agents = [.. problem.Agents.Select((a, i) => i < 2 ? a with { Wishes = [wish] } : a)] };

        var granted = Solve(problem, rounds: 60);

        granted.Assignments.Where(a => a.Shift.Day == 2).Select(a => a.AgentId).Should()
            .NotContain([problem.Agents[0].Id, problem.Agents[1].Id]);
        granted.Cost.RefusedWishes.Should().Be(0);
        var all = problem with { Agents = [.. problem.Agents.Select(a => a with { Wishes = [wish with { Weight = 0.01 }] })] };
        var refused = Solve(all, rounds: 60);
        refused.Cost.RefusedWishes.Should().BeApproximately(0.01 * refused.Assignments.Count(a => a.Shift.Day == 2), 1e-9).And.BePositive();
    }

    [Fact]
    public void a_locked_shift_keeps_its_own_times_and_breaks()
    {
        var problem = TwoTeams(agents: 3, peak: 3);
        var own = new ShiftOption("custom", 1, Day + 555, Day + 800, ShiftKind.Day, [new("break", 20, 100, 100, Paid: true)]);
        problem = problem with { Agents = [problem.Agents[0] with { Locked = [new(1, "custom", own)] }, .. problem.Agents[1..]] };

        var roster = Solve(problem, rounds: 20);

        RosterChecker.Check(problem, roster.Assignments).Should().BeEmpty();
        var kept = roster.Assignments.Single(a => a.Shift.Code == "custom");
        (kept.AgentId, kept.Shift).Should().Be((problem.Agents[0].Id, own));
        kept.Breaks.Should().Equal(new PlacedBreak("break", Day + 655, Day + 675, Paid: true));
    }

    private static IEnumerable<string> Rules(RosterRules rules, params (int Day, ShiftKind Kind)[] shifts)
    {
        var problem = TwoTeams(agents: 1, days: 14) with { Rules = rules, Saturdays = Saturdays };
        return RosterChecker.Check(problem, shifts.Select(s => new Assignment(
            problem.Agents[0].Id, new("F", s.Day, s.Day * Day + 480, s.Day * Day + 800, s.Kind, []), []))).Select(v => v.Rule).Distinct();
    }
}

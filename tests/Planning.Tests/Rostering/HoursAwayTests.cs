using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class HoursAwayTests
{
    private static readonly ShiftOption Shift = new("D", 0, 540, 1020, ShiftKind.Day,
        [new("break", 15, 90, 150, Paid: true), new("meal", 30, 180, 270, Paid: false), new("break", 15, 360, 420, Paid: true)]);

    [Fact]
    public void hours_away_are_an_unpaid_break_and_the_other_breaks_stay_in_their_windows_beside_them()
    {
        // From 12:30 to 14:00: the meal may begin from 12:00 to 13:30.
        var left = Away(750, 840).Around(Shift)!;

        left.Breaks.Should().Equal(new("break", 15, 90, 150, true), new BreakRule("meal", 30, 180, 180, false),
            new BreakRule("leave", 90, 210, 210, false), new BreakRule("break", 15, 360, 420, true));
        left.PaidMinutes.Should().Be(Shift.PaidMinutes - 90);
    }

    [Fact]
    public void who_is_away_in_the_whole_window_of_a_break_has_none() =>
        Away(720, 1020).Around(Shift)!.Breaks.Select(b => b.Kind).Should().Equal("break", "leave");

    [Fact]
    public void hours_beside_a_shift_leave_it_as_it_is() => Away(0, 540).Around(Shift).Should().BeSameAs(Shift);

    [Fact]
    public void nothing_is_left_of_a_shift_within_the_hours() => Away(540, 1100).Around(Shift).Should().BeNull();

    [Fact]
    public void hours_take_nothing_of_a_pause()
    {
        var split = Shift with { Breaks = [new("pause", 120, 180, 180, Paid: false)] };

        Away(600, 900).Around(split)!.Breaks.Should().Equal(
            new("leave", 120, 60, 60, false), new BreakRule("pause", 120, 180, 180, false), new BreakRule("leave", 60, 300, 300, false));
    }

    [Fact]
    public void the_checker_lets_a_shift_lie_around_the_hours_and_none_over_them()
    {
        var agent = Away(750, 840);
        var problem = TwoTeams(agents: 1, days: 1) with { Agents = [agent], Rules = new() };
        var (over, around) = (RosterConflicts.AsPlanned(agent.Id, Shift), RosterConflicts.AsPlanned(agent.Id, agent.Around(Shift)!));

        RosterChecker.Check(problem, agent, [over]).Select(v => v.Rule).Should().Equal("leave");
        RosterChecker.Check(problem, agent, [around]).Should().BeEmpty();
    }

    [Theory]
    [InlineData(Unavailability.OutsideAvailability, 720, 840, true)]
    [InlineData(Unavailability.OutsideAvailability, 720, 855, false)]
    [InlineData(Unavailability.Stated, 750, 780, true)]
    [InlineData("works-elsewhere", 720, 840, false)]
    public void in_a_pause_nobody_need_be_available_and_nobody_works_elsewhere(string rule, int from, int to, bool works)
    {
        var split = Shift with { Breaks = [new("pause", 120, 180, 180, Paid: false)] };
        var agent = Agent(1, "billing") with { Unavailable = [new(from, to, rule)] };
        var problem = TwoTeams(agents: 1, days: 1) with { Agents = [agent], Shifts = [split], Rules = new() };

        Solve(problem, rounds: 5).Assignments.Length.Should().Be(works ? 1 : 0);
        RosterChecker.Check(problem, agent, [RosterConflicts.AsPlanned(agent.Id, split)]).Select(v => v.Rule)
            .Should().Equal(works ? [] : [rule]);
    }

    [Property(MaxTest = 25)]
    public void a_search_rosters_around_hours_and_breaks_no_rule(int seed)
    {
        var random = new Random(seed);
        var problem = TwoTeams(agents: random.Next(2, 6), days: 7, peak: random.Next(2, 8));
        problem = problem with
        {
            Agents =
            [
                .. problem.Agents.Select(agent => agent with
                {
                    Unavailable =
                    [
                        .. Enumerable.Range(0, 5).Where(_ => random.Next(2) == 0).Select(day =>
                        {
                            var from = day * Day + random.Next(7 * 60, 20 * 60);
                            return new Unavailability(from, from + random.Next(15, 300), "leave", 15 * random.Next(20), Around: true);
                        }),
                    ],
                }),
            ],
        };

        var found = Solve(problem, rounds: 20, seed);

        found.Feasible.Should().BeTrue();
        RosterChecker.Check(problem, found.Assignments).Should().BeEmpty();
        RosterCost.Of(problem, found.Assignments, default).Total.Should().BeApproximately(found.Cost.Total, 0.01);
    }

    [Fact]
    public void a_day_with_two_hours_of_leave_is_worked_where_the_need_asks_for_it()
    {
        var problem = TwoTeams(agents: 3, days: 5, peak: 12);
        var leave = new Unavailability(Day + 780, Day + 900, "leave", 120, Around: true);
        problem = problem with { Agents = [.. problem.Agents.Select(a => a with { Unavailable = [leave] })] };

        var found = Solve(problem, rounds: 30);

        found.Assignments.Count(a => a.Shift.Day == 1).Should().Be(3, "five days of eight hours are what each works");
        found.Assignments.Where(a => a.Shift.Day == 1).Should().OnlyContain(a => a.Breaks.Any(b => b.Kind == "leave"));
    }

    private static RosterAgent Away(int from, int to) =>
        Agent(1, "billing") with { Unavailable = ImmutableArray.Create(new Unavailability(from, to, "leave", 60, Around: true)) };
}

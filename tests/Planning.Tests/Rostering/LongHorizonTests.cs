using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

/// <summary>A year, and more limits than can be counted side by side.</summary>
public sealed class LongHorizonTests
{
    private const int Year = 364;

    private static readonly (string Code, int Start, int Minutes)[] Kinds =
    [
        ("A", 360, 480), ("B", 420, 600), ("C", 480, 720), ("D", 540, 480), ("E", 600, 600), ("F", 660, 720), ("G", 720, 480),
        ("H", 780, 600),
    ];

    [Fact]
    public void hours_that_cannot_be_counted_over_a_year_at_once_are_shared_out_over_its_weeks()
    {
        var problem = OfYear(agents: 3, most: 60);
        new RosterState(problem, default).Lattices[0].IsTooLong.Should().BeTrue();

        var found = Solve(problem, rounds: 4);

        found.Conflicts.Should().BeEmpty();
        RosterChecker.Check(problem, found.Assignments).Should().BeEmpty();
        foreach (var agent in problem.Agents)
            HoursByQuarter(found, agent.Id).Should().OnlyContain(hours => hours > 350, "a quarter has its share of a year");
    }

    [Fact]
    public void more_limits_than_can_be_counted_side_by_side_are_kept()
    {
        var problem = OfYear(agents: 2, most: 32);
        var state = new RosterState(problem, default);
        state.Insert(0).Should().BeTrue();
        var span = new DaySpan(0, 28);

        state.Remove(0, span);
        state.Insert(0, span).Should().BeTrue();

        var worked = state.Plans[0]!.Days.OfType<ShiftCandidate>().ToList();
        RosterChecker.Check(problem, worked.Select(c => new Assignment(problem.Agents[0].Id, c.Shift, c.Breaks))).Should().BeEmpty();
        worked.GroupBy(c => c.Shift.Code).Max(shifts => shifts.Count()).Should().Be(32, "what is limited is what is wanted most");
    }

    private static List<double> HoursByQuarter(RosterSolution found, Guid agent) => [.. found.Assignments.Where(a => a.AgentId == agent)
        .GroupBy(a => a.Shift.Day / 91).Select(quarter => quarter.Sum(a => a.Shift.PaidMinutes) / 60.0)];

    // Contracts of a year, 1,700 to 1,800 hours.
    private static RosterProblem OfYear(int agents, int most) => TwoTeams(agents, Year, peak: 1) with
    {
        Shifts =
        [
            .. from day in Enumerable.Range(0, Year)
               from kind in Kinds
               select new ShiftOption(kind.Code, day, day * Day + kind.Start, day * Day + kind.Start + kind.Minutes, ShiftKind.Day, []),
        ],
        Rules = new()
        {
            MinDaysInRow = 2, MinDaysOff = 2, MaxDaysInRow = 5, MaxWeekends = 26,
            MaxOfShifts = [.. Kinds.Select(kind => new CodeLimit([kind.Code], most))],
        },
        Weights = new(Unfair: 0, UnusedHour: 0),
        Saturdays = [.. Enumerable.Range(0, Year).Where(day => day % 7 == 5)],
        Agents =
        [
            .. Enumerable.Range(1, agents).Select(i => Agent(i, "billing") with
            {
                WeeklyMinutes = 7 * Day, MinMinutes = 1_700 * 60, MaxMinutes = 1_800 * 60,
            }),
        ],
    };
}

using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Rostering.Problems;

namespace CallCenter.Planning.Tests.Rostering;

public sealed class DaySpanTests
{
    private const int Days = 63;

    [Property(MaxTest = 6)]
    public void some_weeks_beside_the_others_as_they_are_are_the_best_that_there_are(int seed)
    {
        var random = new Random(seed);
        var problem = Long(random);
        var state = new RosterState(problem, TestContext.Current.CancellationToken);
        for (var agent = 0; agent < state.Agents; agent++)
            if (!state.Insert(agent))
                return;
        var (one, was) = (random.Next(state.Agents), state.Total);
        var (before, span) = (state.Plans[one]!, DaySpan.Weeks(problem, random.Next(7, 40), random));

        state.Remove(one, span);
        state.Insert(one, span).Should().BeTrue("the days that were there are days");

        var after = state.Plans[one]!;
        for (var day = 0; day < Days; day++)
            if (!span.Has(day))
                after.Days[day].Should().BeSameAs(before.Days[day]);
        RosterChecker.Check(problem, Assignments(problem, state)).Should().BeEmpty();
        state.Total.Should().BeLessThanOrEqualTo(was + 0.01);
        state.Total.Should().BeApproximately(Locked(problem, state, one, span), 0.01);
    }

    [Property]
    public void a_span_is_whole_weeks_about_as_long_as_asked(int seed)
    {
        var random = new Random(seed);
        var problem = Long(random) with { FirstDayOfWeek = random.Next(7) };
        var days = random.Next(1, 80);

        var span = DaySpan.Weeks(problem, days, random);

        (span.From == 0 || problem.EndsWeek(span.From - 1)).Should().BeTrue();
        problem.EndsWeek(span.To - 1).Should().BeTrue();
        (span.To - span.From).Should().BeInRange(Math.Min(days, Days), Math.Min(days + 12, Days));
    }

    [Fact]
    public void a_long_roster_breaks_no_rule_and_costs_what_is_said()
    {
        var problem = Long(new Random(5));

        var found = Solve(problem, rounds: 400);

        RosterChecker.Check(problem, found.Assignments).Should().BeEmpty();
        RosterCost.Of(problem, found.Assignments, default).Total.Should().BeApproximately(found.Cost.Total, 0.01);
        (found.Bound ?? 0).Should().BeLessThanOrEqualTo(found.Cost.Total + 0.01);
    }

    // What the search over all days finds where all days outside the span are decided.
    private static double Locked(RosterProblem problem, RosterState state, int one, DaySpan span)
    {
        var plan = state.Plans[one]!;
        ImmutableArray<LockedDay> decided =
            [.. Enumerable.Range(0, Days).Where(day => !span.Has(day)).Select(day => new LockedDay(day, plan.Days[day]?.Shift.Code))];
        var locked = new RosterState(problem with { Agents = problem.Agents.SetItem(one, problem.Agents[one] with { Locked = decided }) },
            TestContext.Current.CancellationToken);
        for (var agent = 0; agent < state.Agents; agent++)
            if (agent != one)
                locked.Insert(agent, state.Plans[agent]!);
        locked.Insert(one).Should().BeTrue();
        return locked.Total;
    }

    private static IEnumerable<Assignment> Assignments(RosterProblem problem, RosterState state) => problem.Agents.SelectMany((agent, a) =>
        state.Plans[a]!.Days.OfType<ShiftCandidate>().Select(c => new Assignment(agent.Id, c.Shift, c.Breaks)));

    private static RosterProblem Long(Random random)
    {
        ImmutableArray<ShiftOption> shifts =
        [
            .. from day in Enumerable.Range(0, Days)
               from shift in new[] { ("E", 420, 480, ShiftKind.Early), ("D", 540, 480, ShiftKind.Day), ("S", 600, 360, ShiftKind.Day),
                   ("N", 1320, 480, ShiftKind.Night) }
               select new ShiftOption(shift.Item1, day, day * Day + shift.Item2, day * Day + shift.Item2 + shift.Item3, shift.Item4, []),
        ];
        var rules = new RosterRules
        {
            MinDaysInRow = random.Next(1, 3),
            MinDaysOff = random.Next(1, 3),
            MaxDaysInRow = random.Next(4, 7),
            MaxWeekends = random.Next(4, 8),
            MaxOfShifts = [new(["N"], random.Next(2, 12)), new(["E", "S"], random.Next(5, 30))],
        };
        var problem = TwoTeams(agents: random.Next(1, 4), days: Days, peak: random.Next(1, 4));
        return problem with
        {
            Shifts = shifts,
            Rules = rules,
            Weights = new(Unfair: 0, SingleDayOff: random.Next(2) * 6),
            ShiftNeeds = [.. Enumerable.Range(0, Days).Select(day => new ShiftNeed(day, "N", 1, new(random.Next(50), 1)))],
            Saturdays = [.. Enumerable.Range(0, Days).Where(d => d % 7 == 5)],
            Agents =
            [
                .. problem.Agents.Select(a => a with
                {
                    WeeklyMinutes = random.Next(2) == 0 ? 40 * 60 : 7 * Day,
                    MinMinutes = random.Next(2) == 0 ? null : random.Next(20, 35) * 480,
                    MaxMinutes = random.Next(2) == 0 ? null : random.Next(36, 48) * 480,
                    Unavailable = [.. Enumerable.Range(0, 3).Select(_ => random.Next(Days))
                        .Select(day => new Unavailability(day * Day, (day + 1) * Day, "leave"))],
                }),
            ],
        };
    }
}

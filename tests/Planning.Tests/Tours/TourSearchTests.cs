using CallCenter.Planning.Tours;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Tours.TourProblems;

namespace CallCenter.Planning.Tests.Tours;

public sealed class TourSearchTests
{
    [Property(MaxTest = 25)]
    public void a_roster_breaks_no_rule_and_costs_what_the_checker_says(int seed)
    {
        var random = new Random(seed);
        var problem = Random(random, random.Next(1, 6), random.Next(1, 12));

        ShouldBeAsTheCheckerSays(problem, Solve(problem, rounds: 150, seed));
    }

    [Property(MaxTest = 12)]
    public void two_agents_get_the_best_roster_there_is_and_the_bound_is_no_higher(int seed)
    {
        var random = new Random(seed);
        var problem = Random(random, agents: 2, days: 4);

        var result = Solve(problem, rounds: 400, seed);

        var tours = problem.Agents.Select(a => AllTours(4, 3).Where(t => !TourChecker.Violations(problem, a, [.. t]).Any()).ToList())
            .ToList();
        var best = tours[0].SelectMany(one => tours[1].Select(two => (long?)TourChecker.Cost(problem, new([[.. one], [.. two]])).Total))
            .Min();
        (result.Roster is null).Should().Be(best is null);
        if (best is null)
            return;
        result.Cost.Should().Be(best);
        (result.Bound ?? 0).Should().BeLessThanOrEqualTo((double)best + 0.01);
    }

    [Fact]
    public void the_same_seed_and_rounds_give_the_same_roster()
    {
        var rules = Free with { MinMinutes = 6 * 480, MaxMinutes = 10 * 480, MaxDaysInRow = 5, MinDaysOffInRow = 2, MaxWeekends = 1 };
        var problem = Problem(14, [.. Enumerable.Range(0, 5).Select(i => Agent($"A{i}", rules))]);

        Solve(problem, 300, 3).Roster!.Tours.Should().BeEquivalentTo(Solve(problem, 300, 3).Roster!.Tours, o => o.WithStrictOrdering());
    }

    [Fact]
    public void a_period_that_nobody_else_can_cover_is_covered_by_who_can()
    {
        var problem = Problem(3, Agent("day", Free with { Limits = [new([2], 0)] }), Agent("night"));

        var roster = Solve(problem, 200).Roster!;

        roster.Tours[1].Should().Equal(2, 2, 2);
    }

    [Fact]
    public void work_beyond_midnight_counts_on_the_next_day()
    {
        var problem = Problem(2, Agent("A", Free with { Limits = [new([0, 1], 0)] })) with { Needs = [new(1, 0, 1, 100, 1)] };

        Solve(problem, 50).Roster!.Tours[0].Should().Equal(2, Off);
        Solve(problem, 50).Cost.Should().Be(0);
    }

    [Fact]
    public void what_is_locked_stays_and_as_little_as_asked_changes()
    {
        var problem = Problem(7, Agent("A"), Agent("B"));
        var before = Solve(problem, 200).Roster!;
        var absent = problem with { Agents = [problem.Agents[0] with { DaysOff = [3] }, problem.Agents[1]] };

        var after = Solve(Reoptimisation.Keeping(absent, before, perChange: 10_000, lockedDays: 2), 200).Roster!;

        after.Tours[0][3].Should().Be(Off);
        after.Tours.Zip(before.Tours).Sum(t => t.First.Zip(t.Second).Count(d => d.First != d.Second)).Should().Be(1);
    }

    [Fact]
    public void a_wrong_problem_is_refused_by_name()
    {
        var problem = Problem(2, Agent("A"));

        Code(problem with { Agents = [] }).Should().Be("no-agents");
        Code(problem with { Shifts = [] }).Should().Be("no-shifts");
        Code(problem with { Days = 0 }).Should().Be("no-days");
        Code(problem with { Needs = [new(2, 0, 1, 1, 1)] }).Should().Be("need-outside-horizon");
        Code(problem with { Agents = [problem.Agents[0] with { DaysOff = [5] }] }).Should().Be("day-outside-horizon");
        Code(problem with { Shifts = [Shifts[0], Shifts[0]] }).Should().Be("duplicate-code");
        Code(problem with { Shifts = [new("E", 480, [new(0, 2)], [7])] }).Should().Be("unknown-shift");

        static string Code(TourProblem wrong) =>
            FluentActions.Invoking(() => Solve(wrong, 1)).Should().Throw<CallCenter.Planning.PlanningException>().Which.Code;
    }

    [Fact]
    public void without_the_time_for_a_first_roster_there_is_none_yet_and_no_conflict_is_claimed()
    {
        var result = TourSearch.Solve(Problem(14, Agent("A"), Agent("B")), new(TimeSpan.Zero), null, TestContext.Current.CancellationToken);

        result.Roster.Should().BeNull();
        result.Conflicts.Should().BeEmpty();
        result.WithoutTour.Should().Be(2);
    }

    [Fact]
    public void a_search_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var search = () => TourSearch.Solve(
            Problem(14, [.. Enumerable.Range(0, 6).Select(i => Agent($"A{i}"))]), new(TimeSpan.FromHours(1)),
            new AtOnce(cancellation.Cancel), cancellation.Token);

        search.Should().Throw<OperationCanceledException>();
    }

    private sealed class AtOnce(Action then) : IProgress<TourProgress>
    {
        public void Report(TourProgress value) => then();
    }
}

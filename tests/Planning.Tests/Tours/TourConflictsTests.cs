using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using CallCenter.Planning.Tours;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Tours.TourProblems;

namespace CallCenter.Planning.Tests.Tours;

public sealed class TourConflictsTests
{
    [Fact]
    public void who_cannot_reach_the_contract_is_named_with_the_rules_and_the_least_change()
    {
        var problem = Problem(7, Agent("fine"), Agent("stuck", Free with { MinMinutes = 6 * 480, MaxDaysInRow = 2, MinDaysOffInRow = 2 }));

        var conflict = Of(problem).Should().ContainSingle().Subject;

        conflict.Agents.Should().Equal("stuck");
        conflict.Rules.Should().Contain(["too-few-minutes", "too-many-days-in-row"]);
        conflict.Cheapest.Should().ContainSingle();
        Solve(problem, 10).Conflicts.Should().ContainSingle();
        Solve(TourConflicts.Relaxed(problem, [conflict]), 10).Roster.Should().NotBeNull();
    }

    // With 89 and 98 the days worked before the horizon decide.
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 100)];

    [Theory, MemberData(nameof(Seeds))]
    public void the_rules_named_leave_no_tour_together_and_any_one_less_leaves_one(int seed)
    {
        var problem = Random(new(seed), agents: 3, days: 5);
        foreach (var agent in problem.Agents)
        {
            var alone = problem with { Agents = [agent] };
            var none = AllTours(5, 3).All(t => TourChecker.Violations(alone, agent, [.. t]).Any());

            var conflict = Of(alone).SingleOrDefault();

            (conflict is not null).Should().Be(none);
            if (conflict is null)
                continue;
            // Every tour breaks one of the rules named, and each of them is needed: without it some tour breaks none of the others.
            var broken = AllTours(5, 3).Select(t => TourChecker.Violations(alone, agent, [.. t]).Select(v => v.Rule).ToHashSet()).ToList();
            broken.Should().OnlyContain(b => b.Overlaps(conflict.Rules));
            if (!conflict.Cheapest.IsEmpty)
                Of(TourConflicts.Relaxed(alone, [conflict])).Should().BeEmpty("the change named leaves a tour");
        }
    }

    [Fact]
    public void where_one_rule_is_not_enough_the_cheapest_two_are_named()
    {
        // Locked on a day off, and three shifts more than the days in a row allow: two conflicts, each with a rule of its own.
        var stuck = Agent("stuck", Free with { MinMinutes = 6 * 480, MaxDaysInRow = 2, MinDaysOffInRow = 2 }) with { DaysOff = [0],
            Locked = [new(0, 0)] };
        var problem = Problem(8, Agent("fine"), stuck);

        var conflict = Of(problem).Should().ContainSingle().Subject;

        conflict.Cheapest.Should().HaveCount(2);
        conflict.Cheapest.Should().ContainSingle(c => c.Rule == "locked-day" || c.Rule == "day-off");
        Of(TourConflicts.Relaxed(problem, [conflict])).Should().BeEmpty("the changes named leave a tour");
        foreach (var one in conflict.Cheapest)
            Of(TourConflicts.Relaxed(problem, [conflict with { Cheapest = [one] }])).Should().ContainSingle("one of them is not enough");
    }

    [Fact]
    public void a_forbidden_sequence_is_named_where_dropping_it_is_the_least_change()
    {
        // Only nights are left, and no night may follow another: five days give three nights, and the minutes of four are due.
        var nights = Agent("nights", Free with { MinMinutes = 5 * 480, Limits = [new([0, 1], 0)] });
        var problem = Problem(5, nights) with { Shifts = Shifts.SetItem(2, Shifts[2] with { NotBefore = [0, 1, 2] }) };

        var conflict = Of(problem).Should().ContainSingle().Subject;

        conflict.Rules.Should().BeEquivalentTo("forbidden-sequence", "shift-limit", "too-few-minutes");
        conflict.Cheapest.Should().Equal(new Relaxation("forbidden-sequence", 0, null, "N, N"));
        Of(TourConflicts.Relaxed(problem, [conflict])).Should().BeEmpty();
    }

    [Fact]
    public void the_agents_own_rules_come_before_sequences_that_are_everybodys()
    {
        var locked = Agent("locked") with { Locked = [new(0, 2), new(1, 1), new(2, 0)] };
        var problem = Problem(3, locked, Agent("as well") with { Locked = locked.Locked });

        var conflict = Of(problem).Should().ContainSingle().Subject;

        // Night, late and early in a row: one decided day less, or two sequences.
        conflict.Cheapest.Should().Equal(new Relaxation("locked-day", 1, null));
        var sequences = conflict with { Cheapest = [new("forbidden-sequence", 0, null, "N, L"),
            new("forbidden-sequence", 0, null, "L, E")] };
        Of(TourConflicts.Relaxed(problem, [sequences])).Should().BeEmpty();
    }

    [Property(MaxTest = 20)]
    public void no_pair_of_dropped_days_is_missed(int seed)
    {
        // Locked days and days off are dropped whole, so that every pair can be tried.
        var random = new Random(seed);
        var days = Enumerable.Range(0, 5).ToList();
        var agent = Agent("A", Free with { MaxDaysInRow = 3 }) with
        {
            DaysOff = [.. days.Where(_ => random.Next(2) == 0)],
            Locked = [.. days.Where(_ => random.Next(2) == 0).Select(d => new LockedTourDay(d, random.Next(3)))],
        };
        var conflict = Of(Problem(5, agent)).SingleOrDefault();
        if (conflict is null)
            return;

        // A sequence that is dropped is so on every day.
        var fewest = AllTours(5, 3).Select(t => TourChecker.Violations(Problem(5), agent, [.. t]).ToList())
            .Where(broken => broken.All(v => v.Rule != "too-many-days-in-row"))
            .Min(broken => broken.Select(v => v.Rule == "forbidden-sequence" ? v.Message : $"{v.Rule} {v.Day}").Distinct().Count());
        if (fewest <= 2)
            conflict.Cheapest.Length.Should().BeInRange(1, fewest);
        if (conflict.Cheapest.IsEmpty)
            fewest.Should().BeGreaterThan(2);
        else
            Of(TourConflicts.Relaxed(Problem(5, agent), [conflict])).Should().BeEmpty();
    }

    [Fact]
    public void ten_thousand_agents_bound_alike_are_one_question()
    {
        var rules = Free with { MinMinutes = 28 * 600, MaxDaysInRow = 5 };
        var problem = Problem(28, [.. Enumerable.Range(0, 10_000).Select(i => Agent($"A{i}", rules))]);

        var conflict = Of(problem).Should().ContainSingle().Subject;

        conflict.Agents.Should().HaveCount(10_000);
        conflict.Rules.Should().BeEquivalentTo("too-many-days-in-row", "too-few-minutes");
    }

    private static ImmutableArray<TourConflict> Of(TourProblem problem) =>
        TourConflicts.Of(problem, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
}

using CallCenter.Planning.ShiftDesign;

namespace CallCenter.Planning.Tests.ShiftDesign;

public sealed class ShiftDesignTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly ShiftWindow[] Windows = [new(6, 10, 7, 9), new(13, 15, 7, 9), new(21, 23, 7, 9)];

    [Fact]
    public void a_need_that_shifts_were_added_up_to_is_met_with_no_more_of_them()
    {
        IReadOnlyList<DesignedShift> hidden =
            [new(7, 8, [4, 4, 4, 4, 4, 2, 2]), new(14, 8, [3, 3, 3, 3, 3, 1, 1]), new(22, 9, [2, 2, 2, 2, 2, 2, 2])];
        var problem = new ShiftDesignProblem(24, [], Windows, new(60, 60, 60));
        problem = problem with { Needed = ShiftDesignChecker.Cover(problem with { Needed = new int[168] }, hidden) };

        var found = ShiftDesignSearch.Solve(problem, Limit, rounds: 3);

        ShiftDesignChecker.Check(problem, found.Shifts).Should().BeEmpty();
        (found.Over, found.Under, found.Cost).Should().Be((0, 0, 180));
        found.Bound.Should().BeInRange(1, 180);
        found.Shifts.Select(s => (s.Start, s.Length)).Should().Equal((7, 8), (14, 8), (22, 9));
    }

    [Fact]
    public void no_more_different_shifts_than_are_allowed()
    {
        var problem = Random(3) with { MostShifts = 2 };

        var found = ShiftDesignSearch.Solve(problem, Limit, rounds: 3);

        found.Shifts.Should().HaveCount(2);
        ShiftDesignChecker.Check(problem, found.Shifts).Should().BeEmpty();
        ShiftDesignChecker.Cost(problem, found.Shifts).Should().Be((found.Over, found.Under, found.Cost));
    }

    [Fact]
    public void the_same_seed_designs_the_same_and_a_missing_agent_costs_what_it_weighs()
    {
        var problem = Random(4);

        var one = ShiftDesignSearch.Solve(problem, Limit, seed: 7, rounds: 3);
        var other = ShiftDesignSearch.Solve(problem, Limit, seed: 7, rounds: 3);
        var dear = ShiftDesignSearch.Solve(problem with { Weights = new(1, 1000, 60) }, Limit, rounds: 3);

        other.Shifts.Should().BeEquivalentTo(one.Shifts);
        dear.Under.Should().Be(0);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    /// <summary>
    /// One day of eight slots with six possible shifts, of which none to four people each are tried: all 15,625 designs.
    /// </summary>
    [Theory, MemberData(nameof(Seeds))]
    public void no_design_of_all_costs_less_than_the_bound_and_the_best_is_found(int seed)
    {
        var random = new Random(seed);
        var problem = new ShiftDesignProblem(
            8, [.. Enumerable.Range(0, 8).Select(_ => random.Next(4))], [new(0, 1, 3, 5)],
            new(random.Next(1, 4), random.Next(1, 4), random.Next(1, 6)));
        var best = long.MaxValue;
        for (var code = 0; code < 15625; code++)
        {
            var (shifts, rest) = (new List<DesignedShift>(), code);
            for (var k = 0; k < 6; k++, rest /= 5)
                if (rest % 5 > 0)
                    shifts.Add(new(k / 3, 3 + k % 3, [rest % 5]));
            best = Math.Min(best, ShiftDesignChecker.Cost(problem, shifts).Cost);
        }

        var found = ShiftDesignSearch.Solve(problem, Limit, rounds: 2);

        found.Bound.Should().BeLessThanOrEqualTo(best);
        found.Cost.Should().Be(best);
    }

    [Fact]
    public void windows_that_allow_too_many_shifts_are_refused()
    {
        var wide = Random(1) with { Windows = [new(0, 95, 1, 96)], SlotsPerDay = 96, Needed = new int[96] };

        FluentActions.Invoking(() => ShiftDesignSearch.Solve(wide, Limit, rounds: 1)).Should().Throw<PlanningException>()
            .Which.Code.Should().Be("shifts-too-many");
    }

    private static ShiftDesignProblem Random(int seed)
    {
        var random = new Random(seed);
        return new(24, [.. Enumerable.Range(0, 168).Select(slot => slot % 24 is < 7 or > 21 ? 0 : random.Next(3, 9))], Windows,
            new(60, 60, 60));
    }
}

using CallCenter.Planning.Rotations;

namespace CallCenter.Planning.Tests.Rotations;

public sealed class RotationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Early and late shifts of seven groups, five of them at work each day.</summary>
    private static readonly RotationProblem Seven = new(
        7, [new("E", [3, 3, 3, 3, 3, 3, 3], new(2, 5)), new("L", [2, 2, 2, 2, 2, 2, 2], new(2, 5))], new(4, 6), new(2, 3), [new(1, 0)], []);

    [Fact]
    public void a_rotation_keeps_every_rule_and_has_what_is_needed()
    {
        var found = Solve(Seven);

        found.Answer.Should().Be(RotationAnswer.Found);
        RotationChecker.Check(Seven, found.Days!).Should().BeEmpty();
    }

    [Fact]
    public void what_needs_more_days_than_groups_have_is_impossible_and_says_how_many_groups_would_do()
    {
        // 35 days of work in 7 weeks of at most 6 days of work and 2 of rest; in 6 weeks they leave too little rest.
        var six = Seven with { Groups = 6, Rest = new(2, 3) };

        Solve(six).Answer.Should().Be(RotationAnswer.Impossible);
        var conflict = RotationConflicts.Explain(six, Limit);
        conflict.FewestGroups.Should().Be(7);
        conflict.Rules.Should().NotBeEmpty();
        RotationConflicts.Fewest(Seven, Limit).Groups.Should().Be(7);
        var never = Seven with { Kinds = [Seven.Kinds[0] with { Needed = [1, 0, 1, 0, 1, 0, 1] }] };
        RotationConflicts.Fewest(never, Limit).Rotation.Answer.Should().Be(RotationAnswer.Impossible, "nobody works two days in a row");
        RotationConflicts.Fewest(Seven, TimeSpan.Zero).Rotation.Answer.Should().Be(RotationAnswer.Undecided);
    }

    [Fact]
    public void the_rule_in_the_way_is_named_with_the_least_change()
    {
        // Three days in a row at most, and then a day off at least: 4 of 5 groups at work cannot be.
        var problem = new RotationProblem(5, [new("D", [4, 4, 4, 4, 4, 4, 4], new(1, 7))], new(1, 3), new(1, 2), [], []);

        var conflict = RotationConflicts.Explain(problem, Limit);

        conflict.Rules.Should().Equal("too-many-days-in-row");
        conflict.Cheapest.Should().ContainSingle().Which.Should().Be(new Planning.Rostering.Relaxation("too-many-days-in-row", 3, 4));
    }

    [Fact]
    public void rounds_that_never_meet_are_no_rotation()
    {
        // From Monday to Friday with the weekend off, and nothing else: every week is a round of its own, and all of them meet.
        var weeks = new RotationProblem(3, [new("D", [3, 3, 3, 3, 3, 0, 0], new(1, 7))], new(5, 5), new(2, 2), [], []);
        Solve(weeks).Answer.Should().Be(RotationAnswer.Found);

        // Of rounds that are found apart, and that no exchange of days joins, one has to lead to the other.
        var led = new RotationProblem(4, [new("D", [3, 3, 2, 2, 1, 2, 3], new(1, 7))], new(3, 4), new(2, 3), [], []);
        RotationChecker.Check(led, Solve(led).Days!).Should().BeEmpty();

        // One group begins on Mondays and one on Thursdays, each five days: neither ever becomes the other.
        var apart = weeks with { Groups = 2, Kinds = [new("D", [2, 1, 1, 2, 2, 1, 1], new(1, 7))] };
        Solve(apart).Answer.Should().Be(RotationAnswer.Impossible);
        AllRotations(2, 1).Any(days => RotationChecker.Check(apart, days).Count == 0).Should().BeFalse("no two weeks of all are one");
    }

    [Fact]
    public void what_is_forbidden_over_a_day_off_is_kept()
    {
        var problem = new RotationProblem(
            3, [new("E", [1, 1, 1, 1, 1, 1, 1], new(1, 4)), new("N", [1, 1, 1, 1, 1, 1, 1], new(1, 4))], new(2, 6), new(1, 3),
            [new(1, 0)], [new(1, 0)]);

        var found = Solve(problem);

        RotationChecker.Check(problem, found.Days!).Should().BeEmpty();
        Solve(problem with { Rest = new(1, 1), ForbiddenOverRest = [new(1, 0), new(0, 0), new(1, 1), new(0, 1)] }).Answer
            .Should().Be(RotationAnswer.Impossible);
    }

    [Fact]
    public void weekends_off_are_as_many_as_there_can_be()
    {
        var found = RotationSearch.Solve(Seven, freeWeekends: true, Limit);

        // Two of seven groups are off on each day: two weekends at most.
        found.FreeWeekends.Should().Be(2);
        found.MostFreeWeekends.Should().Be(2);
        RotationChecker.FreeWeekends(found.Days!).Should().Be(2);
        RotationChecker.Check(Seven, found.Days!).Should().BeEmpty();
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    /// <summary>Two weeks of two kinds: all 4,782,969 would take long, so one kind and two weeks, all 16,384 of them.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void it_finds_one_where_any_of_all_rotations_keeps_the_rules_and_else_says_there_is_none(int seed)
    {
        var random = new Random(seed);
        var work = random.Next(1, 4);
        var rest = random.Next(1, 3);
        var groups = 2;
        var any = All[random.Next(All.Count)];
        var needed = Enumerable.Range(0, 7).Select(day => Math.Min(2, any[day] + any[day + 7] + 2 + (random.Next(12) == 0 ? 1 : 0)))
            .ToArray();
        var problem = new RotationProblem(
            groups, [new("D", needed, new(1, 14))], new(work, work + random.Next(4)), new(rest, rest + random.Next(3)), [],
            random.Next(2) == 0 ? [] : [new(0, 0)]);

        var found = Solve(problem);

        found.Answer.Should().Be(
            All.Any(days => RotationChecker.Check(problem, days).Count == 0) ? RotationAnswer.Found : RotationAnswer.Impossible);
        if (found.Days is { } rotation)
            RotationChecker.Check(problem, rotation).Should().BeEmpty();
    }

    [Fact]
    public void the_checker_names_what_is_broken()
    {
        var days = Solve(Seven).Days!.ToArray();
        var first = Array.FindIndex(days, day => day == 0);
        days[first] = -1;

        RotationChecker.Check(Seven, days).Should().Contain(line => line.StartsWith("E on day", StringComparison.Ordinal));
        RotationChecker.Check(Seven, days[..7]).Should().ContainSingle();
        RotationChecker.Check(Seven with { Work = new(7, 7) }, Solve(Seven).Days!)
            .Should().Contain(line => line.StartsWith("days of work", StringComparison.Ordinal));
    }

    [Fact]
    public void too_many_different_rows_of_work_are_refused()
    {
        var kinds = Enumerable.Range(0, 6).Select(i => new RotationKind($"K{i}", [1, 1, 1, 1, 1, 1, 1], new(1, 7))).ToList();

        FluentActions.Invoking(() => Solve(new(9, kinds, new(1, 7), new(1, 3), [], []))).Should().Throw<PlanningException>()
            .Which.Code.Should().Be("rotation-too-wide");
    }

    private static RotationResult Solve(RotationProblem problem) => RotationSearch.Solve(problem, freeWeekends: false, Limit);

    private static readonly IReadOnlyList<int[]> All = [.. AllRotations(2, 1)];

    private static IEnumerable<int[]> AllRotations(int groups, int kinds)
    {
        var count = (int)Math.Pow(kinds + 1, groups * 7);
        for (var code = 0; code < count; code++)
        {
            var (days, rest) = (new int[groups * 7], code);
            for (var i = 0; i < days.Length; i++, rest /= kinds + 1)
                days[i] = rest % (kinds + 1) - 1;
            yield return days;
        }
    }
}

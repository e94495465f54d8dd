using System.Collections.Immutable;
using CallCenter.Planning.Rostering;
using CallCenter.Planning.Tours;

namespace CallCenter.Planning.Tests.Tours;

/// <summary>Tour problems small enough to be solved by hand or by trying everything.</summary>
internal static class TourProblems
{
    public const int Off = TourRoster.Off;

    /// <summary>Early, late and night of different lengths; late does not go before early, night before neither.</summary>
    public static readonly ImmutableArray<TourShift> Shifts =
    [
        new("E", 480, [new(0, 2)], []), new("L", 480, [new(1, 3)], [0]), new("N", 600, [new(3, 5)], [0, 1]),
    ];

    public static readonly TourRules Free = new(0, 100_000, 1, 100, 1, 100, []);

    public static TourAgent Agent(string id, TourRules? rules = null) => new(id, rules ?? Free, [], [], []);

    public static TourProblem Problem(int days, params TourAgent[] agents) => new(
        days, 0, 4, Shifts, [.. agents],
        [.. from day in Enumerable.Range(0, days) from period in Enumerable.Range(0, 4) select new CoverNeed(day, period, 1, 100, 1)]);

    public static TourProblem Random(Random random, int agents, int days)
    {
        var problem = Problem(days, [.. Enumerable.Range(0, agents)
            .Select(i => Agent($"A{i}", Rules()))]) with { FirstWeekday = random.Next(7) };
        return problem with
        {
            Needs = [.. problem.Needs.Select(
                n => n with { Required = random.Next(agents + 1), Under = random.Next(1, 100), Over = random.Next(10) })],
            Agents = [.. problem.Agents.Select(Vary)],
        };

        TourRules Rules() => new(
            480 * random.Next(days), 480 * random.Next(1, days + 3), random.Next(1, 4), random.Next(2, 6), random.Next(1, 4),
            random.Next(1, 4),
            [.. Enumerable.Range(0, 3).Where(_ => random.Next(3) == 0).Select(s => new ShiftLimit([s], random.Next(3)))]);

        TourAgent Vary(TourAgent agent) => agent with
        {
            DaysOff = random.Next(3) == 0 ? [random.Next(days)] : [],
            Locked = random.Next(5) == 0 ? [new(random.Next(days), random.Next(4) - 1 is >= 0 and var s ? s : null)] : [],
            Requests = [.. Enumerable.Range(0, 3)
                .Select(_ => new TourRequest(random.Next(days), random.Next(3), random.Next(2) == 0, random.Next(1, 20)))],
            Tail = random.Next(4) switch { 0 => new(null, random.Next(1, 3)), 1 => new(random.Next(3), random.Next(1, 3)), _ => null },
        };
    }

    /// <summary>Rounds, not time, end the search.</summary>
    public static TourResult Solve(TourProblem problem, int rounds, int seed = 1) =>
        TourSearch.Solve(problem, new SearchLimits(TimeSpan.FromHours(1), seed, rounds), null, TestContext.Current.CancellationToken);

    /// <summary>Or there is no roster, and somebody whose rules leave no tour.</summary>
    public static void ShouldBeAsTheCheckerSays(TourProblem problem, TourResult result)
    {
        if (result.Roster is null)
        {
            result.Conflicts.Should().NotBeEmpty();
            return;
        }

        TourChecker.Violations(problem, result.Roster).Should().BeEmpty();
        TourChecker.Cost(problem, result.Roster).Total.Should().Be(result.Cost);
        (result.Bound ?? 0).Should().BeLessThanOrEqualTo(result.Cost + 0.01);
    }

    public static IEnumerable<int[]> AllTours(int days, int shifts)
    {
        var count = (int)Math.Pow(shifts + 1, days);
        for (var number = 0; number < count; number++)
        {
            var tour = new int[days];
            for (var (day, rest) = (0, number); day < days; day++, rest /= shifts + 1)
                tour[day] = rest % (shifts + 1) - 1;
            yield return tour;
        }
    }
}

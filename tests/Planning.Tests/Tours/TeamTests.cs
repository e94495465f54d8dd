using System.Collections.Immutable;
using CallCenter.Planning.Tours;
using FsCheck.Xunit;
using static CallCenter.Planning.Tests.Tours.TourProblems;

namespace CallCenter.Planning.Tests.Tours;

public sealed class TeamTests
{
    [Fact]
    public void each_agent_apart_from_most_of_the_team_at_work_costs_the_weight()
    {
        var problem = Problem(1, Agent("A"), Agent("B"), Agent("C"), Agent("other")) with { Needs = [] };

        Apart(new(["A", "B", "C"], [], 7), 0, 0, 0, 2).Should().Be(0);
        Apart(new(["A", "B", "C"], [], 7), 0, 0, 1, 2).Should().Be(7);
        Apart(new(["A", "B", "C"], [], 7), 0, 2, 1, 2).Should().Be(14);
        Apart(new(["A", "B", "C"], [[0, 1]], 7), 0, 2, 1, 2).Should().Be(7);
        Apart(new(["A", "B", "C"], [], 7), 0, Off, Off, 2).Should().Be(0);
        Apart(new(["A", "B", "C"], [], 7), Off, Off, Off, 2).Should().Be(0);

        long Apart(TourTeam team, params int[] shifts) =>
            TourChecker.Cost(problem with { Teams = [team] }, new([.. shifts.Select(s => (ImmutableArray<int>)[s])])).Apart;
    }

    [Fact]
    public void teams_work_together_where_cover_leaves_the_choice()
    {
        ImmutableArray<TourShift> shifts = [new("E", 480, [new(0, 2)], []), new("L", 480, [new(2, 4)], [])];
        var everyDay = Free with { MinMinutes = 7 * 480 };
        var problem = Problem(7, [.. Enumerable.Range(0, 6).Select(i => Agent($"A{i}", everyDay))]) with
        {
            Shifts = shifts,
            Needs = [.. from day in Enumerable.Range(0, 7) from period in Enumerable.Range(0, 4) select new CoverNeed(
                day, period, 3, 100, 100)],
            Teams = [new(["A0", "A2", "A4"], [], 10), new(["A1", "A3", "A5"], [], 10)],
        };

        var roster = Solve(problem, 2000).Roster!;

        TourChecker.Cost(problem, roster).Should().Be(new TourCost(0, 0, 0, 0));
    }

    [Property(MaxTest = 25)]
    public void the_search_counts_what_the_checker_counts_and_its_bound_is_no_higher(int seed)
    {
        var random = new Random(seed);
        var problem = Random(random, random.Next(2, 6), random.Next(1, 12));
        problem = problem with
        {
            Teams =
            [
                new([.. problem.Agents.Select(a => a.Id).Where(_ => random.Next(3) > 0)], random.Next(2) == 0 ? [[0, 1]] : [],
                    random.Next(50)),
                new([.. problem.Agents.Select(a => a.Id)], [], random.Next(50)),
            ],
        };

        ShouldBeAsTheCheckerSays(problem, Solve(problem, rounds: 150, seed));
    }

    [Fact]
    public void a_team_of_strangers_or_of_shifts_counted_twice_is_refused()
    {
        var problem = Problem(1, Agent("A"));

        Refused(new(["B"], [], 1)).Should().Be("unknown-agent");
        Refused(new(["A"], [[0, 1], [1]], 1)).Should().Be("shift-of-two-kinds");
        Refused(new(["A"], [[9]], 1)).Should().Be("unknown-shift");
        Refused(new(["A"], [], -1)).Should().Be("negative-number");

        string Refused(TourTeam team) =>
            FluentActions.Invoking(() => Solve(problem with { Teams = [team] }, 1)).Should().Throw<PlanningException>().Which.Code;
    }
}

using System.Collections.Immutable;

namespace CallCenter.Planning.Tours;

/// <summary>A period with fewer agents than needed.</summary>
/// <param name="Obstacles">What keeps those who are not there from it, the most frequent first.</param>
public sealed record TourGap(int Day, int Period, int Missing, ImmutableArray<TourObstacle> Obstacles);

/// <param name="Rule">The checker's code of what one more shift would break; works-another-shift of who has one that day; or
/// surplus-elsewhere, when nothing forbids it and it costs more in other periods than it mends here.</param>
public sealed record TourObstacle(string Rule, ImmutableArray<string> Agents);

/// <summary>Says for each gap what stands in the way of filling it, all other days staying as they are.</summary>
public static class TourGaps
{
    public static ImmutableArray<TourGap> Of(TourProblem problem, TourRoster roster)
    {
        var there = roster.Tours.SelectMany(tour => Periods(problem, tour)).CountBy(at => at).ToDictionary();
        var obstacles = new Dictionary<(int Agent, int Day, int Shift), ImmutableArray<string>>();

        return
        [
            .. from need in problem.Needs
               let at = need.Day * problem.Periods + need.Period
               let missing = need.Required - there.GetValueOrDefault(at)
               where missing > 0 && need.Under > 0
               orderby at
               select new TourGap(need.Day, need.Period, missing, Obstacles(at)),
        ];

        ImmutableArray<TourObstacle> Obstacles(int at) =>
        [
            .. Enumerable.Range(0, problem.Agents.Length).Where(a => !Periods(problem, roster.Tours[a]).Contains(at))
                .SelectMany(a => WhyNot(a, at).Select(rule => (Rule: rule, problem.Agents[a].Id)))
                .GroupBy(o => o.Rule, o => o.Id).Select(g => new TourObstacle(g.Key, [.. g]))
                .OrderByDescending(o => o.Agents.Length).ThenBy(o => o.Rule, StringComparer.Ordinal),
        ];

        // Of the shifts that reach the period the one that breaks the least.
        IEnumerable<string> WhyNot(int agent, int at)
        {
            var ways = (from day in Enumerable.Range(0, problem.Days)
                        from shift in Enumerable.Range(0, problem.Shifts.Length)
                        where problem.Shifts[shift].Work.Any(w => day * problem.Periods + w.From <= at && at < day * problem.Periods + w.To)
                        select (day, shift)).ToList();
            if (ways.Count == 0)
                return ["no-shift-then"];
            var free = ways.Where(w => roster.Tours[agent][w.day] == TourRoster.Off).ToList();
            if (free.Count == 0)
                return ["works-another-shift"];

            var least = free.Select(w => Broken(agent, w.day, w.shift)).MinBy(b => b.Length);
            return least.IsEmpty ? ["surplus-elsewhere"] : least;
        }

        ImmutableArray<string> Broken(int agent, int day, int shift)
        {
            if (!obstacles.TryGetValue((agent, day, shift), out var broken))
                obstacles[(agent, day, shift)] = broken =
                    [.. TourChecker.Violations(problem, problem.Agents[agent], roster.Tours[agent].SetItem(day, shift)).Select(v => v.Rule)
                        .Distinct()];
            return broken;
        }
    }

    private static IEnumerable<int> Periods(TourProblem problem, ImmutableArray<int> tour) =>
        from day in Enumerable.Range(0, tour.Length)
        where tour[day] >= 0
        from span in problem.Shifts[tour[day]].Work
        from at in Enumerable.Range(day * problem.Periods + span.From, span.To - span.From)
        select at;
}

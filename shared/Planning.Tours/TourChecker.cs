using System.Collections.Immutable;

namespace CallCenter.Planning.Tours;

/// <param name="Rule">Stable code.</param>
public sealed record TourViolation(string Rule, string Agent, int Day, string Message);

/// <param name="Requests">Cost of requests not granted.</param>
/// <param name="Apart">Cost of agents who work apart from their team.</param>
public sealed record TourCost(long Under, long Over, long Requests, long Apart = 0)
{
    public long Total => Under + Over + Requests + Apart;
}

/// <summary>Scores a roster and says which hard rules it breaks. Shares no code with the search, so that it can judge it.</summary>
public static class TourChecker
{
    private const int Saturday = 5;
    private const int Sunday = 6;

    public static TourCost Cost(TourProblem problem, TourRoster roster)
    {
        var staff = problem.Needs.ToDictionary(n => (n.Day, n.Period), _ => 0);
        foreach (var tour in roster.Tours)
            foreach (var (day, shift) in Worked(tour))
                foreach (var span in problem.Shifts[shift].Work)
                    for (var at = day * problem.Periods + span.From; at < day * problem.Periods + span.To; at++)
                        if (staff.ContainsKey((at / problem.Periods, at % problem.Periods)))
                            staff[(at / problem.Periods, at % problem.Periods)]++;

        return new(
            problem.Needs.Sum(n => (long)n.Under * Math.Max(0, n.Required - staff[(n.Day, n.Period)])),
            problem.Needs.Sum(n => (long)n.Over * Math.Max(0, staff[(n.Day, n.Period)] - n.Required)),
            problem.Agents.Zip(roster.Tours, (agent, tour) => agent.Requests.Sum(r => (tour[r.Day] == r.Shift) == r.Wanted ? 0L : r.Weight))
                .Sum(),
            problem.Teams.Sum(team => team.Weight * Enumerable.Range(0, problem.Days).Sum(day => Apart(problem, roster, team, day))));
    }

    /// <summary>Agents of the team who work that day, but not what most of it works.</summary>
    private static long Apart(TourProblem problem, TourRoster roster, TourTeam team, int day)
    {
        var kinds = problem.Agents.Zip(roster.Tours, (agent, tour) => (agent.Id, Shift: tour[day]))
            .Where(a => team.Agents.Contains(a.Id) && a.Shift != TourRoster.Off)
            .GroupBy(a => team.Kinds.FirstOrDefault(kind => kind.Contains(a.Shift), [a.Shift])[0]).Select(kind => kind.Count()).ToList();
        return kinds.Sum() - kinds.DefaultIfEmpty(0).Max();
    }

    public static ImmutableArray<TourViolation> Violations(TourProblem problem, TourRoster roster) =>
        roster.Tours.Length != problem.Agents.Length
        ? [new("agents-missing", "", 0, "The roster has another number of agents than the problem.")]
        : [.. problem.Agents.Zip(roster.Tours, (agent, tour) => Violations(problem, agent, tour)).SelectMany(v => v)];

    public static IEnumerable<TourViolation> Violations(TourProblem problem, TourAgent agent, ImmutableArray<int> tour)
    {
        if (tour.Length != problem.Days || tour.Any(s => s < TourRoster.Off || s >= problem.Shifts.Length))
        {
            yield return Broken("not-a-tour", 0, "Each day needs a shift that exists, or a day off.");
            yield break;
        }

        foreach (var day in agent.DaysOff.Where(d => tour[d] != TourRoster.Off))
            yield return Broken("day-off", day, "A day off is worked.");
        foreach (var locked in agent.Locked.Where(l => tour[l.Day] != (l.Shift ?? TourRoster.Off)))
            yield return Broken("locked-day", locked.Day, "The day is decided otherwise.");

        var minutes = Worked(tour).Sum(w => problem.Shifts[w.Shift].Minutes);
        if (minutes < agent.Rules.MinMinutes)
            yield return Broken("too-few-minutes", problem.Days - 1, $"{minutes} minutes; at least {agent.Rules.MinMinutes} are due.");
        if (minutes > agent.Rules.MaxMinutes)
            yield return Broken("too-many-minutes", problem.Days - 1, $"{minutes} minutes; {agent.Rules.MaxMinutes} are allowed.");

        foreach (var limit in agent.Rules.Limits)
            if (tour.Count(limit.Shifts.Contains) is var count && count > limit.Most)
                yield return Broken("shift-limit", problem.Days - 1,
                    $"{count} of {string.Join(", ", limit.Shifts.Select(s => problem.Shifts[s].Code))}; {limit.Most} are allowed.");

        for (var day = 0; day < problem.Days; day++)
        {
            var before = day > 0 ? tour[day - 1] : agent.Tail?.LastShift ?? TourRoster.Off;
            if (before != TourRoster.Off && problem.Shifts[before].NotBefore.Contains(tour[day]))
                yield return Broken("forbidden-sequence", day,
                    $"{problem.Shifts[tour[day]].Code} may not follow {problem.Shifts[before].Code}.");
        }

        var weekends = Worked(tour).Where(w => problem.WeekdayOf(w.Day) is Saturday or Sunday)
            .Select(w => w.Day - problem.WeekdayOf(w.Day)).Distinct().Count();
        if (weekends > agent.Rules.MaxWeekends)
            yield return Broken("too-many-weekends", problem.Days - 1,
                $"Work on {weekends} weekends; {agent.Rules.MaxWeekends} are allowed.");

        foreach (var broken in Stretches(problem, agent, tour))
            yield return broken;

        TourViolation Broken(string rule, int day, string message) => new(rule, agent.Id, day, message);
    }

    private static IEnumerable<TourViolation> Stretches(TourProblem problem, TourAgent agent, ImmutableArray<int> tour)
    {
        var from = 0;
        while (from < tour.Length)
        {
            var works = tour[from] != TourRoster.Off;
            var to = from;
            while (to < tour.Length && tour[to] != TourRoster.Off == works)
                to++;

            var goesOn = from == 0 && agent.Tail is { } tail && tail.LastShift is not null == works;
            var length = to - from + (goesOn ? agent.Tail!.DaysInRow : 0);
            var whole = to < tour.Length && (from > 0 || agent.Tail is not null);

            if (works && length > agent.Rules.MaxDaysInRow)
                yield return new("too-many-days-in-row", agent.Id, to - 1,
                    $"{length} days in a row; {agent.Rules.MaxDaysInRow} are allowed.");
            if (works && whole && length < agent.Rules.MinDaysInRow)
                yield return new("too-few-days-in-row", agent.Id, to - 1, $"{length} days in a row; {agent.Rules.MinDaysInRow} are due.");
            if (!works && whole && length < agent.Rules.MinDaysOffInRow)
                yield return new("too-few-days-off", agent.Id, to - 1,
                    $"{length} days off in a row; {agent.Rules.MinDaysOffInRow} are due.");

            from = to;
        }

        // A period that ended in days off too few leaves some due when the horizon opens with work.
        if (agent.Tail is { LastShift: null } before && tour.Length > 0 && tour[0] != TourRoster.Off
            && before.DaysInRow < agent.Rules.MinDaysOffInRow)
            yield return new("too-few-days-off", agent.Id, 0,
                $"{before.DaysInRow} days off in a row; {agent.Rules.MinDaysOffInRow} are due.");
        if (agent.Tail is { LastShift: not null } work && tour.Length > 0 && tour[0] == TourRoster.Off
            && work.DaysInRow < agent.Rules.MinDaysInRow)
            yield return new("too-few-days-in-row", agent.Id, 0, $"{work.DaysInRow} days in a row; {agent.Rules.MinDaysInRow} are due.");
    }

    private static IEnumerable<(int Day, int Shift)> Worked(ImmutableArray<int> tour) =>
        tour.Select((shift, day) => (day, shift)).Where(w => w.shift != TourRoster.Off);
}

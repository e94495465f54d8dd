using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <param name="Rule">Stable code.</param>
/// <param name="Day">Index of the day on which the shift starts.</param>
public sealed record Violation(string Rule, Guid AgentId, int Day, string Message);

/// <summary>
/// Says which hard rules a roster breaks. Shares no code with the search, so that it can judge it, and judges what people
/// change by hand just the same.
/// </summary>
public static class RosterChecker
{
    private const string TooManyDaysOff = "too-many-days-off", TooManyRestDays = "too-many-rest-days";

    /// <summary>Broken by work that is missing; all others by work that there is.</summary>
    internal static bool IsOfMissingWork(string rule) => rule is TooManyDaysOff or TooManyRestDays;

    public static ImmutableArray<Violation> Check(RosterProblem problem, IEnumerable<Assignment> assignments)
    {
        var agents = problem.Agents.ToDictionary(a => a.Id);

        return
        [
            .. assignments.GroupBy(a => a.AgentId).SelectMany(group => agents.TryGetValue(group.Key, out var agent)
                ? Check(problem, agent, [.. group])
                : [new("unknown-agent", group.Key, group.First().Shift.Day, "The agent is not part of this roster.")]),
        ];
    }

    public static IEnumerable<Violation> Check(RosterProblem problem, RosterAgent agent, IReadOnlyList<Assignment> assignments)
    {
        var shifts = assignments.OrderBy(a => a.Shift.Start).ToList();

        return shifts.SelectMany(s => OfOneShift(problem, agent, s))
            .Concat(BetweenShifts(problem, agent, shifts))
            .Concat(InARow(problem, agent, shifts))
            .Concat(OffInARow(problem, agent, shifts))
            .Concat(InTheHorizon(problem, agent, shifts))
            .Concat(Rested(problem, agent, shifts))
            .Concat(InAWeek(problem, agent, shifts))
            .Concat(Locked(agent, shifts));
    }

    private static IEnumerable<Violation> OfOneShift(RosterProblem problem, RosterAgent agent, Assignment assignment)
    {
        var shift = assignment.Shift;

        foreach (var blocked in agent.Unavailable.Where(b => !b.Waived))
            if (blocked.From < shift.End && shift.Start < blocked.To)
                yield return Broken(blocked.Rule, $"The agent cannot work then: {blocked.Rule}.");

        if (!agent.Skills.Intersect(problem.Demand.Select(d => d.Skill)).Any() && !agent.Fixed.Any(f => f.Kind == shift.Code))
            yield return Broken("no-skill", "The agent has no skill that is needed here.");

        foreach (var activity in agent.Fixed)
            if (activity.From < shift.End && shift.Start < activity.To && (activity.From < shift.Start || activity.To > shift.End))
                yield return Broken("activity-cut", $"The shift begins or ends during the agent's {activity.Kind}.");

        var end = shift.Start;
        foreach (var pause in assignment.Breaks.OrderBy(b => b.Start))
        {
            if (pause.Start < shift.Start || pause.End > shift.End || pause.End <= pause.Start)
                yield return Broken("break-outside-shift", "A break lies outside its shift.");
            if (pause.Start < end)
                yield return Broken("breaks-overlap", "Two breaks overlap.");
            if (agent.Fixed.Any(f => f.From < pause.End && pause.Start < f.To))
                yield return Broken("break-in-activity", "A break lies in another activity.");
            end = pause.End;
        }

        if (assignment.Breaks.Sum(b => b.End - b.Start) >= shift.End - shift.Start)
            yield return Broken("no-work-left", "The breaks leave no time to work.");

        Violation Broken(string rule, string message) => new(rule, agent.Id, shift.Day, message);
    }

    private static IEnumerable<Violation> BetweenShifts(RosterProblem problem, RosterAgent agent, List<Assignment> shifts)
    {
        var (end, day, kind) = (agent.Tail.LastEnd, -1, (ShiftKind?)null);

        foreach (var (_, shift, _) in shifts)
        {
            if (shift.Day == day)
                yield return new("two-shifts-a-day", agent.Id, shift.Day, "One shift a day is enough.");
            else if (shift.Start - end < problem.Rules.MinRestMinutes)
                yield return new("rest-too-short", agent.Id, shift.Day,
                    $"Between two shifts lie {(shift.Start - end) / 60.0:0.##} h of rest, {problem.Rules.MinRestMinutes / 60.0:0.##} are due.");
            else if (day == shift.Day - 1 && kind is { } yesterday && problem.Rules.Forbids(yesterday, shift.Kind))
                yield return new("forbidden-sequence", agent.Id, shift.Day, $"A shift of the kind {shift.Kind} must not follow one of the kind {yesterday}.");

            (end, day, kind) = (Math.Max(shift.End, end ?? int.MinValue), shift.Day, shift.Kind);
        }
    }

    private static IEnumerable<Violation> InARow(RosterProblem problem, RosterAgent agent, List<Assignment> shifts)
    {
        var worked = shifts.Select(s => s.Shift.Day).ToHashSet();
        var inRow = agent.Tail.DaysInRow;

        for (var day = 0; day < problem.Days; day++)
        {
            inRow = worked.Contains(day) ? inRow + 1 : 0;
            if (inRow > problem.Rules.MaxDaysInRow)
                yield return new("too-many-days-in-row", agent.Id, day, $"{inRow} days in a row; {problem.Rules.MaxDaysInRow} are allowed.");
        }
    }

    private static IEnumerable<Violation> OffInARow(RosterProblem problem, RosterAgent agent, List<Assignment> shifts)
    {
        var worked = shifts.Select(s => s.Shift.Day).ToHashSet();
        var (since, idle) = (agent.Tail.DaysInRow > 0 ? 0 : agent.Tail.DaysOff, agent.Tail.DaysInRow > 0 ? 0 : agent.Tail.DaysOff ?? 0);

        for (var day = 0; day < problem.Days; day++)
        {
            if (worked.Contains(day))
            {
                if (since > 0 && since < problem.Rules.MinDaysOff)
                    yield return new("too-few-days-off", agent.Id, day, $"{since} days off between days of work; {problem.Rules.MinDaysOff} are due.");
                (since, idle) = (0, 0);
                continue;
            }

            (since, idle) = (since + 1, problem.Rules.MaxDaysOff is not null && CountsAsOff(problem, agent, day) ? idle + 1 : 0);
            if (idle > problem.Rules.MaxDaysOff)
                yield return new(TooManyDaysOff, agent.Id, day, $"{idle} days off in a row; {problem.Rules.MaxDaysOff} are allowed.");
        }
    }

    private static bool CountsAsOff(RosterProblem problem, RosterAgent agent, int day) => AlwaysRests(problem, agent, day) || problem.Shifts.Any(s =>
        s.Day == day && s.PaidMinutes <= agent.WeeklyMinutes && agent.Unavailable.All(b => b.To <= s.Start || s.End <= b.From)
        && !OfOneShift(problem, agent, new(agent.Id, s, [])).Any());

    private static bool AlwaysRests(RosterProblem problem, RosterAgent agent, int day) =>
        agent.Unavailable.Any(b => b.IsRest && b.From < problem.DayStarts[day + 1] && problem.DayStarts[day] < b.To);

    private static IEnumerable<Violation> InTheHorizon(RosterProblem problem, RosterAgent agent, List<Assignment> shifts)
    {
        var weekends = shifts.Where(s => problem.WeekendOf(s.Shift.Day) is not null).GroupBy(s => problem.WeekendOf(s.Shift.Day)).ToList();
        foreach (var weekend in weekends.Skip(problem.Rules.MaxWeekends ?? weekends.Count))
            yield return new("too-many-weekends", agent.Id, weekend.First().Shift.Day, $"{weekends.Count} weekends with work; {problem.Rules.MaxWeekends} are allowed.");

        foreach (var limit in problem.Rules.MaxOfKind ?? [])
        {
            var ofKind = shifts.Where(s => s.Shift.Kind == limit.Kind).ToList();
            foreach (var beyond in ofKind.Skip(limit.Most))
                yield return new("too-many-of-kind", agent.Id, beyond.Shift.Day, $"{ofKind.Count} shifts of the kind {limit.Kind}; {limit.Most} are allowed.");
        }

        var paid = shifts.Sum(PaidMinutes) + agent.Unavailable.Sum(b => b.PaidMinutes);
        if (paid > agent.MaxMinutes && shifts.Count > 0)
            yield return new("hours-exceeded", agent.Id, shifts[^1].Shift.Day, $"{paid / 60.0:0.##} paid hours in all; {agent.MaxMinutes / 60.0:0.##} are allowed.");
    }

    private static IEnumerable<Violation> Rested(RosterProblem problem, RosterAgent agent, List<Assignment> shifts)
    {
        if (agent.RestDays is not { } rest)
            yield break;

        var taken = Enumerable.Range(0, problem.Days).Count(day => shifts.All(s => s.Shift.Day != day)
            && agent.Unavailable.All(b => b.IsRest || b.To <= problem.DayStarts[day] || problem.DayStarts[day + 1] <= b.From));

        if (taken < rest.Least)
            yield return new("too-few-rest-days", agent.Id, problem.Days - 1, $"{taken} days of rest; {rest.Least} have to be taken.");
        if (taken > rest.Most)
            yield return new(TooManyRestDays, agent.Id, problem.Days - 1, $"{taken} days of rest; {rest.Most} may be taken.");
    }

    private static IEnumerable<Violation> InAWeek(RosterProblem problem, RosterAgent agent, List<Assignment> shifts)
    {
        var leave = agent.Unavailable.ToLookup(b => problem.WeekOf(problem.DayOf(b.From)), b => b.PaidMinutes);

        foreach (var week in shifts.GroupBy(s => problem.WeekOf(s.Shift.Day)))
        {
            var paid = week.Sum(PaidMinutes) + leave[week.Key].Sum() + (week.Key == problem.WeekOf(0) ? agent.Tail.MinutesThisWeek : 0);
            if (paid > agent.WeeklyMinutes)
                yield return new("weekly-hours-exceeded", agent.Id, week.Max(s => s.Shift.Day),
                    $"{paid / 60.0:0.##} paid hours in a week; the contract has {agent.WeeklyMinutes / 60.0:0.##}.");
        }
    }

    private static IEnumerable<Violation> Locked(RosterAgent agent, List<Assignment> shifts) =>
        agent.Locked.Where(l => shifts.FirstOrDefault(s => s.Shift.Day == l.Day)?.Shift.Code != l.Shift)
            .Select(l => new Violation("locked-day", agent.Id, l.Day, "The day is decided otherwise."));

    private static int PaidMinutes(Assignment assignment) =>
        assignment.Shift.End - assignment.Shift.Start - assignment.Breaks.Where(b => !b.Paid).Sum(b => b.End - b.Start);
}

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

        var days = new AgentDays(problem, agent, shifts);

        return shifts.SelectMany(s => OfOneShift(problem, agent, s))
            .Concat(TwoADay(days))
            .Concat(RosterRule.All.SelectMany(rule => rule.Broken(days)))
            .Concat(Locked(agent, shifts));
    }

    /// <summary>What an agent's days break that did not break it before they were changed.</summary>
    public static IEnumerable<Violation> New(
        RosterProblem problem, RosterAgent agent, IReadOnlyList<Assignment> before, IReadOnlyList<Assignment> after)
    {
        var known = Check(problem, agent, before).Select(v => (v.Rule, v.Day)).ToHashSet();
        return Check(problem, agent, after).Where(v => !known.Contains((v.Rule, v.Day)));
    }

    private static IEnumerable<Violation> OfOneShift(RosterProblem problem, RosterAgent agent, Assignment assignment)
    {
        var shift = assignment.Shift;

        foreach (var blocked in agent.Unavailable)
            if (blocked.IsIn(shift) && blocked.Forbids(assignment.AsItIs))
                yield return Broken(blocked.Rule, $"The agent cannot work then: {blocked.Rule}.");

        if (!problem.HasUseFor(agent) && !agent.Fixed.Any(f => f.Kind == shift.Code))
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

    private static IEnumerable<Violation> TwoADay(AgentDays days) => days.Shifts.GroupBy(s => s.Shift.Day).SelectMany(day => day.Skip(1))
        .Select(s => days.Broken("two-shifts-a-day", s.Shift.Day, "One shift a day is enough."));

    /// <summary>Whether a day off lengthens a row of days off.</summary>
    internal static bool CountsAsOff(RosterProblem problem, RosterAgent agent, int day) =>
        AlwaysRests(problem, agent, day) || problem.Shifts.Any(s =>
        s.Day == day && s.PaidMinutes <= agent.WeeklyMinutes && !agent.Unavailable.Any(b => b.IsIn(s))
        && !OfOneShift(problem, agent, new(agent.Id, s, [])).Any());

    private static bool AlwaysRests(RosterProblem problem, RosterAgent agent, int day) =>
        agent.Unavailable.Any(b => b.IsRest && b.From < problem.DayStarts[day + 1] && problem.DayStarts[day] < b.To);

    private static IEnumerable<Violation> Locked(RosterAgent agent, List<Assignment> shifts) =>
        agent.Locked.Where(l => shifts.FirstOrDefault(s => s.Shift.Day == l.Day)?.Shift.Code != l.Shift)
            .Select(l => new Violation("locked-day", agent.Id, l.Day, "The day is decided otherwise."));
}

using CallCenter.Planning.Rostering;
using CallCenter.Scheduling.Terms;

namespace CallCenter.Scheduling.Rosters;

/// <summary>
/// Limits of one agent that the planning engine has for everybody only: judged where a shift is given by hand and where a roster is
/// published.
/// </summary>
internal static class PersonalRules
{
    public const string DaysAWeek = "too-many-days-a-week";

    /// <summary>What of the agent's days breaks their own limits.</summary>
    /// <param name="shifts">All of the agent's.</param>
    public static IEnumerable<Violation> Broken(
        RosterProblem problem, RosterAgent agent, PersonalLimits? limits, IEnumerable<Assignment> shifts)
    {
        if (limits is null)
            yield break;

        var inOrder = shifts.OrderBy(s => s.Shift.Day).ToList();
        foreach (var week in inOrder.GroupBy(s => problem.WeekOf(s.Shift.Day)).Where(week => week.Count() > limits.MaxDaysAWeek))
            yield return new(DaysAWeek, agent.Id, week.Max(s => s.Shift.Day),
                $"{week.Count()} days of work in a week; {limits.MaxDaysAWeek} are allowed for this agent.");

        var (inRow, last) = (agent.Tail.DaysInRow, -1);
        foreach (var day in inOrder.Select(s => s.Shift.Day))
        {
            inRow = day == last + 1 ? inRow + 1 : 1;
            last = day;
            if (inRow > limits.MaxDaysInRow)
                yield return new("too-many-days-in-row", agent.Id, day,
                    $"{inRow} days in a row; {limits.MaxDaysInRow} are allowed for this agent.");
        }

        foreach (var night in inOrder.Where(s => s.Shift.Kind is ShiftKind.Night).Skip(limits.MaxNights ?? int.MaxValue))
            yield return new("too-many-of-kind", agent.Id, night.Shift.Day,
                $"More night shifts than the {limits.MaxNights} that are allowed for this agent.");
    }
}

using System.Collections.Immutable;

namespace CallCenter.PlanningBench;

/// <param name="Rule">Stable code.</param>
internal sealed record InstanceViolation(string Rule, string Agent, int Day);

/// <param name="Requests">Cost of requests not granted.</param>
internal sealed record InstanceCost(long Under, long Over, long Requests)
{
    public long Total => Under + Over + Requests;
}

/// <summary>
/// Scores a roster of an instance and says which rules it breaks. Shares no code with the search or its checker, so that it can judge both.
/// </summary>
internal static class InstanceChecker
{
    private const int Saturday = 5;
    private const int Sunday = 6;

    public static InstanceCost Cost(Instance instance, InstanceRoster roster)
    {
        var staff = instance.Needs.ToDictionary(n => (n.Day, n.Period), _ => 0);
        foreach (var days in roster.Agents)
            foreach (var (day, shift) in Worked(days))
                for (var period = instance.Shifts[shift].From; period < instance.Shifts[shift].To; period++)
                    if ((day + period / instance.Periods, period % instance.Periods) is var at && staff.TryGetValue(at, out var there))
                        staff[at] = there + 1;

        return new(
            instance.Needs.Sum(n => (long)n.Under * Math.Max(0, n.Required - staff[(n.Day, n.Period)])),
            instance.Needs.Sum(n => (long)n.Over * Math.Max(0, staff[(n.Day, n.Period)] - n.Required)),
            instance.Agents.Zip(roster.Agents, (agent, days) =>
                agent.Requests.Sum(r => (days[r.Day] == r.Shift) == r.Wanted ? 0L : r.Weight)).Sum());
    }

    public static IEnumerable<InstanceViolation> Violations(Instance instance, InstanceRoster roster) =>
        instance.Agents.Zip(roster.Agents, (agent, days) => Violations(instance, agent, days)).SelectMany(v => v);

    public static IEnumerable<InstanceViolation> Violations(Instance instance, InstanceAgent agent, ImmutableArray<int> days)
    {
        foreach (var day in agent.DaysOff.Where(d => days[d] != InstanceRoster.Off))
            yield return new("day-off", agent.Id, day);

        var minutes = Worked(days).Sum(w => instance.Shifts[w.Shift].Minutes);
        if (minutes < agent.Rules.MinMinutes)
            yield return new("too-few-minutes", agent.Id, instance.Days - 1);
        if (minutes > agent.Rules.MaxMinutes)
            yield return new("too-many-minutes", agent.Id, instance.Days - 1);

        foreach (var (shift, most) in agent.Rules.Limits)
            if (days.Count(d => d == shift) > most)
                yield return new("shift-limit", agent.Id, instance.Days - 1);

        for (var day = 1; day < instance.Days; day++)
            if (days[day - 1] != InstanceRoster.Off && instance.Shifts[days[day - 1]].NotBefore.Contains(days[day]))
                yield return new("forbidden-sequence", agent.Id, day);

        var weekends = Worked(days).Where(w => Instance.WeekdayOf(w.Day) is Saturday or Sunday)
            .Select(w => w.Day - Instance.WeekdayOf(w.Day)).Distinct().Count();
        if (weekends > agent.Rules.MaxWeekends)
            yield return new("too-many-weekends", agent.Id, instance.Days - 1);

        foreach (var broken in Stretches(agent, days))
            yield return broken;
    }

    private static IEnumerable<InstanceViolation> Stretches(InstanceAgent agent, ImmutableArray<int> days)
    {
        var from = 0;
        while (from < days.Length)
        {
            var works = days[from] != InstanceRoster.Off;
            var to = from;
            while (to < days.Length && days[to] != InstanceRoster.Off == works)
                to++;

            var whole = to < days.Length && from > 0;
            if (works && to - from > agent.Rules.MaxDaysInRow)
                yield return new("too-many-days-in-row", agent.Id, to - 1);
            if (works && whole && to - from < agent.Rules.MinDaysInRow)
                yield return new("too-few-days-in-row", agent.Id, to - 1);
            if (!works && whole && to - from < agent.Rules.MinDaysOffInRow)
                yield return new("too-few-days-off", agent.Id, to - 1);

            from = to;
        }
    }

    private static IEnumerable<(int Day, int Shift)> Worked(ImmutableArray<int> days) =>
        days.Select((shift, day) => (day, shift)).Where(w => w.shift != InstanceRoster.Off);
}

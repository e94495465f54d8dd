using CallCenter.Planning.Rostering;

namespace CallCenter.Planning.Simulation;

/// <summary>
/// A day of a roster as a centre to simulate: what service level its shifts, breaks and activities will give, beyond what cover
/// against a requirement says.
/// </summary>
public static class RosteredDay
{
    /// <param name="streams">Named by skill, with expected calls for each interval of that day. A skill without a stream is not asked
    /// for.</param>
    /// <param name="absence">Probability that an agent does not come.</param>
    /// <exception cref="PlanningException"><c>day-out-of-range</c>.</exception>
    public static SimulatedCentre Of(
        RosterProblem problem, IReadOnlyList<Assignment> roster, int day, IReadOnlyList<CallStream> streams, double absence = 0)
    {
        if (day < 0 || day >= problem.Days)
            throw new PlanningException("day-out-of-range", $"The roster has {problem.Days} days from 0 on; there is no day {day}.");

        var (start, end) = (problem.DayStarts[day], problem.DayStarts[day + 1]);
        var agents = problem.Agents.ToDictionary(a => a.Id);

        return new(problem.IntervalMinutes * 60, (end - start) / problem.IntervalMinutes, streams,
        [
            .. roster.Where(a => a.Shift.Start < end && a.Shift.End > start).GroupBy(a => a.AgentId)
                .Select(own => new SimulatedAgent(Skills(agents[own.Key], streams), Present(agents[own.Key], own, start))),
        ], Absence: absence);
    }

    // A night shift into the day, and one out of it, are both its agent's; what lies before midnight is cut by the simulation.
    private static IReadOnlyList<Presence> Present(RosterAgent agent, IEnumerable<Assignment> shifts, int dayStart)
    {
        var own = shifts.ToList();
        return Presence.Without(
            own.Select(a => Seconds(a.Shift.Start, a.Shift.End)),
            own.SelectMany(a => a.Breaks.Select(b => Seconds(b.Start, b.End))).Concat(agent.Fixed.Select(f => Seconds(f.From, f.To))));

        Presence Seconds(int from, int to) => new((from - dayStart) * 60, (to - dayStart) * 60);
    }

    /// <summary>An agent's first skill is what calls come to first, and what the agent takes first.</summary>
    private static List<AgentSkill> Skills(RosterAgent agent, IReadOnlyList<CallStream> streams) =>
    [
        .. agent.Skills.Select((skill, place) => (Stream: Enumerable.Range(0, streams.Count).Where(s => streams[s].Name == skill), place))
            .SelectMany(s => s.Stream.Select(stream => new AgentSkill(stream, s.place, s.place))),
    ];
}

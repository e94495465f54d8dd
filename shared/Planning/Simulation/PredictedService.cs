namespace CallCenter.Planning.Simulation;

/// <summary>
/// What callers will feel of a number of agents, where a plan has no names yet: service level, speed of answer, abandonment and occupancy
/// with 95 % intervals, for each interval, each day and the horizon.
/// </summary>
public static class PredictedService
{
    private static readonly AgentSkill[] AllCalls = [new(0)];

    /// <summary>The horizon is played as one, so that whoever waits at midnight is the next day's.</summary>
    /// <param name="agents">At work in each interval.</param>
    /// <param name="dayIntervals">Intervals of a day.</param>
    /// <param name="calls">Expected in each interval.</param>
    /// <exception cref="PlanningException"><c>agents-out-of-range</c>, <c>calls-out-of-range</c>, <c>duration-out-of-range</c>,
    /// …</exception>
    public static SimulationResult Of(
        IReadOnlyList<int> agents, double intervalSeconds, int dayIntervals, CallStream calls, SimulatedServiceLevel level,
        SimulationLimits limits,
        CancellationToken cancellation)
    {
        if (agents.Any(n => n < 0))
            throw new PlanningException("agents-out-of-range", "The number of agents must be 0 or more.");

        // The first of them is there whenever anybody is.
        var people = Enumerable.Range(0, agents.DefaultIfEmpty(0).Max()).Select(place => new SimulatedAgent(AllCalls,
            [.. Enumerable.Range(0, agents.Count).Where(i => agents[i] > place)
                .Select(i => new Presence(i * intervalSeconds, (i + 1) * intervalSeconds))]));

        return Simulator.Run(
            new(intervalSeconds, agents.Count, [calls], [.. people], AnyoneLeaves: true, DayIntervals: dayIntervals), level, limits,
            cancellation);
    }
}

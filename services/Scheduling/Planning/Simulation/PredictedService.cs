using CallCenter.Planning.Rostering.Tours;

namespace CallCenter.Planning.Simulation;

/// <summary>
/// What callers will feel of a roster before it is worked: service level, speed of answer, abandonment and occupancy with 95 %
/// intervals, for each interval, each day and the horizon. The horizon is played as one, so that whoever waits at midnight is the next day's.
/// </summary>
public static class PredictedService
{
    private const double DaySeconds = 24 * 60 * 60;
    private static readonly AgentSkill[] AllCalls = [new(0)];

    /// <summary>Of tours whose periods divide the day evenly.</summary>
    /// <param name="calls">Expected in each period of the horizon, day after day.</param>
    /// <param name="absence">Probability that a shift is not worked, each on its own.</param>
    /// <exception cref="PlanningException"><c>not-a-roster</c>, <c>calls-out-of-range</c>, <c>duration-out-of-range</c>, <c>absence-out-of-range</c>, …</exception>
    public static SimulationResult Of(
        TourProblem problem, TourRoster roster, CallStream calls, SimulatedServiceLevel level, SimulationLimits limits,
        CancellationToken cancellation, double absence = 0)
    {
        if (roster.Tours.Any(t => t.Length != problem.Days || t.Any(s => s < TourRoster.Off || s >= problem.Shifts.Length)))
            throw new PlanningException("not-a-roster", "Each tour needs, for each day, a shift that exists or a day off.");

        var period = DaySeconds / problem.Periods;
        var duties = from tour in roster.Tours
                     from day in Enumerable.Range(0, problem.Days)
                     where tour[day] != TourRoster.Off
                     select new SimulatedAgent(AllCalls,
                     [
                         .. problem.Shifts[tour[day]].Work.Where(w => w.To > w.From).OrderBy(w => w.From)
                             .Select(w => new Presence(day * DaySeconds + w.From * period, day * DaySeconds + w.To * period)),
                     ]);

        return Simulator.Run(
            new(period, problem.Days * problem.Periods, [calls], [.. duties], Absence: absence, DayIntervals: problem.Periods), level, limits, cancellation);
    }

    /// <summary>Of numbers of agents, where a plan has no names yet.</summary>
    /// <param name="agents">At work in each interval.</param>
    /// <param name="dayIntervals">Intervals of a day.</param>
    /// <param name="calls">Expected in each interval.</param>
    /// <exception cref="PlanningException"><c>agents-out-of-range</c>, <c>calls-out-of-range</c>, <c>duration-out-of-range</c>, …</exception>
    public static SimulationResult Of(
        IReadOnlyList<int> agents, double intervalSeconds, int dayIntervals, CallStream calls, SimulatedServiceLevel level, SimulationLimits limits,
        CancellationToken cancellation)
    {
        if (agents.Any(n => n < 0))
            throw new PlanningException("agents-out-of-range", "The number of agents must be 0 or more.");

        // The first of them is there whenever anybody is.
        var people = Enumerable.Range(0, agents.DefaultIfEmpty(0).Max()).Select(place => new SimulatedAgent(AllCalls,
            [.. Enumerable.Range(0, agents.Count).Where(i => agents[i] > place).Select(i => new Presence(i * intervalSeconds, (i + 1) * intervalSeconds))]));

        return Simulator.Run(
            new(intervalSeconds, agents.Count, [calls], [.. people], AnyoneLeaves: true, DayIntervals: dayIntervals), level, limits, cancellation);
    }
}

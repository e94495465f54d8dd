using CallCenter.Planning.Simulation;

namespace CallCenter.Planning.Tours;

/// <summary>
/// What callers will feel of a roster of tours before it is worked: service level, speed of answer, abandonment and occupancy with 95 %
/// intervals, for each interval, each day and the horizon. The horizon is played as one, so that whoever waits at midnight is the next
/// day's.
/// </summary>
public static class TourService
{
    private const double DaySeconds = 24 * 60 * 60;
    private static readonly AgentSkill[] AllCalls = [new(0)];

    /// <summary>Of tours whose periods divide the day evenly.</summary>
    /// <param name="calls">Expected in each period of the horizon, day after day.</param>
    /// <param name="absence">Probability that a shift is not worked, each on its own.</param>
    /// <exception cref="PlanningException"><c>not-a-roster</c>, <c>calls-out-of-range</c>, <c>duration-out-of-range</c>,
    /// <c>absence-out-of-range</c>, …</exception>
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
            new(period, problem.Days * problem.Periods, [calls], [.. duties], Absence: absence, DayIntervals: problem.Periods), level,
            limits, cancellation);
    }
}

namespace CallCenter.Planning.Staffing;

/// <summary>
/// Waiting times through a day with given agents, overload included: the stationary backlog-carryover approach (Stolletz, European
/// Journal of Operational Research 190, 2008). Each step of about one handle time keeps what a loss system (Erlang B) would turn away
/// for the next step, and reads the wait of the step from Erlang C at the load that did get served. Nobody hangs up.
/// </summary>
public static class BacklogCarryOver
{
    /// <param name="agents">Present in each of <paramref name="intervals"/>.</param>
    /// <param name="waiting">Callers already waiting when the first interval begins.</param>
    public static IReadOnlyList<IntervalBacklog> Of(
        IReadOnlyList<QueueLoad> intervals, IReadOnlyList<int> agents, double withinSeconds, double waiting = 0)
    {
        ErlangA.CheckThreshold(withinSeconds);
        if (agents.Count != intervals.Count || agents.Any(a => a < 0) || !double.IsFinite(waiting) || waiting < 0)
            throw new PlanningException("agents-out-of-range",
                "Each interval needs a number of agents of 0 or more, and no fewer than 0 callers wait.");

        var through = new List<IntervalBacklog>(intervals.Count);
        foreach (var (load, present) in intervals.Zip(agents))
        {
            load.Check();
            through.Add(Through(load, present, withinSeconds, ref waiting));
        }

        return through;
    }

    private static IntervalBacklog Through(QueueLoad load, int agents, double withinSeconds, ref double waiting)
    {
        var handle = load.HandleSeconds > 0 ? load.HandleSeconds : load.IntervalSeconds;
        if (load.IntervalSeconds / handle > Bounds.Steps)
            throw new PlanningException("handle-time-out-of-range", $"An interval is at most {Bounds.Steps:N0} handle times long.");

        var steps = Math.Max(1, (int)Math.Round(load.IntervalSeconds / handle));
        var seconds = load.IntervalSeconds / steps;
        var (within, waited, busy) = (0.0, 0.0, 0.0);

        for (var step = 0; step < steps; step++)
        {
            var offered = load.Calls / steps + waiting;
            var blocking = ErlangB.Blocking(offered * handle / seconds, agents);
            var served = offered * (1 - blocking);
            waiting = offered * blocking;
            busy += agents == 0 ? 0 : served * handle / seconds / agents;

            if (agents == 0)
            {
                waited += seconds;
                continue;
            }

            // Served calls load the agents below one by construction; a rounding error must not lift them over it.
            var erlangs = Math.Min(served * handle / seconds, agents * (1 - 1e-9));
            var queue = erlangs == 0
                ? QueuePerformance.Idle(agents)
                : ErlangC.Of(new(erlangs * seconds / handle, seconds, handle), agents, withinSeconds);
            within += queue.AnsweredOfOffered;
            waited += queue.AverageSpeedOfAnswer;
        }

        return new(agents, within / steps, waited / steps, busy / steps, waiting);
    }
}

/// <summary>One interval of a day.</summary>
/// <param name="ServiceLevel">Answered in time, of all offered.</param>
/// <param name="AverageWait">Seconds.</param>
/// <param name="WaitingAtEnd">What the next interval begins with.</param>
public sealed record IntervalBacklog(int Agents, double ServiceLevel, double AverageWait, double Occupancy, double WaitingAtEnd);

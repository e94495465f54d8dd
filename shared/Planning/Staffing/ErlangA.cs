namespace CallCenter.Planning.Staffing;

/// <summary>
/// Callers hang up after a patience that is exponential with a given mean (M/M/n+M; Palm 1957, Mandelbaum and Zeltyn 2007).
/// Stable with any number of agents, also with fewer than erlangs.
/// </summary>
/// <remarks>
/// With c = nμ/θ and η = λ/θ the state with k waiting weighs t(k) = η^k / ((c+1)…(c+k)). The wait that a caller is offered has the
/// density of an incomplete gamma integral, whose series is the same sum at ηe^(-θT): so the shares after T need only a second
/// sum. All terms are positive, none is a power or a factorial, and what grows beyond a double is scaled down on the way.
/// </remarks>
public static class ErlangA
{
    public static QueuePerformance Of(QueueLoad load, int agents, double withinSeconds, double patienceSeconds)
    {
        load.Check();
        CheckThreshold(withinSeconds);
        CheckPatience(patienceSeconds);
        Bounds.CheckAgents(agents);

        if (load.Erlangs == 0)
            return QueuePerformance.Idle(agents);

        var patienceUsed = withinSeconds / patienceSeconds;
        var gone = GoneBy(patienceUsed);

        if (agents == 0)
            return new(0, load.Erlangs, Wait: 1, 0, patienceSeconds, Occupancy: 0, Abandonment: 1, 0, 0, 0, NotWaitingOfOffered: gone);

        var c = agents * patienceSeconds / load.HandleSeconds;
        var eta = load.ArrivalRate * patienceSeconds;

        // Weights relative to the state in which all are busy and nobody waits, brought to one scale.
        var idle = ErlangASeries.Free(load.Erlangs, agents);
        var waiting = ErlangASeries.Waiting(c, eta);
        var scale = Math.Max(idle.LogScale, waiting.LogScale);
        var (idleUnit, unit) = (Math.Exp(idle.LogScale - scale), Math.Exp(waiting.LogScale - scale));

        var free = idle.Sum * idleUnit;
        var wait = waiting.Sum * unit;
        var total = free + wait;
        var share = (free + waiting.SumBehindOthers * unit * c / eta) / total;
        var averageWait = waiting.Queued * unit / total / load.ArrivalRate;
        var answeredWaits = waiting.Waited * unit * patienceSeconds / total;

        var after = ErlangASeries.Waiting(c, eta * Math.Exp(-patienceUsed));
        var afterUnit = Math.Exp(eta * gone - c * patienceUsed + after.LogScale - scale) / total;
        var late = after.Sum * afterUnit * Math.Exp(-patienceUsed);
        var answeredLate = after.SumBehindOthers * afterUnit * c / eta;
        var inTime = Math.Max(0, share - answeredLate);

        return new(agents, load.Erlangs, wait / total, answeredWaits / share, averageWait,
            load.Erlangs * share / agents, averageWait / patienceSeconds, inTime, inTime / share, inTime / (inTime + late), 1 - late);
    }

    // 1 - exp(-t), exact for small t too.
    private static double GoneBy(double t) => Math.Tanh(t / 2) * (1 + Math.Exp(-t));

    internal static void CheckThreshold(double seconds)
    {
        if (!(seconds is >= 0 and <= Bounds.Seconds))
            throw new PlanningException("threshold-out-of-range",
                $"The answer time of a service level must be 0 seconds or more, and at most {Bounds.Seconds:N0}.");
    }

    internal static void CheckPatience(double seconds)
    {
        if (!(seconds is > 0 and <= Bounds.Seconds))
            throw new PlanningException("patience-out-of-range",
                $"The mean patience must be more than 0 seconds, and at most {Bounds.Seconds:N0}.");
    }
}

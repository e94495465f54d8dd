namespace CallCenter.Planning.Staffing;

/// <summary>Callers wait as long as it takes: nobody hangs up. Overstates what is needed where they do.</summary>
public static class ErlangC
{
    /// <exception cref="PlanningException"><c>unstable</c>: with no more agents than erlangs the queue grows for ever.</exception>
    public static QueuePerformance Of(QueueLoad load, int agents, double withinSeconds)
    {
        load.Check();
        ErlangA.CheckThreshold(withinSeconds);
        Bounds.CheckAgents(agents);

        if (load.Erlangs == 0)
            return QueuePerformance.Idle(agents);

        return Of(load, agents, withinSeconds, ErlangB.Blocking(load.Erlangs, agents));
    }

    /// <summary>As above, with the blocking of Erlang B already at hand.</summary>
    internal static QueuePerformance Of(QueueLoad load, int agents, double withinSeconds, double blocking)
    {
        var erlangs = load.Erlangs;
        if (agents <= erlangs)
            throw new PlanningException("unstable", $"{agents} agents cannot carry {erlangs:0.##} erlangs: the queue would grow for ever.");

        var spare = agents - erlangs;
        var wait = agents * blocking / (agents - erlangs * (1 - blocking));
        var asa = wait * load.HandleSeconds / spare;
        var within = 1 - wait * Math.Exp(-spare * withinSeconds / load.HandleSeconds);

        return new(agents, erlangs, wait, asa, asa, erlangs / agents, Abandonment: 0, within, within, within, within);
    }
}

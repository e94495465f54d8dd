namespace CallCenter.Planning.Staffing;

/// <summary>The fewest agents that meet all goals.</summary>
public static class AgentsNeeded
{
    /// <summary>More than any centre has; a goal not met by then is not met for another reason.</summary>
    public const int Most = 100_000;

    /// <summary>Nobody hangs up (Erlang C).</summary>
    public static QueuePerformance For(QueueLoad load, StaffingGoals goals)
    {
        load.Check();
        goals.Check();

        if (load.Erlangs == 0)
            return QueuePerformance.Idle(0);

        CheckSize(load);
        var agents = (int)Math.Floor(load.Erlangs) + 1;
        var blocking = ErlangB.Blocking(load.Erlangs, agents);

        while (agents <= Most)
        {
            var performance = ErlangC.Of(load, agents, goals.WithinSeconds, blocking);
            if (goals.MetBy(performance))
                return performance;

            blocking = ErlangB.Next(blocking, load.Erlangs, ++agents);
        }

        throw Unreachable();
    }

    /// <summary>Callers hang up after a mean patience (Erlang A).</summary>
    public static QueuePerformance For(QueueLoad load, StaffingGoals goals, double patienceSeconds)
    {
        load.Check();
        goals.Check();
        ErlangA.CheckPatience(patienceSeconds);

        if (load.Erlangs == 0)
            return QueuePerformance.Idle(0);

        // Every goal is met better by more agents, so halving finds the first that meets them all.
        CheckSize(load);
        var (tooFew, enough) = (0, (int)Math.Ceiling(load.Erlangs) + 1);
        while (!Meets(enough))
        {
            (tooFew, enough) = (enough, enough * 2);
            if (tooFew > Most)
                throw Unreachable();
        }

        while (enough - tooFew > 1)
        {
            var middle = (tooFew + enough) / 2;
            (tooFew, enough) = Meets(middle) ? (tooFew, middle) : (middle, enough);
        }

        return ErlangA.Of(load, enough, goals.WithinSeconds, patienceSeconds);

        bool Meets(int agents) => goals.MetBy(ErlangA.Of(load, agents, goals.WithinSeconds, patienceSeconds));
    }

    /// <summary>
    /// Those to schedule so that enough are there: unplanned absence divides, and one rounding up comes last. What the roster
    /// holds itself (breaks, training, leave) must not be in the share, or it counts twice.
    /// </summary>
    /// <param name="shrinkage">Share of the scheduled who will be missing, 0 or more and below 1.</param>
    public static int Scheduled(double agents, double shrinkage)
    {
        if (!(shrinkage >= 0 && shrinkage < 1))
            throw new PlanningException("shrinkage-out-of-range", "Shrinkage must be 0 or more and less than 1.");

        if (!double.IsFinite(agents) || agents < 0)
            throw new PlanningException("agents-out-of-range", "The number of agents must be 0 or more.");

        // 14 / 0.7 is 20.000000000000004 in binary; that is 20 agents, not 21.
        var needed = agents / (1 - shrinkage);
        if (needed > Most)
            throw new PlanningException("shrinkage-out-of-range", $"So many missing would take more than {Most:N0} to be scheduled.");

        return (int)Math.Ceiling(needed - 1e-9 * Math.Max(1, needed));
    }

    private static void CheckSize(QueueLoad load)
    {
        if (load.Erlangs >= Most)
            throw new PlanningException("load-out-of-range", $"The load must be less than {Most:N0} erlangs.");
    }

    private static PlanningException Unreachable() =>
        new("goal-unreachable", $"No number of agents up to {Most:N0} meets the goals together.");
}

namespace CallCenter.Planning.Staffing;

/// <summary>
/// Agents needed in fractions, for an optimiser that weighs half an agent here against half a one there. Between the last number
/// of agents that misses a goal and the first that meets all, each measure is taken to change evenly (the speed of answer: its
/// inverse), which is what sharing the interval between the two numbers gives. Never falls when the load grows; rounded up it is
/// the whole number needed.
/// </summary>
public static class FractionalAgents
{
    /// <summary>Nobody hangs up (Erlang C).</summary>
    public static double For(QueueLoad load, StaffingGoals goals)
    {
        var enough = AgentsNeeded.For(load, goals);
        var tooFew = enough.Agents - 1 > load.Erlangs ? ErlangC.Of(load, enough.Agents - 1, goals.WithinSeconds) : null;
        return Between(load, goals, tooFew, enough);
    }

    /// <summary>Callers hang up after a mean patience (Erlang A).</summary>
    public static double For(QueueLoad load, StaffingGoals goals, double patienceSeconds)
    {
        var enough = AgentsNeeded.For(load, goals, patienceSeconds);
        var tooFew = enough.Agents > 0 ? ErlangA.Of(load, enough.Agents - 1, goals.WithinSeconds, patienceSeconds) : null;
        return Between(load, goals, tooFew, enough);
    }

    /// <param name="tooFew">Null where the queue would grow for ever.</param>
    private static double Between(QueueLoad load, StaffingGoals goals, QueuePerformance? tooFew, QueuePerformance enough)
    {
        if (enough.Agents == 0)
            return 0;

        var part = new[]
        {
            Part(tooFew?.ServiceLevel(goals.Definition) ?? 0, enough.ServiceLevel(goals.Definition), goals.ServiceLevel),
            Part(tooFew is { AverageSpeedOfAnswer: > 0 } few ? 1 / few.AverageSpeedOfAnswer : 0,
                1 / enough.AverageSpeedOfAnswer, 1 / goals.MaxAverageSpeedOfAnswer),
            Part(-(tooFew?.Occupancy ?? 1), -enough.Occupancy, -goals.MaxOccupancy),
            Part(-(tooFew?.Abandonment ?? 0), -enough.Abandonment, -goals.MaxAbandonment),
        }.Max();

        // A stable queue needs more than its erlangs, however loose the goals.
        return tooFew is null ? Math.Max(enough.Agents - 1 + part, Math.Min(load.Erlangs, enough.Agents)) : enough.Agents - 1 + part;
    }

    private static double Part(double few, double enough, double? goal) =>
        goal is { } value && few < value ? Math.Clamp((value - few) / (enough - few), 0, 1) : 0;
}

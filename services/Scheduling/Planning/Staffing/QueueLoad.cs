namespace CallCenter.Planning.Staffing;

/// <summary>What arrives at a queue in one interval.</summary>
/// <param name="Calls">Calls offered in the interval; a forecast, so not necessarily whole.</param>
/// <param name="IntervalSeconds">Length of the interval.</param>
/// <param name="HandleSeconds">Mean handle time: talk, hold and after-contact work.</param>
public readonly record struct QueueLoad(double Calls, double IntervalSeconds, double HandleSeconds)
{
    /// <summary>The offered load: agents that would be busy if nobody ever had to wait.</summary>
    public double Erlangs => Calls * HandleSeconds / IntervalSeconds;

    /// <summary>Calls a second.</summary>
    public double ArrivalRate => Calls / IntervalSeconds;

    internal void Check()
    {
        if (!double.IsFinite(Calls) || Calls < 0)
            throw new PlanningException("calls-out-of-range", "The number of calls must be 0 or more.");

        if (!double.IsFinite(IntervalSeconds) || IntervalSeconds <= 0)
            throw new PlanningException("interval-out-of-range", "An interval must last longer than 0 seconds.");

        if (!double.IsFinite(HandleSeconds) || HandleSeconds < 0 || (HandleSeconds == 0 && Calls > 0))
            throw new PlanningException("handle-time-out-of-range", "The handle time must be more than 0 seconds.");
    }
}

/// <summary>Four definitions of service level are in use; they differ as soon as callers hang up.</summary>
public enum ServiceLevelDefinition
{
    /// <summary>Answered within T, of all offered. The default.</summary>
    AnsweredOfOffered,

    /// <summary>Answered within T, of all answered.</summary>
    AnsweredOfAnswered,

    /// <summary>Answered within T, of all offered but those who hung up within T.</summary>
    AnsweredOfPatient,

    /// <summary>No longer waiting after T, answered or gone, of all offered.</summary>
    NotWaitingOfOffered,
}

/// <summary>How a queue does with a number of agents, in the long run.</summary>
/// <param name="Wait">Probability that a caller has to wait.</param>
/// <param name="AverageSpeedOfAnswer">Mean wait in seconds of those answered.</param>
/// <param name="AverageWait">Mean wait in seconds of all callers, those who hung up among them.</param>
/// <param name="Occupancy">Share of their time that agents are busy.</param>
/// <param name="Abandonment">Share of callers who hang up.</param>
public sealed record QueuePerformance(
    int Agents, double Erlangs, double Wait, double AverageSpeedOfAnswer, double AverageWait, double Occupancy, double Abandonment,
    double AnsweredOfOffered, double AnsweredOfAnswered, double AnsweredOfPatient, double NotWaitingOfOffered)
{
    public double ServiceLevel(ServiceLevelDefinition definition) => definition switch
    {
        ServiceLevelDefinition.AnsweredOfOffered => AnsweredOfOffered,
        ServiceLevelDefinition.AnsweredOfAnswered => AnsweredOfAnswered,
        ServiceLevelDefinition.AnsweredOfPatient => AnsweredOfPatient,
        ServiceLevelDefinition.NotWaitingOfOffered => NotWaitingOfOffered,
        _ => throw new PlanningException("definition-unknown", $"There is no service level definition {definition}."),
    };

    internal static QueuePerformance Idle(int agents) => new(agents, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1);
}

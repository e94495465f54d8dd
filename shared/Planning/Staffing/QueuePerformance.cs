namespace CallCenter.Planning.Staffing;

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

namespace CallCenter.Contracts.Attendance;

/// <summary>That somebody came or went.</summary>
/// <param name="Id">Derived from project, agent, kind and moment: what is told twice is one clocking.</param>
/// <param name="Kind">in or out.</param>
/// <param name="ClockedAt">When they came or went.</param>
/// <param name="Voided">It was wrong, and counts no more.</param>
public sealed record ClockingV1(
    Guid Id, long Version, Guid ProjectId, Guid AgentId, string Kind, DateTimeOffset ClockedAt, bool Voided) : IFact;

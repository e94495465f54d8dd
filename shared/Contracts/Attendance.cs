namespace CallCenter.Contracts.Attendance;

/// <summary>That somebody came or went.</summary>
/// <param name="Id">Derived from project, agent, kind and moment: what is told twice is one clocking.</param>
/// <param name="Kind">in or out.</param>
/// <param name="ClockedAt">When they came or went.</param>
/// <param name="Voided">It was wrong, and counts no more.</param>
public sealed record ClockingV1(
    Guid Id, long Version, Guid ProjectId, Guid AgentId, string Kind, DateTimeOffset ClockedAt, bool Voided) : IFact;

/// <summary>What was decided about somebody's shift while the day went on.</summary>
/// <param name="Id">Of the decision.</param>
/// <param name="Kind">move-break, call-in, stay-on, leave-early or other-queue.</param>
/// <param name="AgentId">Whose shift changes; null where somebody is called in.</param>
/// <param name="From">Of the break as it was rostered, or of the time that is worked more, or from when on.</param>
/// <param name="To">Likewise until when.</param>
/// <param name="NewFrom">When the break begins instead; null otherwise.</param>
/// <param name="By">Who decided it.</param>
public sealed record FloorMoveV1(
    Guid Id, long Version, Guid ProjectId, string Kind, Guid? AgentId, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? NewFrom,
    Guid By, DateTimeOffset DecidedAt) : IFact;

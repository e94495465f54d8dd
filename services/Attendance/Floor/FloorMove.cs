namespace CallCenter.Attendance.Floor;

public enum FloorMoveKind
{
    /// <summary>A break or meal goes to another time of the shift.</summary>
    MoveBreak,

    /// <summary>Somebody who is off works for some time. Who may is asked of Scheduling.</summary>
    CallIn,

    /// <summary>An agent stays after the end of the shift.</summary>
    StayOn,

    /// <summary>An agent goes home before the end of the shift, if they like.</summary>
    LeaveEarly,

    /// <summary>An agent who can take several queues takes one alone for the rest of the shift.</summary>
    OtherQueue,
}

/// <summary>What can be done about a day that goes on.</summary>
/// <param name="AgentId">Whose shift changes; null where somebody is called in.</param>
/// <param name="Queue">Of somebody called in, or that is taken alone; null otherwise.</param>
/// <param name="From">Of the break as it is rostered, or of the time that is worked more, or from when on.</param>
/// <param name="To">Likewise until when.</param>
/// <param name="NewFrom">When the break begins instead; null otherwise.</param>
public sealed record FloorMove(
    FloorMoveKind Kind, Guid? AgentId, string? Queue, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? NewFrom = null);

/// <summary>What a move does to the service level of the rest of the day, all queues together, by simulating both.</summary>
/// <param name="Before">The service level without it.</param>
/// <param name="Gained">By how much it rises: 0.01 is a point; below 0 where it falls.</param>
/// <param name="Low">With 95 % confidence it is more.</param>
/// <param name="High">With 95 % confidence it is less.</param>
/// <param name="Days">So many days were simulated with and without it, the same calls in both.</param>
public sealed record MoveEffect(double Before, double Gained, double Low, double High, int Days);

using CallCenter.Contracts.Attendance;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Clockings;

// ---- Events

/// <param name="ClockedAt">When they came or went.</param>
/// <param name="Device">What they clocked in with; null where nobody said.</param>
public sealed record Clocked(
    Guid ClockingId, Guid ProjectId, Guid AgentId, ClockingKind Kind, DateTimeOffset ClockedAt, string? Device, DateTimeOffset At);

public sealed record ClockingVoided(string Reason, DateTimeOffset At);

// ---- Commands

public sealed record Clock(
    Guid ClockingId, Guid ProjectId, Guid AgentId, ClockingKind Kind, DateTimeOffset ClockedAt, string? Device, DateTimeOffset Now);

public sealed record VoidClocking(string Reason, DateTimeOffset Now);

// ---- State

public enum ClockingKind { In, Out }

/// <summary>That somebody came or went. A wrong one is voided, and the right one added: none is ever changed.</summary>
public sealed record Clocking
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>Whether they came or went.</summary>
    public ClockingKind Kind { get; init; }

    /// <summary>When they came or went.</summary>
    public DateTimeOffset ClockedAt { get; init; }

    /// <summary>What they clocked in with; null where nobody said.</summary>
    public string? Device { get; init; }

    /// <summary>Why it counts no more; null while it counts.</summary>
    public string? Voided { get; init; }

    /// <summary>One coming of one person at one moment is one clocking, whichever way and however often it is told.</summary>
    public static Guid IdOf(Guid projectId, Guid agentId, ClockingKind kind, DateTimeOffset clockedAt) =>
        NameId.Of("clocking", projectId, agentId, kind.Code, clockedAt.UtcTicks);

    public ClockingV1 ToFact(Guid id, long version) =>
        new(id, version, ProjectId, AgentId, Kind.Code, ClockedAt, Voided is not null);

    public Clocking Evolve(object @event) => @event switch
    {
        Clocked e => this with
        {
            Id = e.ClockingId, ProjectId = e.ProjectId, AgentId = e.AgentId, Kind = e.Kind, ClockedAt = e.ClockedAt, Device = e.Device,
        },
        ClockingVoided e => this with { Voided = e.Reason },
        _ => this,
    };
}

// ---- Decisions

public static class ClockingDecider
{
    public static object[] Decide(Clock command, Clocking state) =>
        state.Voided is not null ? throw new RefusedException("clocking-voided", "This clocking was told before, and voided.") :
        state.Id != Guid.Empty ? [] :
    [
        new Clocked(command.ClockingId, command.ProjectId, command.AgentId, command.Kind, command.ClockedAt, command.Device, command.Now),
    ];

    public static object[] Decide(VoidClocking command, Clocking state) => state.Voided is null
        ? [new ClockingVoided(command.Reason, command.Now)]
        : throw new RefusedException("clocking-voided", "It was voided already.");
}

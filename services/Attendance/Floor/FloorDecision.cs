using CallCenter.Contracts.Attendance;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Floor;

// ---- Events

/// <param name="Move">What was done.</param>
/// <param name="Effect">What it was expected to do, by what was known then; null where nothing was to come.</param>
public sealed record FloorDecided(
    Guid DecisionId, Guid ProjectId, FloorMove Move, string Reason, MoveEffect? Effect, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record DecideFloor(
    Guid DecisionId, Guid ProjectId, FloorMove Move, string Reason, MoveEffect? Effect, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What somebody did about a day while it went on: who, why, and what they could expect of it.</summary>
public sealed record FloorDecision
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>What was done.</summary>
    public FloorMove Move { get; init; } = new(FloorMoveKind.MoveBreak, null, null, default, default);

    public string Reason { get; init; } = "";

    /// <summary>What it was expected to do, by what was known then; null where nothing was to come.</summary>
    public MoveEffect? Effect { get; init; }

    public Guid DecidedBy { get; init; }
    public DateTimeOffset DecidedAt { get; init; }

    public FloorMoveV1 ToFact(Guid id, long version) => new(
        id, version, ProjectId, Move.Kind.Code, Move.AgentId, Move.From, Move.To, Move.NewFrom, DecidedBy, DecidedAt);

    public FloorDecision Evolve(object @event) => @event switch
    {
        FloorDecided e => this with
        {
            Id = e.DecisionId, ProjectId = e.ProjectId, Move = e.Move, Reason = e.Reason, Effect = e.Effect, DecidedBy = e.By,
            DecidedAt = e.At,
        },
        _ => this,
    };
}

// ---- Decisions

public static class FloorDecider
{
    public static object[] Decide(DecideFloor command, FloorDecision state)
    {
        if (state.Id != Guid.Empty)
            return (state.ProjectId, state.Move, state.Reason) == (command.ProjectId, command.Move, command.Reason) ? []
                : throw new InvalidException("Idempotency-Key", "idempotency-key-reused", "This key was used with another body.");

        Check(command.Move);
        return
        [
            new FloorDecided(command.DecisionId, command.ProjectId, command.Move, command.Reason, command.Effect, command.By, command.Now),
        ];
    }

    /// <exception cref="InvalidException">It is none that can be done.</exception>
    public static void Check(FloorMove move)
    {
        if (move.To <= move.From)
            throw new InvalidException("/to", "move-reversed", "It ends before it begins.");
        if (move.AgentId is null != move.Kind is FloorMoveKind.CallIn)
            throw new InvalidException("/agentId", "move-agent", "Somebody's shift changes, or somebody is called in.");
        if (move.Queue is null == move.Kind is FloorMoveKind.CallIn or FloorMoveKind.OtherQueue)
            throw new InvalidException("/queue", "move-queue", "Who is called in, or takes one queue alone, takes a queue.");
        if (move.NewFrom is null == move.Kind is FloorMoveKind.MoveBreak)
            throw new InvalidException("/newFrom", "move-break", "A break that moves begins at another time; nothing else does.");
    }
}

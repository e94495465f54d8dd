using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Excuses;

// ---- Events

/// <param name="From">First instant of the time that is to be excused.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Evidence">What there is to show for it.</param>
public sealed record ExcuseAsked(
    Guid ExcuseId, Guid ProjectId, Guid AgentId, ExcuseKind Kind, DateTimeOffset From, DateTimeOffset To, string Evidence, Guid By,
    DateTimeOffset At);

/// <param name="Paid">Whether the time is paid as if it had been worked.</param>
public sealed record ExcuseGranted(bool Paid, Guid By, DateTimeOffset At);

public sealed record ExcuseRefused(string Reason, Guid By, DateTimeOffset At);

public sealed record ExcuseWithdrawn(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record AskExcuse(
    Guid ExcuseId, Guid ProjectId, Guid AgentId, ExcuseKind Kind, DateTimeOffset From, DateTimeOffset To, string Evidence, Guid By,
    DateTimeOffset Now);

public sealed record GrantExcuse(bool Paid, Guid By, DateTimeOffset Now);

public sealed record RefuseExcuse(string Reason, Guid By, DateTimeOffset Now);

public sealed record WithdrawExcuse(Guid By, DateTimeOffset Now);

// ---- State

public enum ExcuseKind { Illness, Transport, SystemFault, Meeting, Coaching, Clocking, Other }

public enum ExcuseStatus { Asked, Granted, Refused, Withdrawn }

/// <summary>Time in which somebody did not do what was rostered, and for a reason.</summary>
public sealed record Excuse
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>For what reason.</summary>
    public ExcuseKind Kind { get; init; }

    /// <summary>First instant of the time.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>What there is to show for it.</summary>
    public string Evidence { get; init; } = "";

    public ExcuseStatus Status { get; init; }

    /// <summary>Whether the time is paid as if it had been worked; false until it is granted.</summary>
    public bool Paid { get; init; }

    /// <summary>Who decided; null while nobody has.</summary>
    public Guid? DecidedBy { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; init; }

    public Excuse Evolve(object @event) => @event switch
    {
        ExcuseAsked e => this with
        {
            Id = e.ExcuseId, ProjectId = e.ProjectId, AgentId = e.AgentId, Kind = e.Kind, From = e.From, To = e.To, Evidence = e.Evidence,
        },
        ExcuseGranted e => this with { Status = ExcuseStatus.Granted, Paid = e.Paid, DecidedBy = e.By },
        ExcuseRefused e => this with { Status = ExcuseStatus.Refused, Reason = e.Reason, DecidedBy = e.By },
        ExcuseWithdrawn _ => this with { Status = ExcuseStatus.Withdrawn, Paid = false },
        _ => this,
    };
}

// ---- Decisions

public static class ExcuseDecider
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(2);

    public static object[] Decide(AskExcuse command, Excuse state)
    {
        if (state.Id != Guid.Empty)
            return (state.ProjectId, state.AgentId, state.Kind, state.From, state.To, state.Evidence)
                == (command.ProjectId, command.AgentId, command.Kind, command.From, command.To, command.Evidence) ? []
                    : throw new InvalidException("Idempotency-Key", "idempotency-key-reused", "This key was used with another body.");
        if (command.To <= command.From)
            throw new InvalidException("/to", "excuse-reversed", "The time ends before it begins.");
        if (command.To - command.From > Longest)
            throw new InvalidException("/to", "excuse-too-long", $"An excuse is of {Longest.TotalHours:0} hours at most; ask for leave.");

        return
        [
            new ExcuseAsked(command.ExcuseId, command.ProjectId, command.AgentId, command.Kind, command.From, command.To, command.Evidence,
                command.By, command.Now),
        ];
    }

    public static object[] Decide(GrantExcuse command, Excuse state)
    {
        MustBeOpen(state, command.By);
        return [new ExcuseGranted(command.Paid, command.By, command.Now)];
    }

    public static object[] Decide(RefuseExcuse command, Excuse state)
    {
        MustBeOpen(state, command.By);
        return [new ExcuseRefused(command.Reason, command.By, command.Now)];
    }

    // One that was granted in error is taken back too; what was asked again is another.
    public static object[] Decide(WithdrawExcuse command, Excuse state) =>
        state.Status is ExcuseStatus.Asked or ExcuseStatus.Granted ? [new ExcuseWithdrawn(command.By, command.Now)] : throw Closed();

    private static void MustBeOpen(Excuse state, Guid by)
    {
        if (state.Status is not ExcuseStatus.Asked)
            throw Closed();
        if (state.AgentId == by)
            throw new RefusedException("own-excuse", "Nobody decides about an excuse of their own.");
    }

    private static RefusedException Closed() => new("excuse-closed", "It was decided or withdrawn already.");
}

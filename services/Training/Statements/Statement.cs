using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Training.Statements;

// ---- Values

/// <summary>What another system says that somebody learnt, in the form of an xAPI statement (xAPI 1.0.3, part two).</summary>
/// <param name="Verb">IRI of the verb.</param>
/// <param name="Activity">IRI of what was learnt.</param>
/// <param name="Title">What it is called; null where the system does not say.</param>
/// <param name="Scaled">-1 to 1; null without a score.</param>
/// <param name="Raw">In the system's own points.</param>
/// <param name="Success">Whether it was passed; null where that is not said.</param>
/// <param name="Completion">Whether it was completed; null where that is not said.</param>
public sealed record StatedResult(
    string Verb, string Activity, string? Title, decimal? Scaled, decimal? Raw, bool? Success, bool? Completion);

// ---- Events

/// <summary>Never changed: what is wrong is voided, and said anew under another id.</summary>
/// <param name="SaidId">The id that the other system gave.</param>
public sealed record StatementReceived(
    Guid StatementId, Guid SaidId, Guid ProjectId, Guid EmployeeId, StatedResult Said, DateTimeOffset StatedAt, string Source, Guid By,
    DateTimeOffset At);

/// <param name="VoidingId">The statement that says so.</param>
public sealed record StatementVoided(Guid VoidingId, Guid By, DateTimeOffset At);

/// <summary>A statement that voids another: it can be voided by none.</summary>
public sealed record VoidingReceived(Guid StatementId, Guid SaidId, Guid ProjectId, Guid VoidedId, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record ReceiveStatement(
    Guid SaidId, Guid ProjectId, Guid EmployeeId, StatedResult Said, DateTimeOffset StatedAt, string Source, Guid By,
    DateTimeOffset Now);

public sealed record ReceiveVoiding(Guid SaidId, Guid ProjectId, Guid VoidedId, Guid By, DateTimeOffset Now);

public sealed record VoidStatement(Guid VoidingId, Guid By, DateTimeOffset Now);

// ---- State

public sealed record Statement
{
    public Guid Id { get; init; }
    public long Version { get; init; }

    /// <summary>The id that the other system gave.</summary>
    public Guid SaidId { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>Null where it voids another.</summary>
    public Guid? EmployeeId { get; init; }

    /// <summary>What it says; null where it voids another.</summary>
    public StatedResult? Said { get; init; }

    /// <summary>When it was so.</summary>
    public DateTimeOffset StatedAt { get; init; }

    /// <summary>The system that said it.</summary>
    public string Source { get; init; } = "";

    /// <summary>The statement that it voids; null where it voids none.</summary>
    public Guid? Voids { get; init; }

    /// <summary>The statement that voided it; null while it stands.</summary>
    public Guid? VoidedBy { get; init; }

    // Ids of others are no ids of streams here: they could be those of anything.
    public static Guid IdOf(Guid projectId, Guid saidId) => NameId.Of("learning-statement", projectId, saidId);

    public Statement Evolve(object @event) => @event switch
    {
        StatementReceived e => this with
        {
            Id = e.StatementId, SaidId = e.SaidId, ProjectId = e.ProjectId, EmployeeId = e.EmployeeId, Said = e.Said, StatedAt = e.StatedAt,
            Source = e.Source,
        },
        VoidingReceived e => this with
        {
            Id = e.StatementId, SaidId = e.SaidId, ProjectId = e.ProjectId, Voids = e.VoidedId, StatedAt = e.At,
        },
        StatementVoided e => this with { VoidedBy = e.VoidingId },
        _ => this,
    };
}

// ---- Decisions

public static class LearningStatementDecider
{
    // Clocks of two systems differ a little.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>What is wrong with a time at which something is said to have been so; null where nothing is.</summary>
    /// <param name="pointer">Where it stands in what was sent.</param>
    public static Error? NotYet(string pointer, DateTimeOffset statedAt, DateTimeOffset now) =>
        statedAt > now + Ahead ? new(pointer, "in-the-future", "This has not happened yet.") : null;

    /// <param name="at">Where it stands in what was sent.</param>
    public static object[] Decide(ReceiveStatement command, Statement state, string at)
    {
        if (state.Id == Guid.Empty)
            return
            [
                new StatementReceived(Statement.IdOf(command.ProjectId, command.SaidId), command.SaidId, command.ProjectId,
                    command.EmployeeId, command.Said, command.StatedAt, command.Source, command.By, command.Now),
            ];

        return (state.ProjectId, state.EmployeeId, state.Said, state.StatedAt)
            == (command.ProjectId, command.EmployeeId, command.Said, command.StatedAt) ? [] : throw Other(at);
    }

    public static object[] Decide(ReceiveVoiding command, Statement state, string at)
    {
        if (state.Id == Guid.Empty)
            return
            [
                new VoidingReceived(Statement.IdOf(command.ProjectId, command.SaidId), command.SaidId, command.ProjectId, command.VoidedId,
                    command.By, command.Now),
            ];

        return (state.ProjectId, state.Voids) == (command.ProjectId, command.VoidedId) ? [] : throw Other(at);
    }

    public static object[] Decide(VoidStatement command, Statement state, string at)
    {
        if (state.Voids is not null)
            throw new InvalidException(at, "voiding-voided", "A statement that voids another is voided by none: say it anew.");

        return state.VoidedBy is not null ? [] : [new StatementVoided(command.VoidingId, command.By, command.Now)];
    }

    private static InvalidException Other(string at) =>
        new(at, "statement-exists", "A statement never changes: under this id another was received. Void it, and say it anew.");
}

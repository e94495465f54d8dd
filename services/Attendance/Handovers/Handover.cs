using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Attendance.Handovers;

// ---- Values

/// <summary>One matter that the next shift has to know.</summary>
/// <param name="Subject">What it is about, in a line.</param>
/// <param name="Text">What there is to know, and to do.</param>
/// <param name="Key">Whether nobody may begin without knowing it.</param>
public sealed record Matter(string Subject, string Text, bool Key);

/// <param name="By">Who has taken note.</param>
/// <param name="At">When they took note.</param>
public sealed record Acknowledgement(Guid By, DateTimeOffset At);

// ---- Events

/// <param name="TeamId">Of which team's shift it is; null where it is the project's.</param>
/// <param name="Date">Local day on which the shift began that hands over.</param>
public sealed record HandoverWritten(
    Guid HandoverId, Guid ProjectId, Guid? TeamId, DateOnly Date, IReadOnlyList<Matter> Matters, Guid By, DateTimeOffset At);

public sealed record MatterAdded(Matter Matter, Guid By, DateTimeOffset At);

public sealed record HandoverAcknowledged(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record WriteHandover(
    Guid HandoverId, Guid ProjectId, Guid? TeamId, DateOnly Date, IReadOnlyList<Matter> Matters, Guid By, DateTimeOffset Now);

public sealed record AddMatter(Matter Matter, Guid By, DateTimeOffset Now);

public sealed record AcknowledgeHandover(Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What one shift tells the next.</summary>
public sealed record Handover
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>Of which team's shift it is; null where it is the project's.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Local day on which the shift began that hands over.</summary>
    public DateOnly Date { get; init; }

    /// <summary>What the next shift has to know.</summary>
    public ImmutableArray<Matter> Matters { get; init; } = [];

    /// <summary>Who wrote it.</summary>
    public Guid WrittenBy { get; init; }

    /// <summary>Who of the next shift has taken note of all that it says by now.</summary>
    public ImmutableArray<Acknowledgement> Acknowledgements { get; init; } = [];

    /// <summary>Whether the next shift has taken note.</summary>
    public bool Acknowledged { get; init; }

    public Handover Evolve(object @event) => @event switch
    {
        HandoverWritten e => this with
        {
            Id = e.HandoverId, ProjectId = e.ProjectId, TeamId = e.TeamId, Date = e.Date, Matters = [.. e.Matters], WrittenBy = e.By,
        },
        // What was acknowledged before is not what it says now.
        MatterAdded e => this with { Matters = Matters.Add(e.Matter), Acknowledgements = [], Acknowledged = false },
        HandoverAcknowledged e => this with { Acknowledgements = Acknowledgements.Add(new(e.By, e.At)), Acknowledged = true },
        _ => this,
    };
}

// ---- Decisions

public static class HandoverDecider
{
    private const int MostMatters = 50;

    public static object[] Decide(WriteHandover command, Handover state)
    {
        if (state.Id == Guid.Empty)
            return
            [
                new HandoverWritten(command.HandoverId, command.ProjectId, command.TeamId, command.Date, command.Matters, command.By,
                    command.Now),
            ];

        // The same request again, also when something was added since.
        return (state.ProjectId, state.TeamId, state.Date) == (command.ProjectId, command.TeamId, command.Date)
            && command.Matters.SequenceEqual(state.Matters.Take(command.Matters.Count)) ? []
                : throw new InvalidException("Idempotency-Key", "idempotency-key-reused", "This key was used with another body.");
    }

    public static object[] Decide(AddMatter command, Handover state) => state.Matters.Contains(command.Matter) ? []
        : state.Matters.Length < MostMatters ? [new MatterAdded(command.Matter, command.By, command.Now)]
        : throw new RefusedException("too-many-matters", $"A handover has {MostMatters} matters at most; write another.");

    public static object[] Decide(AcknowledgeHandover command, Handover state)
    {
        if (state.WrittenBy == command.By)
            throw new RefusedException("own-handover", "Who wrote it does not take note of it for the next shift.");

        return state.Acknowledgements.Any(a => a.By == command.By) ? [] : [new HandoverAcknowledged(command.By, command.Now)];
    }
}

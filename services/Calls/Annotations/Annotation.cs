using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Calls.Annotations;

// ---- Values

public enum AnnotationReaders
{
    /// <summary>Whoever wrote it.</summary>
    Private,

    /// <summary>Everybody but the agent of the call.</summary>
    Inspectors,

    /// <summary>The agent as well.</summary>
    Agent,
}

/// <summary>What is said of a part of a recording.</summary>
/// <param name="From">Seconds from the beginning of the recording.</param>
/// <param name="To">Likewise; null for a moment.</param>
/// <param name="Text">Empty once it was erased.</param>
public sealed record Remark(decimal From, decimal? To, string Text, AnnotationReaders Readers);

// ---- Events

/// <param name="AgentId">Whose call it is; null where nobody knows.</param>
public sealed record AnnotationWritten(
    Guid AnnotationId, Guid CallId, Guid ProjectId, string RecordingId, Guid? AgentId, Remark Remark, Guid By, DateTimeOffset At);

public sealed record AnnotationChanged(Guid AnnotationId, Remark Remark, Guid By, DateTimeOffset At);

/// <summary>It is shown no more; what it said stays in the history of those who may see that.</summary>
public sealed record AnnotationRemoved(Guid AnnotationId, Guid By, DateTimeOffset At);

// ---- Commands

/// <param name="Seconds">How long the recording is; null where the call has none.</param>
public sealed record WriteAnnotation(
    Guid AnnotationId, Guid CallId, Guid ProjectId, string? RecordingId, decimal? Seconds, Guid? AgentId, Remark Remark, Guid By,
    DateTimeOffset Now);

public sealed record ChangeAnnotation(Remark Remark, decimal? Seconds, Guid By, DateTimeOffset Now);

/// <param name="IsOfAdmin">Whether whoever asks may take away what others wrote.</param>
public sealed record RemoveAnnotation(Guid By, bool IsOfAdmin, DateTimeOffset Now);

// ---- State

public sealed record Annotation
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid CallId { get; init; }
    public Guid ProjectId { get; init; }
    public string RecordingId { get; init; } = "";
    public Guid? AgentId { get; init; }
    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>When it was changed last; null where it never was.</summary>
    public DateTimeOffset? ChangedAt { get; init; }
    public AnnotationReaders Readers { get; init; }
    public Remark Remark { get; init; } = new(0, null, "", AnnotationReaders.Private);
    public bool IsRemoved { get; init; }

    public Annotation Evolve(object @event) => @event switch
    {
        AnnotationWritten e => this with
        {
            Id = e.AnnotationId, CallId = e.CallId, ProjectId = e.ProjectId, RecordingId = e.RecordingId, AgentId = e.AgentId, By = e.By,
            At = e.At, Readers = e.Remark.Readers, Remark = e.Remark,
        },
        AnnotationChanged e => this with { ChangedAt = e.At, Readers = e.Remark.Readers, Remark = e.Remark },
        AnnotationRemoved _ => this with { IsRemoved = true },
        _ => this,
    };
}

// ---- Decisions

public static class AnnotationDecider
{
    public static object[] Decide(WriteAnnotation command, Annotation state)
    {
        if (command.RecordingId is not { } recording)
            throw new RefusedException("no-recording", "The call has no recording to say something of.");
        Require(command.Remark, command.Seconds);

        return state.Id == command.AnnotationId ? []
            : [new AnnotationWritten(command.AnnotationId, command.CallId, command.ProjectId, recording, command.AgentId, command.Remark,
                command.By, command.Now)];
    }

    public static object[] Decide(ChangeAnnotation command, Annotation state)
    {
        RequireThere(state);
        if (command.By != state.By)
            throw new RefusedException("not-the-author", "Only who wrote an annotation changes it.");
        Require(command.Remark, command.Seconds);

        return command.Remark == state.Remark ? [] : [new AnnotationChanged(state.Id, command.Remark, command.By, command.Now)];
    }

    public static object[] Decide(RemoveAnnotation command, Annotation state)
    {
        if (command.By != state.By && !command.IsOfAdmin)
            throw new RefusedException("not-the-author", "Only who wrote an annotation, or an admin, takes it away.");

        return state.IsRemoved ? [] : [new AnnotationRemoved(state.Id, command.By, command.Now)];
    }

    private static void RequireThere(Annotation state)
    {
        if (state.IsRemoved)
            throw new RefusedException("annotation-removed", "The annotation was taken away.");
    }

    private static void Require(Remark remark, decimal? seconds)
    {
        if (remark.To < remark.From)
            throw new InvalidException("/to", "ends-before-start", "It ends before it begins.");
        if (seconds is { } length && (remark.To ?? remark.From) > length)
            throw new InvalidException(
                remark.To is null ? "/from" : "/to", "beyond-recording", $"The recording is {length} seconds long.");
    }
}

namespace CallCenter.Training.Needs;

// ---- Events

public sealed record NeedOpened(
    Guid NeedId, Guid ProjectId, Guid AgentId, string Section, Guid EvaluationId, DateTimeOffset OpenedAt);

/// <param name="ClosedAt">When the evaluation that passed the section was submitted.</param>
public sealed record NeedClosed(Guid EvaluationId, DateTimeOffset ClosedAt);

/// <summary>The evaluation that closed it no longer passes the section.</summary>
public sealed record NeedReopened;

/// <summary>
/// It never was one: its evaluation was corrected, or an earlier one turned up late that has opened the need already.
/// </summary>
public sealed record NeedWithdrawn;

public sealed record SessionLinked(Guid SessionId);

public sealed record SessionUnlinked(Guid SessionId);

// ---- Commands

/// <summary>What the evaluations known now say about the need.</summary>
/// <param name="Episode">Null when they know no such need.</param>
public sealed record RestateNeed(Guid NeedId, Guid ProjectId, Guid AgentId, string Section, Episode? Episode);

public sealed record LinkSession(Guid SessionId);

public sealed record UnlinkSession(Guid SessionId);

// ---- State

public enum NeedStatus { Unknown, Open, Closed, Withdrawn }

public sealed record TrainingNeed
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>Code of the failed section.</summary>
    public string Section { get; init; } = "";
    public NeedStatus Status { get; init; }

    /// <summary>The evaluation that opened it.</summary>
    public Guid EvaluationId { get; init; }
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>The later evaluation that passed the section.</summary>
    public Guid? ClosedById { get; init; }

    /// <summary>When that was; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Training sessions the agent is enrolled in because of it.</summary>
    public IReadOnlyList<Guid> SessionIds { get; init; } = [];

    public TrainingNeed Evolve(object @event) => @event switch
    {
        NeedOpened e => this with
        {
            Id = e.NeedId,
            ProjectId = e.ProjectId,
            AgentId = e.AgentId,
            Section = e.Section,
            Status = NeedStatus.Open,
            EvaluationId = e.EvaluationId,
            OpenedAt = e.OpenedAt,
        },
        NeedClosed e => this with { Status = NeedStatus.Closed, ClosedById = e.EvaluationId, ClosedAt = e.ClosedAt },
        NeedReopened _ => this with { Status = NeedStatus.Open, ClosedById = null, ClosedAt = null },
        NeedWithdrawn _ => this with { Status = NeedStatus.Withdrawn, ClosedById = null, ClosedAt = null },
        SessionLinked e => this with { SessionIds = [.. SessionIds, e.SessionId] },
        SessionUnlinked e => this with { SessionIds = [.. SessionIds.Where(id => id != e.SessionId)] },
        _ => this,
    };
}

// ---- Decisions

public static class TrainingNeedDecider
{
    public static object[] Decide(RestateNeed command, TrainingNeed state)
    {
        if (command.Episode is not { } episode)
            return state.Status is NeedStatus.Unknown or NeedStatus.Withdrawn ? [] : [new NeedWithdrawn()];

        var stands = state.Status is NeedStatus.Open or NeedStatus.Closed && state.OpenedAt == episode.OpenedAt;
        object[] opened = stands
            ? []
            : [new NeedOpened(command.NeedId, command.ProjectId, command.AgentId, command.Section, episode.EvaluationId, episode.OpenedAt)];

        var (closedById, closedAt) = stands ? (state.ClosedById, state.ClosedAt) : (null, null);
        object[] closed = (episode.ClosedById, episode.ClosedAt) == (closedById, closedAt)
            ? []
            : episode is { ClosedById: { } passed, ClosedAt: { } at } ? [new NeedClosed(passed, at)] : [new NeedReopened()];

        return [.. opened, .. closed];
    }

    public static object[] Decide(LinkSession command, TrainingNeed state) =>
        state.SessionIds.Contains(command.SessionId) ? [] : [new SessionLinked(command.SessionId)];

    public static object[] Decide(UnlinkSession command, TrainingNeed state) =>
        state.SessionIds.Contains(command.SessionId) ? [new SessionUnlinked(command.SessionId)] : [];
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Scheduling.Leaves;

// ---- Values

/// <summary>A part of one day.</summary>
/// <param name="From">By the wall clock of the project.</param>
/// <param name="To">First time after it; 00:00 is the end of the day.</param>
/// <param name="Days">What it counts as: half a day, or its hours by those that a day has.</param>
public sealed record LeavePart(TimeOnly From, TimeOnly To, decimal Days)
{
    [JsonIgnore]
    public HoursOfDay Hours => new(From, To);

    public bool Touches(LeavePart other) => Hours.Touches(other.Hours);
}

// ---- Events. Local days; the zone is the project's.

/// <param name="Part">Of the one day; null for whole days.</param>
public sealed record LeaveRequested(
    Guid LeaveId, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, Guid By, DateTimeOffset At,
    LeavePart? Part = null);

/// <param name="By">Empty where the project's policy decided.</param>
/// <param name="Role">The step of the project's chain that this was; null where it has none.</param>
/// <param name="Final">No other step is due.</param>
/// <param name="Reason">Why the policy decided it; null where a person did.</param>
public sealed record LeaveApproved(
    Guid AgentId, Guid By, DateTimeOffset At, string? Role = null, bool Final = true, string? Reason = null);

public sealed record LeaveDeclined(Guid AgentId, string Reason, Guid By, DateTimeOffset At);

public sealed record LeaveWithdrawn(Guid AgentId, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record RequestLeave(
    Guid LeaveId, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, Guid By,
    DateTimeOffset Now, LeavePart? Part = null, string? DecidedBecause = null);

/// <param name="Roles">Of theirs those by which they may approve leave at all.</param>
/// <param name="Posts">Those they are in on that day.</param>
/// <param name="IsOfTheTeam">They supervise a team of the agent, or nobody is known to.</param>
public sealed record Approver(Guid Id, IReadOnlySet<string> Roles, IReadOnlySet<string> Posts, bool IsOfTheTeam);

/// <param name="Steps">Those that the leave needs, in their order.</param>
/// <param name="Limit">The limit that is reached, counting who asked earlier; null where there is room.</param>
public sealed record ApproveLeave(IReadOnlyList<DecidingStep> Steps, LimitReached? Limit, Approver Approver, DateTimeOffset Now);

/// <param name="Because">Why the policy decides it.</param>
public sealed record ApproveByPolicy(string Because, DateTimeOffset Now);

/// <summary>Its days come too near for somebody who still waits for a place.</summary>
public sealed record EndWaiting(DateTimeOffset Now);

public sealed record DeclineLeave(string Reason, Guid By, DateTimeOffset Now);

/// <param name="Today">The local day.</param>
public sealed record WithdrawLeave(Guid By, DateOnly Today, DateTimeOffset Now);

// ---- State

public enum LeaveKind { Annual, Sick, Unpaid, Other }

public enum LeaveStatus { None, Requested, Approved, Declined, Withdrawn }

/// <param name="Role">The role by which they approved.</param>
/// <param name="By">Who approved.</param>
public sealed record LeaveStep(string Role, Guid By);

/// <summary>Days off that somebody asked for, or a part of one.</summary>
public sealed record Leave
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }

    /// <summary>First day off.</summary>
    public DateOnly FirstDay { get; init; }

    /// <summary>Last day off.</summary>
    public DateOnly LastDay { get; init; }

    /// <summary>What the days are for.</summary>
    public LeaveKind Kind { get; init; }

    /// <summary>Whether the days count towards contracted hours.</summary>
    public bool Paid { get; init; }
    public LeaveStatus Status { get; init; }

    /// <summary>The steps of the project's chain that are done.</summary>
    public ImmutableArray<LeaveStep> Approvals { get; init; } = [];

    /// <summary>Why it was declined.</summary>
    public string? Reason { get; init; }

    // Stored apart from the leave (LeaveDetail), where the version before does not lose it.

    /// <summary>Of the one day; null for whole days.</summary>
    [JsonIgnore]
    public LeavePart? Part { get; init; }

    /// <summary>When it was asked for; of before that was kept, the beginning of time.</summary>
    [JsonIgnore]
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Why the project's policy decided it; null where a person did, or nobody has.</summary>
    [JsonIgnore]
    public string? DecidedBecause { get; init; }

    /// <summary>How many calendar days it is.</summary>
    [JsonIgnore]
    public decimal Length => Part?.Days ?? LastDay.DayNumber - FirstDay.DayNumber + 1;

    [JsonIgnore]
    public bool IsOpen => Status is LeaveStatus.Requested or LeaveStatus.Approved;

    public bool Covers(DateOnly day) => FirstDay <= day && day <= LastDay;

    /// <summary>Whether a time of the two is the same.</summary>
    public bool Touches(Leave other) => FirstDay <= other.LastDay && other.FirstDay <= LastDay
        && (Part is not { } part || other.Part is not { } others || part.Touches(others));

    public Leave With(LeaveDetail? detail) => detail is null ? this : this with
    {
        Part = detail.Part, RequestedAt = detail.RequestedAt, DecidedBecause = detail.DecidedBecause,
    };

    public LeaveV1 ToFact(Guid id, long version) => new(
        id, version, ProjectId, AgentId, FirstDay, LastDay, Kind.Code, Paid, Status.Code, Part?.From, Part?.To);

    public Leave Evolve(object @event) => @event switch
    {
        LeaveRequested e => this with
        {
            ProjectId = e.ProjectId,
            AgentId = e.AgentId,
            FirstDay = e.FirstDay,
            LastDay = e.LastDay,
            Kind = e.Kind,
            Paid = e.Paid,
            Status = LeaveStatus.Requested,
            Part = e.Part,
            RequestedAt = e.At,
        },
        LeaveApproved e => this with
        {
            Status = e.Final ? LeaveStatus.Approved : Status,
            Approvals = e.Role is { } role ? Approvals.Add(new(role, e.By)) : Approvals,
            DecidedBecause = e.Reason,
        },
        LeaveDeclined e => this with { Status = LeaveStatus.Declined, Reason = e.Reason },
        LeaveWithdrawn _ => this with { Status = LeaveStatus.Withdrawn },
        _ => this,
    };
}

/// <summary>
/// Of a leave what its first form had no place for, from the same events: the version before writes the leave as it knows it.
/// </summary>
public sealed record LeaveDetail
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public LeavePart? Part { get; init; }
    public DateTimeOffset RequestedAt { get; init; }
    public string? DecidedBecause { get; init; }

    public LeaveDetail Evolve(object @event) => @event switch
    {
        LeaveRequested e => this with { Part = e.Part, RequestedAt = e.At },
        LeaveApproved e => this with { DecidedBecause = e.Reason },
        _ => this,
    };
}

// ---- Decisions

public static class LeaveDecider
{
    public const string WaitingEnded = "waiting-ended";

    public static object[] Decide(RequestLeave command, Leave state)
    {
        if (state.Status is LeaveStatus.None)
        {
            var asked = new LeaveRequested(command.LeaveId, command.ProjectId, command.AgentId, command.FirstDay, command.LastDay,
                command.Kind, command.Paid, command.By, command.Now, command.Part);

            return command.DecidedBecause is { } because
                ? [asked, new LeaveApproved(command.AgentId, Guid.Empty, command.Now, Reason: because)] : [asked];
        }

        return (state.AgentId, state.FirstDay, state.LastDay, state.Kind) == (
            command.AgentId, command.FirstDay, command.LastDay, command.Kind)
            ? []
            : throw new RefusedException("leave-exists", "There is another leave under this id.");
    }

    public static object[] Decide(ApproveLeave command, Leave state)
    {
        if (state.AgentId == command.Approver.Id)
            throw new RefusedException("own-leave", "Nobody approves their own leave.");

        return state.Status switch
        {
            LeaveStatus.Approved => [],
            LeaveStatus.Requested => [Step(command, state)],
            _ => throw new RefusedException("leave-closed", "The leave was declined or withdrawn; ask for it again."),
        };
    }

    private static LeaveApproved Step(ApproveLeave command, Leave state)
    {
        if (command.Limit is { } limit)
            throw new RefusedException("leave-limit", limit.Says);

        var (approver, due) = (command.Approver, command.Steps.Skip(state.Approvals.Length).ToList());
        if (due.Count == 0)
            return new(state.AgentId, approver.Id, command.Now);

        if (state.Approvals.Any(a => a.By == approver.Id))
            throw new RefusedException("approved-already", "Each step of the chain is another person's.");
        if (!approver.Roles.Contains(due[0].Role))
            throw new RefusedException("approval-of-another-role", $"The next approval is due from: {due[0].Role}.");
        if (due[0].Post is { } post && !approver.Posts.Contains(post))
            throw new RefusedException("approval-of-another-person", $"The next approval is due from who is in the post {post}.");
        if (due[0].OwnTeam && !approver.IsOfTheTeam)
            throw new RefusedException("approval-of-another-person", "The next approval is due from a supervisor of the agent's team.");

        return new(state.AgentId, approver.Id, command.Now, due[0].Role, Final: due.Count == 1);
    }

    public static object[] Decide(ApproveByPolicy command, Leave state) => state.Status is LeaveStatus.Requested
        ? [new LeaveApproved(state.AgentId, Guid.Empty, command.Now, Reason: command.Because)] : [];

    public static object[] Decide(EndWaiting command, Leave state) => state.Status is LeaveStatus.Requested
        ? [new LeaveDeclined(state.AgentId, WaitingEnded, Guid.Empty, command.Now)] : [];

    public static object[] Decide(DeclineLeave command, Leave state) => state.Status switch
    {
        LeaveStatus.Declined => [],
        LeaveStatus.Requested => [new LeaveDeclined(state.AgentId, command.Reason, command.By, command.Now)],
        _ => throw new RefusedException("leave-closed", "Only a leave that was asked for can be declined."),
    };

    public static object[] Decide(WithdrawLeave command, Leave state) => state.Status switch
    {
        LeaveStatus.Withdrawn => [],
        // Who was away would get the days again.
        LeaveStatus.Approved when command.By == state.AgentId && state.FirstDay <= command.Today =>
            throw new RefusedException("leave-begun", "A leave that has begun is taken back by a supervisor or scheduler."),
        LeaveStatus.Requested or LeaveStatus.Approved => [new LeaveWithdrawn(state.AgentId, command.By, command.Now)],
        _ => throw new RefusedException("leave-closed", "The leave was declined."),
    };
}

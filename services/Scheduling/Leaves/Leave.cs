using System.Collections.Immutable;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.ShiftRules;

namespace CallCenter.Scheduling.Leaves;

// ---- Events. Whole local days; the zone is the project's.

public sealed record LeaveRequested(
    Guid LeaveId, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, Guid By, DateTimeOffset At);

/// <param name="Role">The step of the project's chain that this was; null where it has none.</param>
/// <param name="Final">No other step is due.</param>
public sealed record LeaveApproved(Guid AgentId, Guid By, DateTimeOffset At, string? Role = null, bool Final = true);

public sealed record LeaveDeclined(Guid AgentId, string Reason, Guid By, DateTimeOffset At);

public sealed record LeaveWithdrawn(Guid AgentId, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record RequestLeave(
    Guid LeaveId, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, Guid By,
    DateTimeOffset Now);

/// <param name="Roles">The caller's.</param>
public sealed record ApproveLeave(LeaveRules Rules, Guid By, IReadOnlySet<string> Roles, DateTimeOffset Now);

public sealed record DeclineLeave(string Reason, Guid By, DateTimeOffset Now);

public sealed record WithdrawLeave(Guid By, DateTimeOffset Now);

// ---- State

public enum LeaveKind { Annual, Sick, Unpaid, Other }

public enum LeaveStatus { None, Requested, Approved, Declined, Withdrawn }

/// <param name="Role">The role by which they approved.</param>
/// <param name="By">Who approved.</param>
public sealed record LeaveStep(string Role, Guid By);

/// <summary>Days off that somebody asked for.</summary>
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

    public LeaveV1 ToFact(Guid id, long version) => new(
        id, version, ProjectId, AgentId, FirstDay, LastDay, Kind.Code, Paid, Status.Code);

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
        },
        LeaveApproved e => this with
        {
            Status = e.Final ? LeaveStatus.Approved : Status,
            Approvals = e.Role is { } role ? Approvals.Add(new(role, e.By)) : Approvals,
        },
        LeaveDeclined e => this with { Status = LeaveStatus.Declined, Reason = e.Reason },
        LeaveWithdrawn _ => this with { Status = LeaveStatus.Withdrawn },
        _ => this,
    };
}

// ---- Decisions

public static class LeaveDecider
{
    public static object[] Decide(RequestLeave command, Leave state)
    {
        if (state.Status is LeaveStatus.None)
            return
            [
                new LeaveRequested(command.LeaveId, command.ProjectId, command.AgentId, command.FirstDay, command.LastDay,
                    command.Kind, command.Paid, command.By, command.Now),
            ];

        return (state.AgentId, state.FirstDay, state.LastDay, state.Kind) == (
            command.AgentId, command.FirstDay, command.LastDay, command.Kind)
            ? []
            : throw new RefusedException("leave-exists", "There is another leave under this id.");
    }

    public static object[] Decide(ApproveLeave command, Leave state)
    {
        if (state.AgentId == command.By)
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
        var due = command.Rules.ChainFor(state.LastDay.DayNumber - state.FirstDay.DayNumber + 1).Skip(state.Approvals.Length).ToList();
        if (due.Count == 0)
            return new(state.AgentId, command.By, command.Now);

        if (state.Approvals.Any(a => a.By == command.By))
            throw new RefusedException("approved-already", "Each step of the chain is another person's.");

        return command.Roles.Contains(due[0])
            ? new(state.AgentId, command.By, command.Now, due[0], Final: due.Count == 1)
            : throw new RefusedException("approval-of-another-role", $"The next approval is due from: {due[0]}.");
    }

    public static object[] Decide(DeclineLeave command, Leave state) => state.Status switch
    {
        LeaveStatus.Declined => [],
        LeaveStatus.Requested => [new LeaveDeclined(state.AgentId, command.Reason, command.By, command.Now)],
        _ => throw new RefusedException("leave-closed", "Only a leave that was asked for can be declined."),
    };

    public static object[] Decide(WithdrawLeave command, Leave state) => state.Status switch
    {
        LeaveStatus.Withdrawn => [],
        LeaveStatus.Requested or LeaveStatus.Approved => [new LeaveWithdrawn(state.AgentId, command.By, command.Now)],
        _ => throw new RefusedException("leave-closed", "The leave was declined."),
    };
}

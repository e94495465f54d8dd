using CallCenter.EventSourcing;

namespace CallCenter.Scheduling.Leaves;

// ---- Events. Whole local days; the zone is the project's.

public sealed record LeaveRequested(
    Guid LeaveId, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, Guid By, DateTimeOffset At);

public sealed record LeaveApproved(Guid AgentId, Guid By, DateTimeOffset At);

public sealed record LeaveDeclined(Guid AgentId, string Reason, Guid By, DateTimeOffset At);

public sealed record LeaveWithdrawn(Guid AgentId, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record RequestLeave(
    Guid LeaveId, Guid ProjectId, Guid AgentId, DateOnly FirstDay, DateOnly LastDay, LeaveKind Kind, bool Paid, Guid By, DateTimeOffset Now);

public sealed record ApproveLeave(Guid By, DateTimeOffset Now);

public sealed record DeclineLeave(string Reason, Guid By, DateTimeOffset Now);

public sealed record WithdrawLeave(Guid By, DateTimeOffset Now);

// ---- State

public enum LeaveKind { Annual, Sick, Unpaid, Other }

public enum LeaveStatus { None, Requested, Approved, Declined, Withdrawn }

/// <summary>Days off that somebody asked for.</summary>
public sealed record Leave
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid AgentId { get; init; }
    public DateOnly FirstDay { get; init; }
    public DateOnly LastDay { get; init; }
    public LeaveKind Kind { get; init; }
    public bool Paid { get; init; }
    public LeaveStatus Status { get; init; }

    /// <summary>Why it was declined.</summary>
    public string? Reason { get; init; }

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
        LeaveApproved _ => this with { Status = LeaveStatus.Approved },
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

        return (state.AgentId, state.FirstDay, state.LastDay, state.Kind) == (command.AgentId, command.FirstDay, command.LastDay, command.Kind)
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
            LeaveStatus.Requested => [new LeaveApproved(state.AgentId, command.By, command.Now)],
            _ => throw new RefusedException("leave-closed", "The leave was declined or withdrawn; ask for it again."),
        };
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

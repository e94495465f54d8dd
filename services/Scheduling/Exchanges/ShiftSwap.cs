using System.Text.Json.Serialization;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;

namespace CallCenter.Scheduling.Exchanges;

// ---- Events

/// <param name="AgentId">Whose shift it is.</param>
/// <param name="ToAgentId">Who may take it; null where all may.</param>
/// <param name="InReturn">For a shift of who takes it; else it is given away.</param>
public sealed record SwapOffered(
    Guid SwapId, Guid ProjectId, Guid RosterId, Guid AgentId, RosterShift Shift, Guid? ToAgentId, bool InReturn, Guid By,
    DateTimeOffset At);

/// <param name="AgentId">Who takes it.</param>
/// <param name="Shift">Theirs that they give in return; null where nothing is.</param>
public sealed record SwapTaken(Guid AgentId, RosterShift? Shift, Guid By, DateTimeOffset At);

/// <param name="By">Empty where the project's policy decided.</param>
/// <param name="Reason">Why the policy decided it; null where a person did.</param>
public sealed record SwapApproved(Guid By, DateTimeOffset At, string? Reason = null);

public sealed record SwapDeclined(Guid By, DateTimeOffset At);

/// <param name="Reason">Why it ended by itself; null where somebody took it back.</param>
public sealed record SwapWithdrawn(Guid By, DateTimeOffset At, string? Reason = null);

// ---- Commands

/// <param name="Offered">How many shifts the agent has offered in the month already.</param>
public sealed record OfferSwap(
    Guid SwapId, Guid ProjectId, Guid RosterId, Guid AgentId, RosterShift Shift, Guid? ToAgentId, bool InReturn, ExchangePolicy Policy,
    int Offered, Guid By, DateTimeOffset Now);

/// <param name="Skills">Those of the project that the agent lacks and the other has.</param>
public sealed record TakeSwap(
    Guid AgentId, RosterShift? Shift, IReadOnlyList<string> Skills, ExchangePolicy Policy, Guid By, DateTimeOffset Now);

public sealed record ApproveSwap(Guid By, DateTimeOffset Now);

public sealed record DeclineSwap(Guid By, DateTimeOffset Now);

/// <param name="Reason">Why it ends by itself; null where somebody takes it back.</param>
public sealed record WithdrawSwap(Guid By, DateTimeOffset Now, string? Reason = null);

// ---- State

public enum SwapStatus { None, Offered, Taken, Approved, Declined, Withdrawn }

/// <summary>A published shift that an agent gives away, or exchanges for another's.</summary>
public sealed record ShiftSwap
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>The roster that the shifts are of.</summary>
    public Guid RosterId { get; init; }

    /// <summary>Whose shift it is.</summary>
    public Guid AgentId { get; init; }

    /// <summary>The shift.</summary>
    public RosterShift Shift { get; init; } = null!;

    /// <summary>Who may take it; null where all may.</summary>
    public Guid? ToAgentId { get; init; }

    /// <summary>For a shift of who takes it; else it is given away.</summary>
    public bool InReturn { get; init; }

    /// <summary>Who takes it; null while nobody does.</summary>
    public Guid? TakerId { get; init; }

    /// <summary>What they give in return; null where nothing is.</summary>
    public RosterShift? TakerShift { get; init; }

    public SwapStatus Status { get; init; }

    /// <summary>Why it was decided or ended by itself; null where a person did it, or nobody has.</summary>
    public string? DecidedBecause { get; init; }

    /// <summary>The days as they are to be.</summary>
    [JsonIgnore]
    public IReadOnlyList<ShiftChange> Changes => TakerId is not { } taker ? [] :
    [
        .. TakerShift is { } back && back.Date != Shift.Date
            ? new ShiftChange[]
            {
                new(AgentId, Shift.Date, null), new(taker, back.Date, null), new(taker, Shift.Date, Shift), new(AgentId, back.Date, back),
            }
            : [new(AgentId, Shift.Date, TakerShift), new(taker, Shift.Date, Shift)],
    ];

    public ShiftSwap Evolve(object @event) => @event switch
    {
        SwapOffered e => this with
        {
            Id = e.SwapId,
            ProjectId = e.ProjectId,
            RosterId = e.RosterId,
            AgentId = e.AgentId,
            Shift = e.Shift,
            ToAgentId = e.ToAgentId,
            InReturn = e.InReturn,
            Status = SwapStatus.Offered,
        },
        SwapTaken e => this with { TakerId = e.AgentId, TakerShift = e.Shift, Status = SwapStatus.Taken },
        SwapApproved e => this with { Status = SwapStatus.Approved, DecidedBecause = e.Reason },
        SwapDeclined _ => this with { Status = SwapStatus.Declined },
        SwapWithdrawn e => this with { Status = SwapStatus.Withdrawn, DecidedBecause = e.Reason },
        _ => this,
    };
}

// ---- Decisions

public static class SwapDecider
{
    public const string AtOnce = "decided-at-once";

    public const string ShiftChanged = "shift-changed";

    public const string ShiftBegun = "shift-begun";

    public static object[] Decide(OfferSwap command, ShiftSwap state)
    {
        if (state.Status is not SwapStatus.None)
            return state.AgentId == command.AgentId && state.Shift.Date == command.Shift.Date
                ? [] : throw new RefusedException("swap-exists", "There is another swap under this id.");

        if (command.InReturn ? !command.Policy.Exchange : !command.Policy.GiveAway)
            throw new RefusedException("swap-not-allowed",
                command.InReturn ? "The project lets no shifts be exchanged." : "The project lets no shifts be given away.");
        MustBeInTime(command.Shift, command.Policy, command.Now);
        if (command.Offered >= command.Policy.MostAMonth)
            throw new RefusedException("too-many-swaps", $"{command.Policy.MostAMonth} shifts may be offered in a month.");
        if (command.ToAgentId == command.AgentId)
            throw new RefusedException("own-swap", "Nobody swaps with themselves.");

        return
        [
            new SwapOffered(command.SwapId, command.ProjectId, command.RosterId, command.AgentId, command.Shift, command.ToAgentId,
                command.InReturn, command.By, command.Now),
        ];
    }

    public static object[] Decide(TakeSwap command, ShiftSwap state)
    {
        if (state.Status is SwapStatus.Taken or SwapStatus.Approved && state.TakerId == command.AgentId)
            return [];
        if (state.Status is SwapStatus.Taken or SwapStatus.Approved)
            throw new RefusedException("swap-taken", "Somebody else has taken it.");
        if (state.Status is not SwapStatus.Offered)
            throw new RefusedException("swap-closed", "It was withdrawn or declined.");
        if (command.AgentId == state.AgentId)
            throw new RefusedException("own-swap", "Nobody swaps with themselves.");
        if (state.ToAgentId is { } to && to != command.AgentId)
            throw new RefusedException("swap-for-another", "It is offered to somebody else.");
        if (state.InReturn != command.Shift is not null)
            throw new InvalidException("/date", "swap-unclear", state.InReturn
                ? "Say on which day the shift is that you give in return." : "The shift is given away: nothing is given in return.");
        if (command.Policy.SameSkills && command.Skills is [var skill, ..])
            throw new RefusedException("skill-missing", $"The other has the skill {skill}, which is needed then.");
        MustBeInTime(state.Shift, command.Policy, command.Now);
        if (command.Shift is { } back)
            MustBeInTime(back, command.Policy, command.Now);

        var taken = new SwapTaken(command.AgentId, command.Shift, command.By, command.Now);
        return command.Policy.AtOnce ? [taken, new SwapApproved(Guid.Empty, command.Now, AtOnce)] : [taken];
    }

    public static object[] Decide(ApproveSwap command, ShiftSwap state)
    {
        if (command.By == state.AgentId || command.By == state.TakerId)
            throw new RefusedException("own-swap", "Nobody approves their own swap.");

        return state.Status switch
        {
            SwapStatus.Approved => [],
            SwapStatus.Taken => [new SwapApproved(command.By, command.Now)],
            SwapStatus.Offered => throw new RefusedException("swap-not-taken", "Nobody has taken it yet."),
            _ => throw new RefusedException("swap-closed", "It was withdrawn or declined."),
        };
    }

    public static object[] Decide(DeclineSwap command, ShiftSwap state) => state.Status switch
    {
        SwapStatus.Declined => [],
        SwapStatus.Offered or SwapStatus.Taken => [new SwapDeclined(command.By, command.Now)],
        _ => throw new RefusedException("swap-closed", "It was decided already, or withdrawn."),
    };

    public static object[] Decide(WithdrawSwap command, ShiftSwap state) => state.Status switch
    {
        SwapStatus.Withdrawn => [],
        SwapStatus.Offered or SwapStatus.Taken => [new SwapWithdrawn(command.By, command.Now, command.Reason)],
        _ => throw new RefusedException("swap-closed", "It was decided already."),
    };

    private static void MustBeInTime(RosterShift shift, ExchangePolicy policy, DateTimeOffset now)
    {
        if (now.AddHours(policy.HoursBefore) > shift.StartsAt)
            throw new RefusedException("swap-too-late", $"A shift is swapped {policy.HoursBefore} hours before it begins at the latest.");
    }
}

using CallCenter.Scheduling.Rosters;

namespace CallCenter.Scheduling.Exchanges;

/// <summary>A published shift that an agent gives away, or exchanges for another's.</summary>
/// <param name="RosterId">The roster that the shifts are of.</param>
/// <param name="AgentId">Whose shift it is.</param>
/// <param name="Shift">The shift.</param>
/// <param name="ToAgentId">Who may take it; null where all may.</param>
/// <param name="InReturn">For a shift of who takes it; else it is given away.</param>
/// <param name="TakerId">Who takes it; null while nobody does.</param>
/// <param name="TakerShift">What they give in return; null where nothing is.</param>
/// <param name="DecidedBecause">Why it was decided or ended by itself; null where a person did it, or nobody has.</param>
/// <param name="Effects">What each of them loses and gains; of who takes it once somebody does.</param>
public sealed record SwapView(
    Guid Id, long Version, Guid ProjectId, Guid RosterId, Guid AgentId, RosterShift Shift, Guid? ToAgentId, bool InReturn, Guid? TakerId,
    RosterShift? TakerShift, SwapStatus Status, string? DecidedBecause, IReadOnlyList<SwapEffect> Effects)
{
    public static SwapView Of(ShiftSwap swap) => new(
        swap.Id, swap.Version, swap.ProjectId, swap.RosterId, swap.AgentId, swap.Shift, swap.ToAgentId, swap.InReturn, swap.TakerId,
        swap.TakerShift, swap.Status, swap.DecidedBecause,
        [
            SwapEffect.Of(swap.AgentId, swap.Shift, swap.TakerShift),
            .. swap.TakerId is { } taker ? [SwapEffect.Of(taker, swap.TakerShift, swap.Shift)] : Array.Empty<SwapEffect>(),
        ]);
}

/// <summary>What a swap comes to for one of the two.</summary>
/// <param name="Loses">The shift that they work no more; null where none is.</param>
/// <param name="Gains">The shift that they work instead, or as well; null where none is, or it is not known yet.</param>
/// <param name="Hours">Paid hours more; less where negative.</param>
public sealed record SwapEffect(Guid AgentId, RosterShift? Loses, RosterShift? Gains, decimal Hours)
{
    public static SwapEffect Of(Guid agentId, RosterShift? loses, RosterShift? gains) =>
        new(agentId, loses, gains, Math.Round((gains?.PaidHours ?? 0) - (loses?.PaidHours ?? 0), 2));
}

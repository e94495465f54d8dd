namespace CallCenter.Planning.Rostering;

/// <summary>What the rules remember after a day.</summary>
/// <param name="DaysOff">In a row, 0 after work, as far as a cost can tell them apart.</param>
internal readonly record struct RuleState(RuleCounts Counts, int DaysOff)
{
    /// <param name="shift">Null for a day off.</param>
    /// <returns>Null where a rule forbids the day.</returns>
    public RuleState? After(RuleSlot[] slots, int day, ShiftOption? shift)
    {
        var (counts, workedBefore) = (Counts, day > 0 && DaysOff == 0);
        foreach (var slot in slots)
        {
            var count = slot.Rule.After(slot.Get(counts), day, workedBefore, shift);
            if (count == RuleCount.Refused)
                return null;
            slot.Set(ref counts, count);
        }

        return new(counts, shift is null ? Math.Min(2, DaysOff + 1) : 0);
    }
}

/// <summary>States that are reached from others, each once.</summary>
internal sealed class ReachedStates
{
    private readonly List<RuleState> states = [];
    private readonly Dictionary<RuleState, int> known = [];

    public RuleState[] All => [.. states];

    /// <summary>The number of a state; -1 where a rule forbids the way there.</summary>
    public int Of(RuleState? reached)
    {
        if (reached is not { } state)
            return -1;
        if (!known.TryGetValue(state, out var at))
        {
            known[state] = at = states.Count;
            states.Add(state);
        }

        return at;
    }
}

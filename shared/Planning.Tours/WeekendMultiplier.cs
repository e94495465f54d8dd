namespace CallCenter.Planning.Tours;

/// <summary>
/// A multiplier for each weekend at work that makes them as rare as the rule asks (Lagrangian relaxation): a tour of just so many weekends
/// that
/// is the cheapest at a multiplier is the cheapest of all. Kept from search to search, since multipliers change little.
/// </summary>
internal sealed class WeekendMultiplier(int most)
{
    private const float Apart = 1.5f;
    private const float Near = 0.02f;
    private const float Forbidding = 1e6f;

    private float low;
    private float high;

    public float Value { get; private set; }

    public void Begin() => (low, high) = (0, float.PositiveInfinity);

    /// <summary>Goes on to the next multiplier.</summary>
    /// <returns>False when none can make a better tour.</returns>
    public bool Next(int weekends)
    {
        if (weekends == most || (weekends < most && Value == 0))
            return false;

        (low, high) = weekends > most ? (Value, high) : (low, Value);
        if (high - low < Near * high)
            return false;

        Value = float.IsPositiveInfinity(high) ? Apart * Value + 1 : low > 0 ? (low + high) / 2 : high > Near ? high / Apart : 0;
        return true;
    }

    public void Forbid() => Value = Forbidding;

    public void Return(float value) => Value = value;
}

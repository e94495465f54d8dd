namespace CallCenter.Planning;

/// <summary>
/// What the engine takes at most, so that no sum or search of it goes on for longer than anybody waits: beyond these lies no call centre.
/// </summary>
internal static class Bounds
{
    /// <summary>Seconds of a wait, a patience, a handle time or an interval: some thirty years.</summary>
    public const double Seconds = 1e9;

    /// <summary>Calls in an interval.</summary>
    public const double Calls = 1e9;

    /// <summary>Agents or lines whose states are summed.</summary>
    public const int Agents = 1_000_000;

    /// <summary>Terms of one sum.</summary>
    public const int Terms = 10_000_000;

    /// <summary>Steps that one interval is followed in.</summary>
    public const int Steps = 100_000;

    /// <summary>Calls in all that are drawn for one simulated day.</summary>
    public const double SimulatedCalls = 1_000_000;

    public static void CheckAgents(int agents)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(agents);
        if (agents > Agents)
            throw new PlanningException("agents-out-of-range", $"There are at most {Agents:N0} agents or lines.");
    }
}

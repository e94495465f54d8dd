namespace CallCenter.Planning.Rostering;

/// <summary>How many of each team work each kind of shift on each day while the search changes them.</summary>
internal sealed class TeamKinds(RosterProblem problem)
{
    private static readonly int Kinds = Enum.GetValues<ShiftKind>().Length;

    private readonly Dictionary<Guid, int[]> working = problem.Weights.TeamApart == 0 ? []
        : problem.Agents.Select(a => a.Team).OfType<Guid>()
        .Distinct().ToDictionary(team => team, _ => new int[problem.Days * Kinds]);

    /// <summary>What the shift would cost beside those of the agent's team that work on the day now.</summary>
    public double Apart(RosterAgent agent, ShiftOption shift)
    {
        if (!Counted(agent, out var counts))
            return 0;
        var today = counts.AsSpan(shift.Day * Kinds, Kinds);
        return today[(int)shift.Kind] < Most(today) ? problem.Weights.TeamApart : 0;
    }

    public void Add(RosterAgent agent, ShiftOption shift, int sign)
    {
        if (Counted(agent, out var counts))
            counts[shift.Day * Kinds + (int)shift.Kind] += sign;
    }

    public double Cost()
    {
        var apart = 0;
        foreach (var counts in working.Values)
            for (var day = 0; day < problem.Days; day++)
            {
                var today = counts.AsSpan(day * Kinds, Kinds);
                foreach (var count in today)
                    apart += count;
                apart -= Most(today);
            }
        return apart * problem.Weights.TeamApart;
    }

    private bool Counted(RosterAgent agent, out int[] counts)
    {
        counts = [];
        return agent.Team is { } team && working.TryGetValue(team, out counts!);
    }

    private static int Most(ReadOnlySpan<int> counts)
    {
        var most = 0;
        foreach (var count in counts)
            most = Math.Max(most, count);
        return most;
    }
}

namespace CallCenter.Planning.Tours;

/// <summary>A tour that an agent may be given.</summary>
/// <param name="Cost">Of its requests.</param>
internal sealed record TourColumn(int Agent, int[] Tour, int Cost);

/// <summary>The different tours that a search came by, of each agent the latest.</summary>
internal sealed class TourColumns(IReadOnlyList<TourPath> paths)
{
    private const int MostOfAnAgent = 400;

    private readonly HashSet<(int, ulong, ulong)> known = [];
    private readonly List<TourColumn>[] byAgent = [.. paths.Select(_ => new List<TourColumn>())];

    public IReadOnlyList<TourColumn> Of(int agent) => byAgent[agent];

    public TourColumn Add(int agent, ReadOnlySpan<int> tour)
    {
        var columns = byAgent[agent];
        if (!known.Add(Key(agent, tour)))
            foreach (var column in columns)
                if (tour.SequenceEqual(column.Tour))
                    return column;

        if (columns.Count >= MostOfAnAgent)
        {
            foreach (var old in columns.Take(MostOfAnAgent / 2))
                known.Remove(Key(agent, old.Tour));
            columns.RemoveRange(0, MostOfAnAgent / 2);
        }

        var added = new TourColumn(agent, tour.ToArray(), paths[agent].Graph.RequestCost(tour));
        columns.Add(added);
        return added;
    }

    private static (int, ulong, ulong) Key(int agent, ReadOnlySpan<int> tour)
    {
        var (one, other) = (14695981039346656037UL, 88172645463325252UL);
        foreach (var shift in tour)
        {
            one = (one ^ (uint)(shift + 2)) * 1099511628211UL;
            other = (other + (uint)(shift + 2)) * 6364136223846793005UL + 1442695040888963407UL;
        }

        return (agent, one, other);
    }
}

namespace CallCenter.Planning.Simulation;

/// <summary>Agents with the same skills in the same order are interchangeable: routing looks at pools, not at people.</summary>
internal sealed class AgentPools
{
    /// <param name="agents">Those of the centre.</param>
    public AgentPools(IReadOnlyList<SimulatedAgent> agents, int streams)
    {
        PoolOf = new int[agents.Count];
        var pools = new List<IReadOnlyList<AgentSkill>>();

        for (var agent = 0; agent < agents.Count; agent++)
        {
            var skills = agents[agent].Skills;
            var pool = pools.FindIndex(p => ReferenceEquals(p, skills) || p.SequenceEqual(skills));
            if (pool < 0)
            {
                pool = pools.Count;
                pools.Add(skills);
            }

            PoolOf[agent] = pool;
        }

        Skills = [.. pools.Select(skills => skills.OrderBy(s => s.Priority).ToArray())];
        ForStream = [.. Enumerable.Range(0, streams).Select(stream => Skills
            .SelectMany((skills, pool) =>
                skills.Where(s => s.Stream == stream).Select(s => new PoolForStream(pool, s.Rank, s.AfterSeconds)))
            .OrderBy(p => p.Rank).ToArray())];
        Overflows = [.. ForStream.Select(p => p.Select(x => x.AfterSeconds).Where(s => s > 0).Distinct().Order().ToArray())];
    }

    public int Count => Skills.Length;

    /// <summary>By agent.</summary>
    public int[] PoolOf { get; }

    /// <summary>By pool, in order of priority.</summary>
    public AgentSkill[][] Skills { get; }

    /// <summary>By stream, in order of rank.</summary>
    public PoolForStream[][] ForStream { get; }

    /// <summary>By stream: waits after which further pools may take the call.</summary>
    public double[][] Overflows { get; }
}

internal readonly record struct PoolForStream(int Pool, int Rank, double AfterSeconds);

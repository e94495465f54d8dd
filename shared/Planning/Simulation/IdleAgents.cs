namespace CallCenter.Planning.Simulation;

/// <summary>Who is free, by pool, in the order of becoming so.</summary>
internal sealed class IdleAgents(AgentPools pools, int agents)
{
    private readonly Queue<(int Agent, int Turn)>[] queues = [.. Enumerable.Range(0, pools.Count).Select(_ => new Queue<(int, int)>())];
    private readonly int[] counts = new int[pools.Count];
    private readonly double[] since = new double[agents];
    private readonly int[] turns = new int[agents];

    public void Add(int agent, double now)
    {
        var pool = pools.PoolOf[agent];
        since[agent] = now;
        queues[pool].Enqueue((agent, ++turns[agent]));
        counts[pool]++;
    }

    public void Remove(int agent)
    {
        turns[agent]++;
        counts[pools.PoolOf[agent]]--;
    }

    /// <returns>-1 when nobody is free.</returns>
    public int Longest(int pool)
    {
        if (counts[pool] == 0)
            return -1;

        // Entries of agents who have since gone are out of date.
        while (queues[pool].Peek() is var (agent, turn) && turns[agent] != turn)
            queues[pool].Dequeue();

        return queues[pool].Peek().Agent;
    }

    /// <summary>Of those who may take a call that has waited so long, by rank, then by time free.</summary>
    /// <returns>-1 when there is none.</returns>
    public int Take(int stream, double waited)
    {
        var (best, bestRank, bestSince) = (-1, int.MaxValue, double.MaxValue);

        foreach (var (pool, rank, after) in pools.ForStream[stream])
        {
            if (rank > bestRank)
                break;
            if (after <= waited + 1e-9 && Longest(pool) is var agent and >= 0 && since[agent] < bestSince)
                (best, bestRank, bestSince) = (agent, rank, since[agent]);
        }

        if (best >= 0)
            Remove(best);
        return best;
    }
}

namespace CallCenter.Planning.Tours;

/// <summary>
/// Takes two or three agents out and gives each the cheapest tour beside what the others cover (ruin and recreate, Schrimpf et al.
/// 2000); a worse roster is accepted as in simulated annealing, less and less often.
/// </summary>
internal static class RuinAndRecreate
{
    private const int MostAgents = 3;

    /// <param name="hot">Cost by which a roster may well be worse at the beginning.</param>
    /// <param name="cold">At the end.</param>
    /// <param name="rounds">Ends it before the limit.</param>
    public static void Run(TourRun run, double until, double hot, double cold, long rounds = long.MaxValue)
    {
        var (state, random, began, first) = (run.State, run.Random, run.Used, run.Rounds);
        var order = Enumerable.Range(0, state.Agents).ToArray();
        var saved = Enumerable.Range(0, MostAgents).Select(_ => new int[run.Problem.Days]).ToArray();

        while (run.Used is var used && used < until && run.Rounds - first < rounds)
        {
            var heat = hot * Math.Pow(cold / hot, Math.Max((used - began) / (until - began), (run.Rounds - first) / (double)rounds));
            var count = Math.Min(state.Agents, 2 + random.Next(MostAgents - 1));
            var before = state.Cost;
            for (var i = 0; i < count; i++)
            {
                var j = random.Next(i, order.Length);
                (order[i], order[j]) = (order[j], order[i]);
                state.Tour(order[i]).CopyTo(saved[i]);
            }

            for (var i = 0; i < count; i++)
                state.Remove(order[i]);
            for (var i = count - 1; i >= 0; i--)
                state.Insert(order[i]);

            run.Count();
            if (state.Cost <= before || random.NextDouble() < Math.Exp((before - state.Cost) / heat))
            {
                // Tours of late rounds make good columns.
                for (var i = 0; i < count && heat < 3 * cold; i++)
                    run.Pool.Add(order[i], state.Tour(order[i]));
                run.Keep();
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                state.Remove(order[i]);
                state.Insert(order[i], saved[i]);
            }
        }
    }
}

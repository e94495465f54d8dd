namespace CallCenter.Planning.Tours;

/// <summary>
/// Solves the tours of some agents together, beside all others as they are: columns are generated for them, which mostly shows that
/// nothing can be gained. Otherwise a few agents get the exactly best choice of the columns, many a dive.
/// </summary>
/// <param name="choose">Few agents, and exactly.</param>
internal sealed class Neighbourhoods(TourRun run, ColumnGeneration generation, bool choose)
{
    private const int StartColumns = 10;
    private const int ColumnsToChoose = 60;
    private const double Exactness = 1e-4;
    private const double Seconds = 0.3;

    private readonly int[] order = [.. Enumerable.Range(0, run.State.Agents)];
    private readonly double fewest = Math.Min(choose ? 4 : 12, run.State.Agents);
    private readonly double most = Math.Min(choose ? 60 : 100, run.State.Agents);
    private double size = Math.Min(choose ? 8 : 20, run.State.Agents);

    public void Run(double until)
    {
        while (run.Used < Math.Min(1, until))
        {
            run.Random.Shuffle(order);
            size = Math.Clamp(size * (Solve([.. order.Take((int)size)]) ? 1.1 : 0.97), fewest, most);
        }
    }

    /// <returns>False when something better may be there that was not found.</returns>
    private bool Solve(int[] agents)
    {
        var state = run.State;
        var before = state.Cost;
        var now = agents.ToDictionary(a => a, a => run.Pool.Add(a, state.Tour(a)));
        foreach (var agent in agents)
            state.Remove(agent);

        // Of what remains, the master sees the cover and not the requests.
        var cost = before - (state.Cost - state.Cover.Cost);
        var staff = state.Cover.Staff.ToArray();
        var master = TourMaster.For(run.Problem, now.Values, staff, run.Random);
        foreach (var agent in agents)
            foreach (var (column, _) in generation.ByReducedCost(run.Pool.Of(agent)).Take(StartColumns))
                master.Add(column);
        master.Begin(generation.Duals, null);

        var solved = !generation.Run(master, staff, cost - 1, int.MaxValue, 1, Exactness) || generation.Bound > cost - 1 + 1e-3;
        var better = default(Dictionary<int, TourColumn>);
        if (!solved && choose)
        {
            var near = agents.SelectMany(a => Near(a, cost - 1 - generation.Bound)).Concat(now.Values).Distinct().ToList();
            (better, solved) = TourChoice.Best(run.Problem, near, staff, now, cost, Seconds, run.Random.Next());
        }
        else if (!solved)
        {
            Dive.Run(run, generation, master, 1);
            if (state.Cost < before)
                return true;
            foreach (var agent in agents)
                state.Remove(agent);
        }

        foreach (var agent in agents)
            state.Insert(agent, (better?[agent] ?? now[agent]).Tour);
        // Columns know nothing of teams.
        if (state.Cost > before)
            foreach (var agent in agents)
            {
                state.Remove(agent);
                state.Insert(agent, now[agent].Tour);
            }

        run.Keep();
        return solved;
    }

    // A roster cheaper than this one has no column that costs more beyond the cheapest than the gap to the bound.
    private IEnumerable<TourColumn> Near(int agent, double gap)
    {
        var reduced = generation.ByReducedCost(run.Pool.Of(agent));
        return reduced.TakeWhile(c => c.Reduced - reduced[0].Reduced <= gap + 1e-3).Take(ColumnsToChoose).Select(c => c.Column);
    }
}

namespace CallCenter.Planning.Rostering.Tours;

/// <summary>
/// Solves the tours of a few agents together, beside all others as they are: columns are generated for them, which mostly shows that
/// nothing can be gained, and otherwise the best choice of columns is looked for exactly.
/// </summary>
internal sealed class Neighbourhoods(TourRun run, ColumnGeneration generation)
{
    private const int Fewest = 4;
    private const int Most = 60;
    private const int StartColumns = 10;
    private const int ColumnsToChoose = 60;
    private const double Seconds = 0.3;

    private readonly int[] order = [.. Enumerable.Range(0, run.State.Agents)];
    private double size = 8;

    public int Tried { get; private set; }

    public int Hopeless { get; private set; }

    public void Run(double until)
    {
        while (run.Used < until)
        {
            run.Random.Shuffle(order);
            var began = run.Rounds;
            Solve([.. order.Take((int)size)], until);
            size = Math.Clamp(size * (run.Rounds - began < RoundsAimedAt ? 1.05 : 0.95), Math.Min(Fewest, order.Length), Math.Min(Most, order.Length));
        }
    }

    private const int RoundsAimedAt = 40;

    private void Solve(int[] agents, double until)
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
            foreach (var column in run.Pool.Of(agent).TakeLast(StartColumns))
                master.Add(column);

        generation.Run(master, staff, cost - 1, int.MaxValue, until);
        Tried++;
        var better = default(Dictionary<int, TourColumn>);
        if (generation.Bound > cost - 1 + 1e-3)
            Hopeless++;
        else
        {
            var near = agents.SelectMany(a => Near(a, cost - 1 - generation.Bound)).Concat(now.Values).Distinct().ToList();
            better = TourChoice.Best(run.Problem, near, staff, now, cost, Seconds, run.Random.Next());
        }

        foreach (var agent in agents)
            state.Insert(agent, (better?[agent] ?? now[agent]).Tour);
        run.Keep();
    }

    // A roster cheaper than this one has no column that costs more beyond the cheapest than the gap to the bound.
    private IEnumerable<TourColumn> Near(int agent, double gap)
    {
        var reduced = run.Pool.Of(agent).Select(c => (Column: c, Reduced: generation.Reduced(c))).OrderBy(c => c.Reduced).ToList();
        return reduced.TakeWhile(c => c.Reduced - reduced[0].Reduced <= gap + 1e-3).Take(ColumnsToChoose).Select(c => c.Column);
    }
}

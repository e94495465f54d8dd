namespace CallCenter.Planning.Tours;

/// <summary>
/// Makes a roster of a fractional solution: decides on the tours of the largest primal values and generates columns anew for the
/// agents that remain, until one tour is decided for each (diving heuristic).
/// </summary>
internal static class Dive
{
    private const int Rounds = 15;
    private const int ColumnsKept = 30;
    private const double Exactness = 1e-3;
    private const double Whole = 0.999;
    private const double Majority = 0.5;
    private const double MostAtOnce = 0.12;
    private const double FewestAtOnce = 0.03;

    /// <summary>Where the limit comes first, the agents that remain get the cheapest tours one by one.</summary>
    public static void Run(TourRun run, ColumnGeneration generation, TourMaster master, double until)
    {
        var state = run.State;
        foreach (var agent in master.Agents)
            state.Remove(agent);

        var part = FewestAtOnce;
        while (true)
        {
            var began = run.Used;
            var decided = Decide(master, part);
            foreach (var column in decided)
                state.Insert(column.Agent, column.Tour);

            var open = master.Agents.Except(decided.Select(c => c.Agent)).ToHashSet();
            if (open.Count == 0)
                break;

            // The master of the agents that remain starts from the columns that came closest.
            var primal = master.Columns.Select((c, i) => (c, Value: master.PrimalValue(i))).ToDictionary(c => c.c, c => c.Value);
            var near = master.Columns.Where(c => open.Contains(c.Agent)).GroupBy(c => c.Agent)
                .Select(g => generation.ByReducedCost(g).Take(ColumnsKept).Select(c => c.Column).ToList()).ToList();
            var staff = state.Cover.Staff.ToArray();
            master = TourMaster.For(run.Problem, [.. near.Select(c => c[0])], staff, run.Random);
            foreach (var column in near.SelectMany(c => c))
                master.Add(column);
            master.Begin(generation.Duals, primal);

            if (!generation.Run(master, staff, double.PositiveInfinity, Rounds, until, Exactness) && run.Used >= until)
            {
                foreach (var agent in open.Order())
                    state.Insert(agent);
                break;
            }

            // As many at once as leave time to decide on all.
            part = Math.Clamp(2 * (run.Used - began) / Math.Max(1e-9, until - run.Used), FewestAtOnce, 0.3);
        }

        run.Keep();
    }

    private static List<TourColumn> Decide(TourMaster master, double part)
    {
        var fewest = Math.Max(1, part * master.Agents.Count);
        var most = Math.Max(fewest, MostAtOnce * master.Agents.Count);
        var decided = new Dictionary<int, TourColumn>();
        foreach (var (column, value) in master.Columns.Select((c, i) => (Column: c, Value: master.PrimalValue(i)))
            .OrderByDescending(c => c.Value))
        {
            if (decided.Count >= fewest && value < Whole && (decided.Count >= most || value < Majority))
                break;
            decided.TryAdd(column.Agent, column);
        }

        return [.. decided.Values];
    }
}

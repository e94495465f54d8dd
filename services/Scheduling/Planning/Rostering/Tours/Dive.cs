namespace CallCenter.Planning.Rostering.Tours;

/// <summary>
/// Makes a roster of a mixture of tours: decides on those that have the largest shares and generates columns anew for the
/// agents that remain, until one tour is decided for each (diving heuristic).
/// </summary>
internal static class Dive
{
    private const int Rounds = 15;
    private const int ColumnsKept = 30;
    private const double Whole = 0.999;
    private const double Majority = 0.5;
    private const double MostAtOnce = 0.12;

    /// <summary>Where the limit comes first, the agents that remain get the cheapest tours one by one.</summary>
    public static void Run(TourRun run, ColumnGeneration generation, TourMaster master, double until)
    {
        var state = run.State;
        foreach (var agent in master.Agents)
            state.Remove(agent);

        while (true)
        {
            var decided = Decide(master);
            foreach (var column in decided)
                state.Insert(column.Agent, column.Tour);

            var open = master.Agents.Except(decided.Select(c => c.Agent)).ToHashSet();
            if (open.Count == 0)
                break;

            // The master of the agents that remain starts from the columns that came closest.
            var near = master.Columns.Where(c => open.Contains(c.Agent)).Select(c => (Column: c, Reduced: generation.Reduced(c)))
                .GroupBy(c => c.Column.Agent).Select(g => g.OrderBy(c => c.Reduced).Take(ColumnsKept).Select(c => c.Column).ToList()).ToList();
            var staff = state.Cover.Staff.ToArray();
            master = TourMaster.For(run.Problem, [.. near.Select(c => c[0])], staff, run.Random);
            foreach (var column in near.SelectMany(c => c))
                master.Add(column);

            if (generation.Run(master, staff, double.PositiveInfinity, Rounds, until) || run.Used < until)
                continue;
            foreach (var agent in open.Order())
                state.Insert(agent);
            break;
        }

        run.Keep();
    }

    private static List<TourColumn> Decide(TourMaster master)
    {
        var most = Math.Max(1, (int)(MostAtOnce * master.Agents.Count));
        var decided = new Dictionary<int, TourColumn>();
        foreach (var (column, share) in master.Columns.Select((c, i) => (Column: c, Share: master.Share(i))).OrderByDescending(c => c.Share))
        {
            if (decided.Count > 0 && share < Whole && (decided.Count >= most || share < Majority))
                break;
            decided.TryAdd(column.Agent, column);
        }

        return [.. decided.Values];
    }
}

namespace CallCenter.Planning.Rostering.Tours;

/// <summary>
/// Makes a roster of a mixture of tours: decides on those that have the largest shares and generates columns anew for the
/// agents that remain, until one tour is decided for each (diving heuristic).
/// </summary>
internal static class Dive
{
    private const int Rounds = 15;
    private const double Whole = 0.999;
    private const double Majority = 0.5;

    /// <returns>False when the limit came first; the state then has the tours it had.</returns>
    public static bool Run(TourRun run, ColumnGeneration generation, TourMaster master, int[] staff, double until)
    {
        var chosen = new Dictionary<int, TourColumn>();
        while (chosen.Count < master.Agents.Count)
        {
            if (run.Used >= until || master.Solve(() => run.Used < until) is null)
                return false;

            var shares = master.Columns.Select((c, i) => (Column: c, Share: master.Share(i)))
                .Where(c => !chosen.ContainsKey(c.Column.Agent)).OrderByDescending(c => c.Share).ToList();
            var most = Math.Max(1, (master.Agents.Count - chosen.Count) / 10);
            var taken = 0;
            foreach (var (column, share) in shares)
            {
                if ((taken >= most && share < Whole) || (taken > 0 && share < Majority))
                    break;
                if (!chosen.TryAdd(column.Agent, column))
                    continue;
                master.Fix(column);
                taken++;
            }

            generation.Run(master, staff, chosen.Keys, double.PositiveInfinity, Rounds, until);
        }

        foreach (var agent in master.Agents)
            run.State.Remove(agent);
        foreach (var (agent, column) in chosen)
            run.State.Insert(agent, column.Tour);
        run.Keep();
        return true;
    }
}

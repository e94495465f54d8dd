namespace CallCenter.Planning.Rostering;

/// <summary>Who is at work by a fractional solution, in minutes of each row of the need.</summary>
internal sealed class FractionalStaff
{
    private readonly Dictionary<int, List<(AgentPlan Plan, double Value)>> of;
    private readonly Dictionary<int, double> minutes = [];
    private readonly DaySpan span;

    /// <param name="agents">Those who have no days yet.</param>
    public FractionalStaff(RosterColumns solution, DaySpan span, IReadOnlyList<int> agents)
    {
        this.span = span;
        of = agents.ToDictionary(agent => agent, _ => new List<(AgentPlan, double)>());
        foreach (var (at, column) in solution.Columns.Index())
            if (solution.PrimalValue(at) is > 0 and var value && of.TryGetValue(column.Agent, out var plans))
                plans.Add((column.Plan, value));
        foreach (var agent in agents)
            Count(agent, 1);
    }

    /// <summary>The agent has days now.</summary>
    public void Without(int agent) => Count(agent, -1);

    /// <summary>Inserts an agent while the others are counted in the cover.</summary>
    public bool Beside(CoverCost cover, Func<bool> insert)
    {
        (int Row, int Minutes)[] whole = [.. minutes.Select(m => (m.Key, (int)Math.Round(m.Value))).Where(m => m.Item2 != 0)];
        foreach (var (row, staff) in whole)
            cover.Add(row, staff);
        var inserted = insert();
        foreach (var (row, staff) in whole)
            cover.Add(row, -staff);
        return inserted;
    }

    private void Count(int agent, int sign)
    {
        foreach (var (plan, value) in of[agent])
            for (var day = span.From; day < span.To; day++)
                foreach (var (row, present) in plan.Days[day]?.Work ?? [])
                    minutes[row] = minutes.GetValueOrDefault(row) + sign * value * present;
    }
}

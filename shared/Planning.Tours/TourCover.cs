namespace CallCenter.Planning.Tours;

/// <summary>Agents at work in each period of the horizon while a search changes them, and what one more or less would cost.</summary>
internal sealed class TourCover
{
    private readonly TourProblem problem;
    private readonly int[] required;
    private readonly int[] under;
    private readonly int[] over;
    private readonly int[] staff;
    private readonly long[] sums;

    public TourCover(TourProblem problem)
    {
        this.problem = problem;
        // A shift of the last day may reach beyond the horizon, where nothing is needed.
        var beyond = problem.Shifts.SelectMany(s => s.Work).Select(w => w.To).DefaultIfEmpty(0).Max();
        Periods = problem.Days * problem.Periods + beyond;
        (required, under, over, staff, sums) =
            (new int[Periods], new int[Periods], new int[Periods], new int[Periods], new long[Periods + 1]);
        foreach (var need in problem.Needs)
        {
            var at = need.Day * problem.Periods + need.Period;
            (required[at], under[at], over[at]) = (need.Required, need.Under, need.Over);
            Cost += (long)need.Required * need.Under;
        }
    }

    public int Periods { get; }

    public long Cost { get; private set; }

    public ReadOnlySpan<int> Staff => staff;

    public void Add(ReadOnlySpan<int> tour)
    {
        for (var day = 0; day < tour.Length; day++)
            if (tour[day] >= 0)
                foreach (var span in problem.Shifts[tour[day]].Work)
                    for (var at = day * problem.Periods + span.From; at < day * problem.Periods + span.To; at++)
                        Cost += staff[at]++ < required[at] ? -under[at] : over[at];
    }

    public void Remove(ReadOnlySpan<int> tour)
    {
        for (var day = 0; day < tour.Length; day++)
            if (tour[day] >= 0)
                foreach (var span in problem.Shifts[tour[day]].Work)
                    for (var at = day * problem.Periods + span.From; at < day * problem.Periods + span.To; at++)
                        Cost += --staff[at] < required[at] ? under[at] : -over[at];
    }

    /// <summary>What each shift would cost the agent and the cover now, by day and shift; infinite where it is not allowed.</summary>
    public void MarginalCosts(AgentGraph graph, float[] cost)
    {
        for (var at = 0; at < Periods; at++)
            sums[at + 1] = sums[at] + (staff[at] < required[at] ? -under[at] : over[at]);

        Array.Fill(cost, float.PositiveInfinity);
        foreach (var shift in graph.Shifts)
            for (var (day, i) = (0, shift); day < problem.Days; day++, i += problem.Shifts.Length)
            {
                if (!graph.Allows(day, shift))
                    continue;
                var sum = (long)graph.Preference[i];
                foreach (var span in problem.Shifts[shift].Work)
                    sum += sums[day * problem.Periods + span.To] - sums[day * problem.Periods + span.From];
                cost[i] = sum;
            }
    }
}

using System.Collections.Immutable;

namespace CallCenter.Planning.Tours;

/// <summary>A roster while it changes: the tour of each agent, the cover they give together, and what that costs.</summary>
internal sealed class TourState
{
    private readonly TourProblem problem;
    private readonly TourLabels labels = new();
    private readonly float[] cost;
    private readonly int[][] tours;
    private readonly long[] requests;
    private readonly TeamCover teams;
    private long asked;

    public TourState(TourProblem problem, TourPath[] paths)
    {
        (this.problem, Paths) = (problem, paths);
        Cover = new(problem);
        teams = new(problem);
        cost = new float[problem.Days * problem.Shifts.Length];
        tours = [.. paths.Select(_ => new int[problem.Days])];
        foreach (var tour in tours)
            Array.Fill(tour, TourRoster.Off);
        requests = new long[paths.Length];
    }

    public TourPath[] Paths { get; }

    public TourCover Cover { get; }

    public long Cost => Cover.Cost + asked + teams.Cost;

    public int Agents => Paths.Length;

    public ReadOnlySpan<int> Tour(int agent) => tours[agent];

    /// <summary>Gives an agent who has none the cheapest tour beside what the others cover.</summary>
    /// <returns>False when the agent has no tour at all.</returns>
    public bool Insert(int agent)
    {
        Cover.MarginalCosts(Paths[agent].Graph, cost);
        teams.AddMarginalCosts(agent, cost);
        if (float.IsPositiveInfinity(Paths[agent].Cheapest(cost, labels, tours[agent])))
            return false;
        Enter(agent);
        return true;
    }

    public void Insert(int agent, ReadOnlySpan<int> tour)
    {
        tour.CopyTo(tours[agent]);
        Enter(agent);
    }

    public void Remove(int agent)
    {
        Cover.Remove(tours[agent]);
        teams.Remove(agent, tours[agent]);
        asked -= requests[agent];
        requests[agent] = 0;
        Array.Fill(tours[agent], TourRoster.Off);
    }

    public void Return(TourRoster roster)
    {
        for (var agent = 0; agent < Agents; agent++)
        {
            if (roster.Tours[agent].AsSpan().SequenceEqual(tours[agent]))
                continue;
            Remove(agent);
            Insert(agent, roster.Tours[agent].AsSpan());
        }
    }

    public TourRoster Roster() => new([.. tours.Select(t => t.ToImmutableArray())]);

    private void Enter(int agent)
    {
        Cover.Add(tours[agent]);
        teams.Add(agent, tours[agent]);
        requests[agent] = Paths[agent].Graph.RequestCost(tours[agent]);
        asked += requests[agent];
    }
}

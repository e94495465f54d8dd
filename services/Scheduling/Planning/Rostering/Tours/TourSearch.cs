using System.Collections.Immutable;
using System.Diagnostics;

namespace CallCenter.Planning.Rostering.Tours;

/// <param name="Found">When the roster that is best so far was found, counted from the start.</param>
public sealed record TourProgress(TimeSpan Found, long Rounds, long Cost);

/// <param name="Roster">Null when an agent has no tour.</param>
public sealed record TourResult(TourRoster? Roster, long Cost, long Rounds);

/// <summary>Ruin and recreate: takes a few agents out and puts each back with the cheapest tour beside what the others cover.</summary>
public sealed class TourSearch
{
    private readonly TourProblem problem;
    private readonly TourPath[] paths;
    private readonly TourCover cover;
    private readonly TourLabels labels = new();
    private readonly float[] cost;
    private readonly int[][] tours;
    private readonly long[] requests;

    public TourSearch(TourProblem problem)
    {
        this.problem = problem;
        var kinds = new ShiftKinds(problem);
        paths = [.. problem.Agents.Select(a => new TourPath(new AgentGraph(problem, kinds, a)))];
        cover = new(problem);
        cost = new float[problem.Days * problem.Shifts.Length];
        tours = [.. paths.Select(_ => new int[problem.Days])];
        requests = new long[paths.Length];
    }

    public TourResult Run(TimeSpan time, long maxRounds, int seed, double hot, double cold, int most, IProgress<TourProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var random = new Random(seed);
        foreach (var agent in Enumerable.Range(0, paths.Length))
            if (!Insert(agent, tours[agent]))
                return new(null, long.MaxValue, 0);

        var current = Total();
        var (best, least) = (Copy(), current);
        progress?.Report(new(clock.Elapsed, 0, least));
        var rounds = 0L;
        var saved = new int[most][];
        for (var i = 0; i < most; i++)
            saved[i] = new int[problem.Days];
        var fresh = new int[problem.Days];
        var chosen = new int[most];
        var all = Enumerable.Range(0, paths.Length).ToArray();

        while (rounds < maxRounds && clock.Elapsed < time)
        {
            cancellation.ThrowIfCancellationRequested();
            var share = Math.Max(clock.Elapsed / time, rounds / (double)maxRounds);
            var heat = hot * Math.Pow(cold / hot, share);
            var count = Math.Min(paths.Length, 2 + random.Next(most - 1));
            for (var i = 0; i < count; i++)
            {
                var j = random.Next(i, all.Length);
                (all[i], all[j]) = (all[j], all[i]);
                chosen[i] = all[i];
                Array.Copy(tours[all[i]], saved[i], problem.Days);
            }

            for (var i = 0; i < count; i++)
                Remove(chosen[i]);
            for (var i = count - 1; i >= 0; i--)
                Insert(chosen[i], tours[chosen[i]]);

            rounds++;
            var after = Total();
            if (after <= current || random.NextDouble() < Math.Exp((current - after) / heat))
            {
                current = after;
                if (current < least)
                {
                    (best, least) = (Copy(), current);
                    progress?.Report(new(clock.Elapsed, rounds, least));
                }
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                Remove(chosen[i]);
                Array.Copy(saved[i], tours[chosen[i]], problem.Days);
                Add(chosen[i]);
            }
        }

        return new(new([.. best.Select(t => t.ToImmutableArray())]), least, rounds);
    }

    private bool Insert(int agent, int[] tour)
    {
        cover.Price(paths[agent].Graph, cost);
        if (float.IsPositiveInfinity(paths[agent].Cheapest(cost, labels, tour)))
            return false;
        Add(agent);
        return true;
    }

    private void Add(int agent)
    {
        cover.Add(tours[agent]);
        requests[agent] = paths[agent].Graph.Refused;
        for (var day = 0; day < problem.Days; day++)
            if (tours[agent][day] >= 0)
                requests[agent] += paths[agent].Graph.Preference[day * problem.Shifts.Length + tours[agent][day]];
    }

    private void Remove(int agent) => cover.Remove(tours[agent]);

    private long Total() => cover.Cost + requests.Sum();

    private int[][] Copy() => [.. tours.Select(t => t.ToArray())];
}

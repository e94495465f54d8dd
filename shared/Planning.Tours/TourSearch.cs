using System.Collections.Immutable;
using CallCenter.Planning.Rostering;

namespace CallCenter.Planning.Tours;

/// <param name="Found">When the roster that is best so far was found, counted from the start.</param>
public sealed record TourProgress(TimeSpan Found, long Rounds, long Cost);

/// <param name="Roster">Null when an agent has no tour, or the limit came before each had one.</param>
/// <param name="Bound">What no roster can cost less than, teams apart not counted; null when it was not found.</param>
/// <param name="Conflicts">Which agents have no tour, and why.</param>
/// <param name="WithoutTour">Agents whose tour had not been looked for when the limit came.</param>
public sealed record TourResult(
    TourRoster? Roster, long Cost, double? Bound, long Rounds, ImmutableArray<TourConflict> Conflicts, int WithoutTour = 0);

/// <summary>
/// Finds tours for all agents. Two searches go on side by side: one takes agents out and puts them back all the time, the other
/// generates columns, makes a roster of them, and then betters it a few agents at a time. The better roster of the two counts.
/// </summary>
public static class TourSearch
{
    // Costs by which a roster may be worse and still be gone on from.
    private const double Hot = 10;
    private const double Warm = 3;
    private const double Cold = 1;

    // Parts of the limits after which a method ends.
    private const double Start = 0.15;
    private const long StartRoundsAnAgent = 10;
    private const double Generated = 0.5;
    private const double Dived = 0.75;
    private const double Slice = 0.03;

    private const int StartColumns = 20;
    private const double RootExactness = 1e-4;

    /// <summary>The best roster found within the limits.</summary>
    /// <exception cref="PlanningException">The problem is wrong: the codes of <see cref="TourInput.Check"/>, too-many-shift-classes,
    /// shift-without-minutes.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public static TourResult Solve(
        TourProblem problem, SearchLimits limits, IProgress<TourProgress>? progress, CancellationToken cancellation)
    {
        TourInput.Check(problem);
        var kinds = new ShiftKinds(problem);
        var best = new BestTours(limits.Clock, progress);
        var graphs = new AgentGraph[problem.Agents.Length];
        for (var agent = 0; agent < graphs.Length; agent++)
        {
            cancellation.ThrowIfCancellationRequested();
            graphs[agent] = new(problem, kinds, problem.Agents[agent]);
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        var run = new TourRun(problem, graphs, limits, best, cancellation);
        for (var agent = 0; agent < run.State.Agents; agent++)
        {
            if (run.Used >= 1)
                return new(null, long.MaxValue, null, 0, [], WithoutTour: run.State.Agents - agent);
            if (!run.State.Insert(agent))
                return new(null, long.MaxValue, null, 0, TourConflicts.Of(problem, run.Left, cancellation));
        }

        run.Keep();

        var other = new TourRun(problem, graphs, limits with { Seed = limits.Seed + 1 }, best, enough.Token);
        for (var agent = 0; agent < other.State.Agents; agent++)
            other.State.Insert(agent, run.State.Tour(agent));
        other.Keep();
        var beside = Task.Run(() => Perturb(other), CancellationToken.None);

        double? bound = null;
        try
        {
            RuinAndRecreate.Run(run, Start, Hot, Cold, StartRoundsAnAgent * run.State.Agents);
            var generation = new ColumnGeneration(run);
            (bound, var dived) = Root(run, generation);
            if (dived)
                Better(run, generation, bound);
            else
                RuinAndRecreate.Run(run, 1, Hot, Cold);
        }
        finally
        {
            if (IsBest(run.Least, bound) || cancellation.IsCancellationRequested)
                enough.Cancel();
            beside.Wait(CancellationToken.None);
        }

        var least = other.Least < run.Least ? other : run;
        return new(least.Best, least.Least, bound, run.Rounds + other.Rounds, []);
    }

    private static bool IsBest(long cost, double? bound) => bound is { } least && cost < least + 1 - 1e-3;

    private static void Perturb(TourRun run)
    {
        try
        {
            RuinAndRecreate.Run(run, 1, Hot, Cold);
        }
        catch (OperationCanceledException)
        {
            // The other search has the best roster there is, or throws itself.
        }
    }

    private static (double? Bound, bool Dived) Root(TourRun run, ColumnGeneration generation)
    {
        run.ReturnToBest();
        int[] agents = [.. Enumerable.Range(0, run.State.Agents)];
        var staff = new int[run.State.Cover.Periods];
        var master = TourMaster.For(run.Problem, [.. agents.Select(a => run.Pool.Add(a, run.State.Tour(a)))], staff, run.Random);
        foreach (var agent in agents)
            foreach (var column in run.Pool.Of(agent).TakeLast(StartColumns))
                master.Add(column);

        var whole = generation.Run(master, staff, double.PositiveInfinity, int.MaxValue, Generated, RootExactness);
        double? bound = whole || generation.Bound > 0 ? Math.Max(0, generation.Bound) : null;
        if (double.IsInfinity(generation.Value))
            return (bound, false);

        // A fractional solution that is not the best yet makes a roster too.
        Dive.Run(run, generation, master, Dived);
        return (bound, true);
    }

    private static void Better(TourRun run, ColumnGeneration generation, double? bound)
    {
        var (few, many) = (new Neighbourhoods(run, generation, choose: true), new Neighbourhoods(run, generation, choose: false));
        Action<double>[] methods = [few.Run, many.Run, until => RuinAndRecreate.Run(run, until, Warm, Cold)];
        var gains = new double[methods.Length];
        Array.Fill(gains, 1);
        while (run.Used < 1 && !IsBest(run.Least, bound))
        {
            run.ReturnToBest();
            var before = run.Least;
            var method = Array.IndexOf(gains, gains.Max());
            methods[method](run.Used + Slice);

            // What gained lately goes on; what did not is tried again now and then.
            for (var other = 0; other < gains.Length; other++)
                gains[other] = other == method ? 0.3 * gains[other] + (before - run.Least) : gains[other] * 1.1 + 0.1;
        }
    }
}

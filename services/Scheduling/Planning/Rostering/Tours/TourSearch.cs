using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering.Tours;

/// <param name="Found">When the roster that is best so far was found, counted from the start.</param>
public sealed record TourProgress(TimeSpan Found, long Rounds, long Cost);

/// <param name="Roster">Null when an agent has no tour.</param>
/// <param name="Conflicts">Which agents have none, and why.</param>
/// <param name="Bound">What no roster can cost less than; null when it was not found.</param>
public sealed record TourResult(TourRoster? Roster, long Cost, double? Bound, long Rounds, ImmutableArray<TourConflict> Conflicts);

/// <summary>Finds tours for all agents.</summary>
public static class TourSearch
{
    private const double Hot = 10;
    private const double Cold = 1;

    // Parts of the limits after which a method has to end.
    private const double FirstSearch = 0.15;
    private const double Generation = 0.45;
    private const double Diving = 0.7;
    private const double Slice = 0.03;

    /// <summary>The best roster found within the limits.</summary>
    /// <exception cref="PlanningException">The problem is wrong: the codes of <see cref="TourInput.Check"/>, too-many-shift-classes, shift-without-minutes.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public static TourResult Solve(
        TourProblem problem, SearchLimits limits, IProgress<TourProgress>? progress, CancellationToken cancellation, Action<string>? say = null)
    {
        TourInput.Check(problem);
        var kinds = new ShiftKinds(problem);
        var run = new TourRun(problem, [.. problem.Agents.Select(a => new TourPath(new AgentGraph(problem, kinds, a)))], limits, progress, cancellation);
        for (var agent = 0; agent < run.State.Agents; agent++)
            if (!run.State.Insert(agent))
                return new(null, long.MaxValue, null, 0, TourConflicts.Of(problem, limits.Time, cancellation));
        run.Keep();
        RuinAndRecreate.Run(run, FirstSearch, Hot, Cold);
        say?.Invoke($"  {run.Used:0.00} shaken {run.Least}");

        var generation = new ColumnGeneration(run);
        var bound = Root(run, generation, say);
        var near = new Neighbourhoods(run, generation);
        var (gainedNear, gainedFar) = (1.0, 1.0);
        while (run.Used < 1 && (bound is null || run.Least > bound + 1 - 1e-3))
        {
            run.ReturnToBest();
            var before = run.Least;
            var close = gainedNear >= gainedFar;
            if (close)
                near.Run(run.Used + Slice);
            else
                RuinAndRecreate.Run(run, run.Used + Slice, Cold * 3, Cold);

            // What gained lately goes on; what did not is tried again now and then.
            var gained = before - run.Least;
            (gainedNear, gainedFar) = close ? (0.3 * gainedNear + gained, gainedFar * 1.1 + 0.1) : (gainedNear * 1.1 + 0.1, 0.3 * gainedFar + gained);
            say?.Invoke($"  {run.Used:0.00} {(close ? "near" : "far")} {before} -> {run.Least} tried {near.Tried} hopeless {near.Hopeless}");
        }

        return new(run.Best, run.Least, bound, run.Rounds, []);
    }

    private static double? Root(TourRun run, ColumnGeneration generation, Action<string>? say)
    {
        run.ReturnToBest();
        int[] agents = [.. Enumerable.Range(0, run.State.Agents)];
        var staff = new int[run.State.Cover.Periods];
        var master = TourMaster.For(run.Problem, [.. agents.Select(a => run.Pool.Add(a, run.State.Tour(a)))], staff, run.Random);
        foreach (var agent in agents)
            foreach (var column in run.Pool.Of(agent).TakeLast(20))
                master.Add(column);

        var whole = generation.Run(master, staff, [], double.PositiveInfinity, int.MaxValue, Generation);
        double? bound = whole ? Math.Max(0, generation.Bound) : null;
        say?.Invoke($"  {run.Used:0.00} lp {generation.Value:0.0} bound {generation.Bound:0.0} whole {whole} columns {master.Columns.Count}");
        var dived = Dive.Run(run, generation, master, staff, Diving);
        say?.Invoke($"  {run.Used:0.00} dived {dived} {run.State.Cost} best {run.Least}");
        return bound;
    }
}

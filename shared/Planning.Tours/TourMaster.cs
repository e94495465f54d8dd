namespace CallCenter.Planning.Tours;

/// <summary>
/// The restricted master problem of column generation (Dantzig and Wolfe 1960): of the known tours of some agents one for each, or
/// a convex combination of them, so that cover costs the least beside the others. Its dual values say what one more agent is worth when.
/// </summary>
internal abstract class TourMaster
{
    // A dense inverse costs the square of its rows for each step.
    private const int MostDenseRows = 420;

    private readonly HashSet<TourColumn> known = new(ReferenceEqualityComparer.Instance);
    private readonly List<TourColumn> columns = [];

    /// <param name="start">A tour for each agent.</param>
    /// <param name="staff">Who is at work in each period besides these agents.</param>
    public static TourMaster For(TourProblem problem, IReadOnlyCollection<TourColumn> start, ReadOnlySpan<int> staff, Random random) =>
        start.Count + problem.Needs.Length > MostDenseRows ? new PrimalDualMaster(problem, start, staff)
            : new DenseMaster(problem, start, staff, random);

    public IReadOnlyList<TourColumn> Columns => columns;

    /// <summary>Whether a solution is the best combination, however little would have been enough.</summary>
    public abstract bool IsExact { get; }

    public abstract IReadOnlyList<int> Agents { get; }

    /// <returns>False when it is there already.</returns>
    public bool Add(TourColumn column)
    {
        if (!known.Add(column))
            return false;
        columns.Add(column);
        Enter(column);
        return true;
    }

    /// <summary>Where the solution of a problem much like this one was; a method that goes on from a basis has no use for it.</summary>
    /// <param name="primal">Of all columns; null when nothing is known of them.</param>
    public virtual void Begin(double[] duals, IReadOnlyDictionary<TourColumn, double>? primal)
    {
    }

    /// <param name="enough">How much more than the best combination the answer may cost.</param>
    /// <returns>What the combination costs; null when there was no time to find it.</returns>
    public abstract double? Solve(double enough, Func<bool> goesOn);

    public abstract void PeriodDuals(double[] duals);

    /// <summary>The dual of each of its agents' convexity row: below what reduced cost a tour is worth adding.</summary>
    public abstract void ConvexityDuals(double[] byAgent);

    /// <summary>The part that the column at this index has in the combination.</summary>
    public abstract double PrimalValue(int column);

    protected abstract void Enter(TourColumn column);

    /// <summary>Forgets all columns but those at these indices.</summary>
    protected void Keep(IReadOnlyList<int> kept)
    {
        TourColumn[] left = [.. kept.Select(i => columns[i])];
        columns.Clear();
        columns.AddRange(left);
        known.Clear();
        known.UnionWith(left);
    }
}

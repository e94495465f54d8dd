namespace CallCenter.Planning.Rostering.Tours;

/// <summary>
/// The restricted master problem of column generation (Dantzig and Wolfe 1960): of the known tours of some agents one for each, or
/// a mixture of them, so that cover costs the least beside the others. Its dual values say what one more agent is worth when.
/// </summary>
internal abstract class TourMaster
{
    // A dense inverse goes on from its last basis and costs its square for each step; beyond some hundred rows most of it is zeros.
    private const int MostDenseRows = 420;

    private readonly HashSet<TourColumn> known = new(ReferenceEqualityComparer.Instance);
    private readonly List<TourColumn> columns = [];

    /// <param name="start">A tour for each agent.</param>
    /// <param name="staff">Who is at work in each period besides these agents.</param>
    public static TourMaster For(TourProblem problem, IReadOnlyCollection<TourColumn> start, ReadOnlySpan<int> staff, Random random) =>
        start.Count + problem.Needs.Length > MostDenseRows && start.Count > 30
            ? new SparseMaster(problem, start, staff) : new DenseMaster(problem, start, staff, random);

    public IReadOnlyList<TourColumn> Columns => columns;

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

    /// <param name="left">The same limit as a time, for a solver that cannot be asked meanwhile.</param>
    /// <returns>What the best mixture costs; null when there was no time to find it.</returns>
    public abstract double? Solve(Func<bool> goesOn, TimeSpan left);

    public abstract void Worth(double[] worth);

    /// <summary>What an agent's tour may cost at most, requests less worth, to be worth adding.</summary>
    public abstract double Price(int agent);

    /// <summary>The part that the column at this index has in the mixture.</summary>
    public abstract double Share(int column);

    protected abstract void Enter(TourColumn column);
}

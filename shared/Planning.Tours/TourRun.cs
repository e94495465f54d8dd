using CallCenter.Planning.Rostering;

namespace CallCenter.Planning.Tours;

/// <summary>What the methods of one search share: the roster at hand, the best so far, and how much of the limits is used.</summary>
internal sealed class TourRun
{
    private readonly SearchLimits limits;
    private readonly BestTours best;
    private readonly CancellationToken cancellation;

    public TourRun(TourProblem problem, AgentGraph[] graphs, SearchLimits limits, BestTours best, CancellationToken cancellation)
    {
        (Problem, this.limits, this.best, this.cancellation) = (problem, limits, best, cancellation);
        TourPath[] paths = [.. graphs.Select(g => new TourPath(g))];
        Random = new(limits.Seed);
        State = new(problem, paths);
        Pool = new(paths);
    }

    public TourProblem Problem { get; }

    public TourState State { get; }

    public TourColumns Pool { get; }

    public Random Random { get; }

    public TourRoster? Best { get; private set; }

    public long Least { get; private set; } = long.MaxValue;

    public long Rounds { get; private set; }

    /// <summary>Part of the limits that is used, of time or of rounds, whichever is more.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants the roster.</exception>
    public double Used
    {
        get
        {
            cancellation.ThrowIfCancellationRequested();
            return Math.Max(best.Elapsed / limits.Time, Rounds / (double)limits.MaxRounds);
        }
    }

    public TimeSpan Left => limits.Time - best.Elapsed;

    public void Count() => Rounds++;

    /// <summary>Remembers the roster at hand if none was better.</summary>
    public void Keep()
    {
        if (State.Cost >= Least)
            return;
        (Best, Least) = (State.Roster(), State.Cost);
        best.Found(Least, Rounds);
    }

    public void ReturnToBest()
    {
        if (Best is not null)
            State.Return(Best);
    }
}

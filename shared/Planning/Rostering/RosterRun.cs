namespace CallCenter.Planning.Rostering;

/// <summary>What the methods of one search share: the roster at hand, the best so far, and how much of the limits is used.</summary>
internal sealed class RosterRun
{
    private const int Threads = 2;

    // Below, a second thread costs more than it brings.
    private const int FewAgents = 32;

    private readonly SearchLimits limits;
    private readonly IProgress<RosterProgress>? progress;
    private readonly CancellationToken cancellation;
    private readonly long began;
    private readonly (AgentPlanner Planner, double[] Gain, int[] Best)[] seekers;

    public RosterRun(RosterProblem problem, SearchLimits limits, IProgress<RosterProgress>? progress, CancellationToken cancellation)
    {
        (this.limits, this.progress, this.cancellation, began) = (limits, progress, cancellation, limits.Clock.GetTimestamp());
        State = new(problem, cancellation);
        Random = new(limits.Seed);
        seekers =
        [
            .. Enumerable.Range(0, Threads).Select(_ =>
                (new AgentPlanner(problem, State.Cover), new double[State.Cover.Gained], new int[State.Cover.Gained])),
        ];
    }

    public RosterState State { get; }

    public Random Random { get; }

    public AgentPlan?[] Best { get; private set; } = [];

    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>What no roster can cost less than; null when it is not known.</summary>
    public double? Bound { get; set; }

    public int Rounds { get; private set; }

    /// <summary>Part of the limits that was used when there was a first roster.</summary>
    public double Built { get; set; }

    public TimeSpan Elapsed => limits.Clock.GetElapsedTime(began);

    /// <summary>Part of the time that is used.</summary>
    public double TimeUsed => Elapsed / limits.Time;

    /// <summary>Part of the limits that is used, of time or of rounds, whichever is more.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants the roster.</exception>
    public double Used
    {
        get
        {
            cancellation.ThrowIfCancellationRequested();
            return Math.Max(TimeUsed, limits.MaxRounds == 0 ? 1 : Rounds / (double)limits.MaxRounds);
        }
    }

    /// <summary>Whether the best roster is as near to the bound as was asked.</summary>
    public bool IsGood => Bound is { } bound && Least - bound <= Math.Max(1e-3, limits.Gap * Math.Abs(Least));

    public void Count() => Rounds++;

    /// <summary>Remembers the roster at hand if none was better.</summary>
    public void Keep()
    {
        if (State.Total is var cost && cost >= Least - 1e-6)
            return;
        (Best, Least) = ([.. State.Plans], cost);
        progress?.Report(new(Elapsed, Rounds, Least));
    }

    /// <summary>Looks for days of several agents, side by side where they are many.</summary>
    public void Seek(int[] agents, Action<AgentPlanner, double[], int[], int> one)
    {
        var threads = agents.Length < FewAgents ? 1 : Threads;
        if (threads == 1)
            From(0);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, From);

        void From(int thread)
        {
            var (planner, gain, best) = seekers[thread];
            for (var i = thread; i < agents.Length; i += threads)
                one(planner, gain, best, i);
        }
    }
}

namespace CallCenter.Planning.Staffing;

/// <summary>
/// Callers hang up after a patience that is exponential with a given mean (M/M/n+M). Stable with any number of agents,
/// also with fewer than erlangs.
/// </summary>
/// <remarks>
/// The stationary probabilities are summed outwards from the most probable state, so that no term exceeds 1 and a large
/// system costs a few times the square root of its size. A caller who finds k others waiting is reached after the sum of
/// k+1 exponentials with rates nμ + iθ; with X = exp(-θ·wait) that is X ~ Beta(nμ/θ, k+1), so each further k costs one step of
/// the recursion of the incomplete beta function.
/// </remarks>
public static class ErlangA
{
    private const double Negligible = 1e-20;

    public static QueuePerformance Of(QueueLoad load, int agents, double withinSeconds, double patienceSeconds)
    {
        load.Check();
        CheckThreshold(withinSeconds);
        CheckPatience(patienceSeconds);
        ArgumentOutOfRangeException.ThrowIfNegative(agents);

        if (load.Erlangs == 0)
            return QueuePerformance.Idle(agents);

        var leave = 1 / patienceSeconds;
        var serve = agents / load.HandleSeconds;

        if (agents == 0)
            return new(0, load.Erlangs, Wait: 1, 0, patienceSeconds, Occupancy: 0, Abandonment: 1, 0, 0, 0,
                NotWaitingOfOffered: GoneBy(leave * withinSeconds));

        var (free, waiting) = States(load, agents, leave);

        var total = free;          // weight of all callers; those below are parts of it
        var answered = free;
        var answeredInTime = free;
        var stillWaiting = 0.0;    // after T
        var secondsWaited = 0.0;   // by those answered
        var queued = 0.0;          // mean number waiting

        var wait = new WaitBehind(serve / leave, leave * withinSeconds);
        var mean = 0.0;
        for (var k = 0; k < waiting.Length; k++, wait.Step())
        {
            var p = waiting[k];
            var reached = serve / (serve + (k + 1) * leave);
            mean += 1 / (serve + (k + 1) * leave);

            total += p;
            answered += p * reached;
            answeredInTime += p * reached * wait.InTime;
            stillWaiting += p * wait.Longer;
            secondsWaited += p * reached * mean;
            queued += k * p;
        }

        var inTime = answeredInTime / total;
        var share = answered / total;
        var late = stillWaiting / total;
        var averageWait = queued / total / load.ArrivalRate;

        return new(agents, load.Erlangs, 1 - free / total, secondsWaited / answered, averageWait,
            load.Erlangs * share / agents, averageWait * leave,
            inTime, inTime / share, inTime / (inTime + late), 1 - late);
    }

    /// <summary>Weights of the states, relative to the most probable: all with a free agent together, then by number waiting.</summary>
    private static (double Free, double[] Waiting) States(QueueLoad load, int agents, double leave)
    {
        var arrive = load.ArrivalRate;
        var overflow = arrive - agents / load.HandleSeconds;
        var mode = overflow < 0 ? (int)load.Erlangs : agents + (int)(overflow / leave);

        var free = 0.0;
        var waiting = new List<double>();
        var p = 1.0;
        for (var state = mode; state >= 0 && p > Negligible; p *= Departures(state) / arrive, state--)
        {
            if (state < agents)
                free += p;
            else
                waiting.Add(p);
        }

        // Downwards gave the longest queue first, and stopped short of an empty one where that is all but impossible.
        if (mode >= agents)
        {
            waiting.AddRange(Enumerable.Repeat(0.0, mode - agents + 1 - waiting.Count));
            waiting.Reverse();
        }

        p = arrive / Departures(mode + 1);
        for (var state = mode + 1; p > Negligible; state++, p *= arrive / Departures(state))
        {
            if (state < agents)
                free += p;
            else
                waiting.Add(p);
        }

        return (free, [.. waiting]);

        double Departures(int state) =>
            Math.Min(state, agents) / load.HandleSeconds + Math.Max(0, state - agents) * leave;
    }

    // 1 - exp(-t), exact for small t too.
    private static double GoneBy(double t) => Math.Tanh(t / 2) * (1 + Math.Exp(-t));

    internal static void CheckThreshold(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
            throw new PlanningException("threshold-out-of-range", "The answer time of a service level must be 0 seconds or more.");
    }

    internal static void CheckPatience(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds <= 0)
            throw new PlanningException("patience-out-of-range", "The mean patience must be more than 0 seconds.");
    }

    /// <summary>The wait of a caller behind k others, k growing by one a step.</summary>
    /// <param name="c">nμ/θ.</param>
    /// <param name="patienceUsed">θT: the answer time in units of the mean patience.</param>
    private struct WaitBehind(double c, double patienceUsed)
    {
        private readonly double x = Math.Exp(-patienceUsed);
        private readonly double rest = GoneBy(patienceUsed);

        // Logarithms, because x^c underflows long before its successors stop to matter in a large system.
        private double inTimeStep = -(c + 1) * patienceUsed + Math.Log(c + 1) + Math.Log(GoneBy(patienceUsed));
        private double longerStep = -c * patienceUsed + Math.Log(c) + Math.Log(GoneBy(patienceUsed));
        private double reachedLater = Math.Exp(-c * patienceUsed);
        private int k;

        /// <summary>Of those who will be answered, the share answered within T.</summary>
        public double InTime { get; private set; } = GoneBy((c + 1) * patienceUsed);

        /// <summary>The share neither answered nor gone after T.</summary>
        public readonly double Longer => x * reachedLater;

        public void Step()
        {
            InTime = Math.Max(0, InTime - Math.Exp(inTimeStep));
            reachedLater = Math.Min(1, reachedLater + Math.Exp(longerStep));
            inTimeStep += Math.Log(rest * (c + k + 2) / (k + 2));
            longerStep += Math.Log(rest * (c + k + 1) / (k + 2));
            k++;
        }
    }
}

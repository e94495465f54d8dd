namespace CallCenter.Planning.Simulation;

/// <summary>
/// What one simulated day counts, by the interval in which a call arrives. One interval more holds what comes after closing.
/// </summary>
internal sealed class DayTally(double intervalSeconds, int intervals, int streams, int pools)
{
    /// <summary>By stream and interval.</summary>
    public CallCounts[,] Calls { get; } = new CallCounts[streams, intervals + 1];

    /// <summary>Agent seconds by pool and interval.</summary>
    public double[,] Busy { get; } = new double[pools, intervals + 1];

    /// <summary>Agent seconds by pool and interval, with those who finish a call after their time.</summary>
    public double[,] Present { get; } = new double[pools, intervals + 1];

    public void Spread(double[,] seconds, int pool, double from, double to)
    {
        for (var interval = IntervalOf(from); from < to; interval++)
        {
            var end = interval < intervals ? Math.Min(to, (interval + 1) * intervalSeconds) : to;
            seconds[pool, interval] += end - from;
            from = end;
        }
    }

    private int IntervalOf(double at) => Math.Min(intervals, (int)(at / intervalSeconds));
}

internal struct CallCounts
{
    public int Offered, Answered, AnsweredInTime, HungUp, HungUpInTime, Blocked;
    public double AnsweredWaits, Waits;

    public void Add(CallCounts other)
    {
        Offered += other.Offered;
        Answered += other.Answered;
        AnsweredInTime += other.AnsweredInTime;
        HungUp += other.HungUp;
        HungUpInTime += other.HungUpInTime;
        Blocked += other.Blocked;
        AnsweredWaits += other.AnsweredWaits;
        Waits += other.Waits;
    }
}

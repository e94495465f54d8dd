namespace CallCenter.Planning.Tours;

/// <summary>Reports the best roster of searches that go on side by side.</summary>
internal sealed class BestTours(TimeProvider clock, IProgress<TourProgress>? progress)
{
    private readonly long began = clock.GetTimestamp();
    private readonly Lock one = new();
    private long least = long.MaxValue;

    public TimeSpan Elapsed => clock.GetElapsedTime(began);

    public void Found(long cost, long rounds)
    {
        lock (one)
        {
            if (cost >= least)
                return;
            least = cost;
            progress?.Report(new(Elapsed, rounds, cost));
        }
    }
}

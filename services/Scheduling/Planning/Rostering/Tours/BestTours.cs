using System.Diagnostics;

namespace CallCenter.Planning.Rostering.Tours;

/// <summary>Reports the best roster of searches that go on side by side.</summary>
internal sealed class BestTours(IProgress<TourProgress>? progress)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock one = new();
    private long least = long.MaxValue;

    public TimeSpan Elapsed => clock.Elapsed;

    public void Found(long cost, long rounds)
    {
        lock (one)
        {
            if (cost >= least)
                return;
            least = cost;
            progress?.Report(new(clock.Elapsed, rounds, cost));
        }
    }
}

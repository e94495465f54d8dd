namespace CallCenter.PlanningBench;

/// <summary>
/// Measures by the processor time this program has had, divided by the threads it works with: what a clock would say on a machine that does
/// nothing else.
/// </summary>
internal sealed class ProcessorTime(int threads) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks / threads;
}

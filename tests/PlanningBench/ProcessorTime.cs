namespace CallCenter.PlanningBench;

/// <summary>
/// Measures by the processor time this program has had, divided by the cores: what a clock would say on a machine that does nothing else.
/// </summary>
internal sealed class ProcessorTime : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks / Environment.ProcessorCount;
}

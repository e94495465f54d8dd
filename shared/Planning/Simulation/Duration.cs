namespace CallCenter.Planning.Simulation;

/// <summary>How a time in seconds is distributed: talk, after-contact work or patience.</summary>
public abstract record Duration
{
    private Duration()
    {
    }

    public static readonly Duration None = new Fixed(0);

    /// <param name="interval">In which the call arrives.</param>
    internal abstract double Draw(RandomSource random, int interval);

    internal abstract bool Possible { get; }

    public sealed record Fixed(double Seconds) : Duration
    {
        internal override double Draw(RandomSource random, int interval) => Seconds;

        internal override bool Possible => double.IsFinite(Seconds) && Seconds >= 0;
    }

    public sealed record Exponential(double MeanSeconds) : Duration
    {
        internal override double Draw(RandomSource random, int interval) => MeanSeconds * random.Exponential();

        internal override bool Possible => double.IsFinite(MeanSeconds) && MeanSeconds > 0;
    }

    /// <summary>What handle times of call centres look like (Brown et al. 2005).</summary>
    public sealed record LogNormal(double MeanSeconds, double DeviationSeconds) : Duration
    {
        private readonly double variance = Math.Log(1 + DeviationSeconds * DeviationSeconds / (MeanSeconds * MeanSeconds));

        internal override double Draw(RandomSource random, int interval) =>
            MeanSeconds * Math.Exp(Math.Sqrt(variance) * random.Normal() - variance / 2);

        internal override bool Possible =>
            double.IsFinite(MeanSeconds) && MeanSeconds > 0 && double.IsFinite(DeviationSeconds) && DeviationSeconds >= 0;
    }

    /// <summary>One of the times that were seen, each as likely.</summary>
    public sealed record Empirical(IReadOnlyList<double> Seconds) : Duration
    {
        internal override double Draw(RandomSource random, int interval) => Seconds[random.Below(Seconds.Count)];

        internal override bool Possible => Seconds.Count > 0 && Seconds.All(s => double.IsFinite(s) && s >= 0);
    }

    /// <summary>Another distribution for the calls of each interval; the last also for what comes after.</summary>
    public sealed record ByInterval(IReadOnlyList<Duration> Intervals) : Duration
    {
        internal override double Draw(RandomSource random, int interval) =>
            Intervals[Math.Min(interval, Intervals.Count - 1)].Draw(random, interval);

        internal override bool Possible => Intervals.Count > 0 && Intervals.All(d => d.Possible);
    }
}

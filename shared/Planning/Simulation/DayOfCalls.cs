namespace CallCenter.Planning.Simulation;

/// <summary>One drawn call. All that is random about it is drawn before the day begins, so it does not depend on who is there.</summary>
/// <param name="Busy">Talk and after-contact work.</param>
/// <param name="Patience">Infinite when the caller never hangs up.</param>
internal readonly record struct DrawnCall(double At, int Stream, int Interval, double Busy, double Patience);

internal static class DayOfCalls
{
    /// <returns>In order of time.</returns>
    public static DrawnCall[] Draw(SimulatedCentre centre, int seed, int replication)
    {
        var busy = new RandomSource(seed, replication, -1);
        double[] days = [.. Enumerable.Range(0, centre.Days).Select(_ => centre.DayShape is { } shape ? busy.Gamma(shape) : 1)];
        var calls = new List<DrawnCall>();

        for (var index = 0; index < centre.Streams.Count; index++)
        {
            var stream = centre.Streams[index];
            var (arrivals, bodies) = (new RandomSource(seed, replication, index, 0), new RandomSource(seed, replication, index, 1));

            for (var interval = 0; interval < centre.Intervals; interval++)
            {
                var rate = days[centre.DayOf(interval)] * stream.Calls[interval] * (
                    stream.IntervalShape is { } own ? arrivals.Gamma(own) : 1);
                if (rate <= 0)
                    continue;

                for (var t = arrivals.Exponential() / rate; t < 1; t += arrivals.Exponential() / rate)
                {
                    calls.Add(new((interval + t) * centre.IntervalSeconds, index, interval,
                        stream.Talk.Draw(bodies, interval) + stream.AfterContact.Draw(bodies, interval),
                        stream.Patience?.Draw(bodies, interval) ?? double.PositiveInfinity));
                }
            }
        }

        return centre.Streams.Count == 1 ? [.. calls] : [.. calls.OrderBy(c => c.At)];
    }
}

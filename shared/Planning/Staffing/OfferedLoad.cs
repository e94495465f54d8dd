namespace CallCenter.Planning.Staffing;

/// <summary>
/// Calls do not end with their interval. Where handle times are not short beside the interval, the load to staff for follows the
/// calls with a lag, and is less than the peak.
/// </summary>
public static class OfferedLoad
{
    /// <summary>
    /// The modified offered load (Jennings, Mandelbaum, Massey, Whitt 1996): the mean number in service if there were always a
    /// free agent, by dm/dt = λ(t) - m/h, averaged over each interval and given back as the calls that would bring it.
    /// </summary>
    /// <param name="intervals">In order of time, each with its own handle time.</param>
    /// <param name="inProgress">Calls in service when the first begins; 0 at opening. Null: as if the first had lasted for ever.</param>
    public static IReadOnlyList<QueueLoad> Modified(IReadOnlyList<QueueLoad> intervals, double? inProgress = null)
    {
        var modified = new List<QueueLoad>(intervals.Count);
        var busy = inProgress ?? (intervals.Count == 0 ? 0 : intervals[0].Erlangs);
        if (!double.IsFinite(busy) || busy < 0)
            throw new PlanningException("load-out-of-range", "The number of calls in progress must be 0 or more.");

        foreach (var interval in intervals)
        {
            interval.Check();

            // No call has come yet, so none has a length: what was going on ends as the next interval says.
            var handle = interval.HandleSeconds > 0 ? interval.HandleSeconds : interval.IntervalSeconds;
            var lengths = interval.IntervalSeconds / handle;
            var left = Math.Exp(-lengths);

            var mean = interval.Erlangs + (busy - interval.Erlangs) * (1 - left) / lengths;
            busy = interval.Erlangs + (busy - interval.Erlangs) * left;
            modified.Add(interval with { Calls = mean * interval.IntervalSeconds / handle, HandleSeconds = handle });
        }

        return modified;
    }
}

namespace CallCenter.Planning.Forecasting;

/// <summary>
/// The rest of a day, once some of it is known. How much of the miss so far carries over is what it was on past days at that time of
/// day: little in the small hours, much at noon (a linear update as in Shen and Huang 2008, on the day as a whole).
/// </summary>
public static class IntradayUpdate
{
    /// <param name="soFar">Calls of the first slots of the day; NaN where unknown. Slots after the last one given are updated.</param>
    /// <returns>The day with what is known in its place and the rest of it moved, its intervals as wide as they still need be.</returns>
    public static ForecastDay Update(ForecastDay day, IReadOnlyList<double> soFar)
    {
        if (soFar.Count > day.Calls.Count || soFar.Any(c => c < 0 || double.IsInfinity(c)))
            throw new PlanningException("history-out-of-range",
                "The calls so far hold a value below 0 or without end, or more slots than the day.");

        var (actual, expected) = (0.0, 0.0);
        for (var slot = 0; slot < soFar.Count; slot++)
        {
            if (double.IsNaN(soFar[slot]))
                continue;
            actual += soFar[slot];
            expected += day.Calls[slot];
        }

        var remaining = soFar.Count > 0 && soFar.Count <= day.Spread.Rest.Count ? day.Spread.Rest[soFar.Count - 1] : default(RestOfDay?);
        var factor = Math.Max(0, 1 + (remaining?.Carry ?? 0) * Miss(actual, expected));
        var left = remaining is { } known ? day.Spread with { DayVariance = known.Variance, Low = known.Low, High = known.High }
            : day.Spread;

        var calls = day.Calls.Select((c, slot) => slot >= soFar.Count ? c * factor : double.IsNaN(soFar[slot]) ? c : soFar[slot]).ToArray();
        return day with
        {
            Calls = calls,
            Low = [.. calls.Select((c, slot) => slot < soFar.Count ? c : left.Interval(c).Low)],
            High = [.. calls.Select((c, slot) => slot < soFar.Count ? c : left.Interval(c).High)],
        };
    }

    // Where hardly a call is expected, one that comes is no news.
    internal static double Miss(double actual, double expected) => (actual - expected) / (expected + 5);
}

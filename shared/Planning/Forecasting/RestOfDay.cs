namespace CallCenter.Planning.Forecasting;

/// <summary>What the calls up to some time of day say about those after it, learned from past days at that time.</summary>
/// <param name="Carry">Which share of the miss so far the rest of the day misses too.</param>
/// <param name="Variance">Of the factor by which the rest still misses, when that is allowed for.</param>
/// <param name="Low">Quantile of its errors under which one in ten lies, in deviations.</param>
/// <param name="High">Quantile over which one in ten lies.</param>
public readonly record struct RestOfDay(double Carry, double Variance, double Low, double High)
{
    // As if two days had been seen on which the miss so far said nothing.
    private const double PriorDays = 2;

    internal static IReadOnlyList<RestOfDay> Of(IReadOnlyList<(double[] Forecast, double[] Actual)> past, ForecastSpread spread) =>
        [.. Enumerable.Range(1, past[0].Forecast.Length - 1).Select(known => After(past, known, spread))];

    private static RestOfDay After(IReadOnlyList<(double[] Forecast, double[] Actual)> past, int known, ForecastSpread spread)
    {
        var misses = past.Select(p =>
            (SoFar: Miss(p, 0, known), Later: Miss(p, known, p.Forecast.Length), Expected: p.Forecast.Skip(known).Sum())).ToList();
        var squares = misses.Sum(m => m.SoFar * m.SoFar);
        var carry = squares == 0 ? 0 : misses.Sum(m => m.SoFar * m.Later) / (squares * (misses.Count + PriorDays) / misses.Count);
        var variance = Math.Max(0, misses.Average(m => Math.Pow(m.Later - carry * m.SoFar, 2) - spread.Dispersion / (m.Expected + 5)));

        var still = spread with { DayVariance = variance };
        var errors = past.SelectMany((p, day) => Enumerable.Range(known, p.Forecast.Length - known).Where(s => p.Forecast[s] > 0.01)
            .Select(s => (Forecast: p.Forecast[s] * (1 + carry * misses[day].SoFar), Actual: p.Actual[s])))
            .Select(s => still.Error(Math.Max(0.01, s.Forecast), s.Actual)).Order().ToArray();
        return errors.Length == 0 ? new(carry, variance, spread.Low, spread.High)
            : new(carry, variance, ForecastSpread.LowOf(errors), ForecastSpread.HighOf(errors));
    }

    private static double Miss((double[] Forecast, double[] Actual) day, int from, int to)
    {
        var (expected, actual) = (0.0, 0.0);
        for (var slot = from; slot < to; slot++)
        {
            expected += day.Forecast[slot];
            actual += day.Actual[slot];
        }

        return IntradayUpdate.Miss(actual, expected);
    }
}

namespace CallCenter.Planning.Forecasting;

/// <summary>
/// How far calls come to lie from a forecast, learned from the errors of its own past: chance in the counts, a whole day that is
/// busier or quieter than expected, and slots that are so on their own. The interval takes the quantiles of the past errors
/// themselves, in units of that deviation, so nothing need be normal.
/// </summary>
/// <param name="Dispersion">Variance of a count over its mean; 1 is Poisson's.</param>
/// <param name="DayVariance">Of the factor by which a day misses its forecast.</param>
/// <param name="SlotVariance">Of the factor by which a slot misses beyond that.</param>
/// <param name="Low">Quantile of the past errors under which one in ten lies, in deviations.</param>
/// <param name="High">Quantile over which one in ten lies.</param>
/// <param name="Rest">By number of slots already known, from 1: what they say about the rest of the day. Empty while nothing has been
/// measured.</param>
public sealed record ForecastSpread(
    double Dispersion, double DayVariance, double SlotVariance, double Low, double High, IReadOnlyList<RestOfDay> Rest)
{
    /// <summary>The share of counts that an interval is made to hold.</summary>
    public const double Confidence = 0.8;

    // The quantile of the normal distribution beyond which one in ten lies.
    private const double Normal = 1.281551566;

    private const double FewestApart = 4;

    // The level itself is known from so many days only.
    private const double LeastTogether = 0.03;

    // As if so many days had been seen that missed as far below as above.
    private const double PriorDays = 4;

    // What days have in common is looked for over two weeks of work even where their pasts hardly overlap.
    private const int LeastMemory = 10;

    /// <summary>While nothing has been measured: counts as of Poisson's, days that miss by a fifth.</summary>
    public static readonly ForecastSpread Unknown = new(1, 0.04, 0.01, -1.28, 1.28, []);

    /// <summary>A special day misses as far as its kind leaves open, where that is more than usual days miss.</summary>
    internal ForecastSpread OfSpecialDay(SpecialDayEffect? special) =>
        special is { } effect
            ? this with { DayVariance = Math.Max(DayVariance, effect.Variance), Passing = Math.Max(Passing, effect.Variance) }
            : this;

    /// <summary>Variance of the factor by which whole days miss, as far as those after them miss by the same.</summary>
    public double Lasting { get; init; } = 0.04;

    /// <summary>Variance of the factor by which a whole day misses on its own.</summary>
    public double Passing { get; init; }

    public double Deviation(double calls) => Math.Sqrt(Dispersion * calls + (DayVariance + SlotVariance) * calls * calls);

    public (double Low, double High) Interval(double calls) =>
        (Math.Max(0, calls + Low * Deviation(calls)), Math.Max(0, calls + High * Deviation(calls)));

    /// <param name="past">Forecast and actual calls per slot, day by day.</param>
    /// <param name="lead">In open days: so many of the days overlap.</param>
    internal static ForecastSpread Of(IReadOnlyList<(double[] Forecast, double[] Actual)> past, int lead)
    {
        if (past.Count < 10)
            return Unknown;

        // (y - f)² is φf + c²f² on average; small forecasts must not drown in the large.
        var moments = new RidgeRegression(2);
        var days = new List<double>();
        foreach (var (forecast, actual) in past)
        {
            var (expected, total) = (forecast.Sum(), actual.Sum());
            if (expected > 0)
                days.Add((total - expected) * (total - expected) / (expected * expected));

            for (var slot = 0; slot < forecast.Length; slot++)
            {
                var f = forecast[slot];
                if (f > 0.01)
                    moments.Add([f, f * f], (actual[slot] - f) * (actual[slot] - f), 1 / Math.Pow(f + 0.05 * f * f, 2));
            }
        }

        if (moments.Rows < 50)
            return Unknown;

        var solved = moments.Solve([0, 0]);
        var dispersion = Math.Max(0.1, solved[0]);
        var relative = Math.Max(1e-6, solved[1]);
        var day = Math.Min(relative, Math.Max(0, days.Average() - dispersion * past.Count / past.Sum(p => p.Forecast.Sum())));
        var spread = new ForecastSpread(dispersion, day, relative - day, 0, 0, []);

        var errors = past.SelectMany(p => p.Forecast.Zip(p.Actual).Where(s => s.First > 0.01).Select(s => spread.Error(s.First, s.Second)))
            .Order().ToArray();
        double[] misses = [.. past.Select(p => IntradayUpdate.Miss(p.Actual.Sum(), p.Forecast.Sum()))];
        var apart = Apart(misses, lead);
        var wider = StudentsT.Quantile(Normal, apart) / Normal;
        var (low, high) = Evened(errors, apart);

        // Over longer the forecasts have moved, though what they missed would have lasted: so of days next to each other.
        var squares = misses.Sum(m => m * m);
        var (whole, together) = (squares / misses.Length, TogetherOf(misses, squares));
        return spread with
        {
            DayVariance = day * wider * wider,
            Low = low,
            High = high,
            Lasting = together * whole * wider * wider,
            Passing = (1 - together) * whole,
        };
    }

    /// <summary>How much of the misses of whole days the days of the week after them have in common.</summary>
    private static double TogetherOf(double[] misses, double squares) => squares == 0 ? 0
        : Math.Clamp(Enumerable.Range(1, 7).Average(apart => Alike(misses, apart, squares)), LeastTogether, 1);

    /// <summary>The autocorrelation of misses, which lie about 0.</summary>
    private static double Alike(double[] misses, int apart, double squares) =>
        Enumerable.Range(apart, Math.Max(0, misses.Length - apart)).Sum(day => misses[day] * misses[day - apart]) / squares;

    /// <summary>
    /// How many days that have nothing to do with each other would say as much about how far days miss. Forecasts from pasts that overlap
    /// miss together for as long as they do, and what lasts is seen but once: 60 days forecast 20 days ahead can be as few as four.
    /// </summary>
    private static double Apart(double[] misses, int lead)
    {
        var squares = misses.Sum(m => m * m);
        if (squares == 0)
            return misses.Length;

        var together = 1.0;
        for (var apart = 1; apart < Math.Min(Math.Max(lead, LeastMemory), misses.Length); apart++)
            together += 2 * Math.Pow(Math.Max(0, Alike(misses, apart, squares)), 2);

        // Overlapping pasts alone make them alike by 1 - apart/lead, and no more.
        return Math.Max(FewestApart, misses.Length / Math.Min(together, 1 + 2 * lead / 3.0));
    }

    /// <summary>That days came to lie above rather than below is chance as far as they are few.</summary>
    private static (double Low, double High) Evened(double[] sortedErrors, double apart)
    {
        var either = Quantile([.. sortedErrors.Select(Math.Abs).Order()], Confidence);
        var own = apart / (apart + PriorDays);
        return (own * LowOf(sortedErrors) - (1 - own) * either, own * HighOf(sortedErrors) + (1 - own) * either);
    }

    internal double Error(double forecast, double actual) => (actual - forecast) / Deviation(forecast);

    internal static double LowOf(double[] sortedErrors) => Quantile(sortedErrors, (1 - Confidence) / 2);

    internal static double HighOf(double[] sortedErrors) => Quantile(sortedErrors, (1 + Confidence) / 2);

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}

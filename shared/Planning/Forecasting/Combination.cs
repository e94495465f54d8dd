namespace CallCenter.Planning.Forecasting;

/// <summary>
/// Weights of the methods at one lead, from their errors there, and how far their weighted mean came to lie from what came.
/// </summary>
/// <param name="Lead">In open days.</param>
/// <param name="Backtests">In the order of the methods.</param>
/// <param name="Wape">Error of the combination on the same days; null when too few were known.</param>
/// <param name="Coverage">Share of those slots within the interval.</param>
internal sealed record Combination(int Lead, IReadOnlyList<Backtest> Backtests, double? Wape, double? Coverage, ForecastSpread Spread)
{
    private const int LeastDays = 8;

    // At a lead of one day a method that errs a tenth more than another counts a third of it. Errors further ahead overlap, say less,
    // and are believed less.
    private const double Sharpness = 12;

    /// <param name="past">What each method forecast, and what came.</param>
    public static Combination Of(int lead, List<Backtest> backtests, List<(double[]?[] Forecasts, double[] Actual)> past)
    {
        // Only what was tried as often as any can be compared.
        var most = backtests.Max(b => b.Days);
        var compared = backtests.Select(b => b.Wape is not null && b.Days >= most * 0.8).ToArray();
        var enough = most >= LeastDays && compared.Any(c => c);
        var scores = ForecastMethod.All.Select((method, i) =>
            !enough ? method.PriorWeight : compared[i] ? method.PriorWeight * Score(backtests[i]) : 0).ToArray();
        var weights = scores.Select(s => s / scores.Sum()).ToArray();
        if (enough)
            weights = CombinationWeights.Of(weights, past.Where(p => Complete(p.Forecasts)).ToList(), (double)lead / past.Count);

        var weighed = new Combination(
            lead, [.. backtests.Zip(weights, (b, w) => b with { Weight = w })], null, null, ForecastSpread.Unknown);
        if (!enough)
            return weighed;

        var combined = past.Select(p => (Forecast: weighed.Of(p.Forecasts)!, p.Actual)).ToList();
        var spread = ForecastSpread.Of(combined, lead);

        // The day under way was forecast the evening before.
        if (lead == 1 && combined.Count >= LeastDays)
            spread = spread with { Rest = RestOfDay.Of(combined, spread) };
        var slots = combined.SelectMany(p => p.Forecast.Zip(p.Actual)).ToList();
        var calls = slots.Sum(s => s.Second);
        return weighed with
        {
            Wape = calls > 0 ? slots.Sum(s => Math.Abs(s.First - s.Second)) / calls : null,
            Spread = spread,
            Coverage = slots.Average(s => spread.Interval(s.First) is var (low, high) && s.Second >= low && s.Second <= high ? 1.0 : 0),
        };

        double Score(Backtest backtest)
        {
            var best = backtests.Where((_, i) => compared[i]).Min(b => b.Wape!.Value);
            return Math.Pow(Math.Max(backtest.Wape!.Value, 1e-9) / Math.Max(best, 1e-9), -Sharpness / Math.Sqrt(lead));
        }

        bool Complete(double[]?[] forecasts) => forecasts.Select((f, i) => f is not null || !compared[i]).All(c => c);
    }

    /// <summary>The weighted mean of those that have an answer; null when none has.</summary>
    public double[]? Of(double[]?[] forecasts)
    {
        var (sum, mean) = (0.0, (double[]?)null);
        for (var m = 0; m < forecasts.Length; m++)
        {
            // A method without any weight still answers where it is the only one to.
            var weight = Math.Max(Backtests[m].Weight, 1e-12);
            if (forecasts[m] is not { } forecast)
                continue;

            mean ??= new double[forecast.Length];
            sum += weight;
            for (var slot = 0; slot < mean.Length; slot++)
                mean[slot] += weight * forecast[slot];
        }

        for (var slot = 0; slot < mean?.Length; slot++)
            mean[slot] /= sum;
        return mean;
    }
}

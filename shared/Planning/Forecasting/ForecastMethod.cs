namespace CallCenter.Planning.Forecasting;

/// <summary>A way to forecast the calls of a day per slot.</summary>
/// <param name="Code">Stable name, stored with each forecast.</param>
/// <param name="PriorWeight">Its weight before anything is measured: the averages say nearly the same, and share what one of them would
/// have.</param>
internal sealed record ForecastMethod(string Code, double PriorWeight, Func<Origin, Target, double[]?> Forecast)
{
    /// <summary>In the order in which a tie is decided: simple ones first.</summary>
    public static IReadOnlyList<ForecastMethod> All { get; } =
    [
        new("median-of-8-weeks", 0.4, (origin, target) => SeasonalAverage.Of(origin, target, 8, SeasonalAverage.Median)),
        new("mean-of-4-weeks", 0.3, (origin, target) => SeasonalAverage.Of(origin, target, 4, SeasonalAverage.Mean)),
        new("mean-of-8-weeks", 0.3, (origin, target) => SeasonalAverage.Of(origin, target, 8, SeasonalAverage.Mean)),
        new("last-week", 0.05, (origin, target) => SeasonalAverage.Of(origin, target, 1, SeasonalAverage.Mean)),
        new("level-by-profile", 0.6, SeasonalAverage.LevelByProfile),
        new("double-seasonal-smoothing", 1, (origin, target) => origin.HoltWinters.Forecast(origin, target)),
        new("calendar-regression", 3, CalendarRegression.Forecast),
    ];
}

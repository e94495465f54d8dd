namespace CallCenter.Planning.Forecasting;

/// <summary>How a method did on the past of this very queue.</summary>
/// <param name="Method">Its code.</param>
/// <param name="Wape">Sum of the absolute errors per slot over the sum of the calls; null when there was nothing to compare.</param>
/// <param name="Days">Days forecast and compared.</param>
/// <param name="Weight">Its share in the forecast, 0 to 1.</param>
public sealed record Backtest(string Method, double? Wape, int Days, double Weight = 0);

/// <param name="Calls">Expected offered calls per slot.</param>
/// <param name="HandleSeconds">Expected mean handle time per slot.</param>
/// <param name="Low">One in ten counts comes to lie below; per slot.</param>
/// <param name="High">One in ten counts comes to lie above; per slot.</param>
/// <param name="Spread">What the interval rests on, for an update during the day.</param>
public sealed record ForecastDay(
    DateOnly Date, IReadOnlyList<double> Calls, IReadOnlyList<double> HandleSeconds,
    IReadOnlyList<double> Low, IReadOnlyList<double> High, ForecastSpread Spread)
{
    internal static ForecastDay Of(DateOnly date, double[] calls, double[] handleSeconds, ForecastSpread spread) => new(
        date, calls, handleSeconds, [.. calls.Select(c => spread.Interval(c).Low)], [.. calls.Select(c => spread.Interval(c).High)],
        spread);
}

/// <summary>A forecast and what it rests on.</summary>
/// <param name="Method">The method of most weight at the middle of the horizon.</param>
/// <param name="Wape">Past error of the combination there; null when the history is too short to measure one.</param>
/// <param name="HandleTimeWape">Error of the handle time per slot, weighed by the answered.</param>
/// <param name="Backtests">Every method tried, with its error and weight there.</param>
/// <param name="Known">Last day of history used.</param>
/// <param name="Warnings">
/// Codes: <c>history-short</c>, <c>history-gaps</c>, <c>nothing-offered</c>, <c>handle-time-unknown</c>, <c>weekday-unknown</c>,
/// <c>special-day-unknown</c>, <c>level-shifted</c>.
/// </param>
/// <param name="Coverage">Share of past slots within the interval, which is made to hold 80 %; null as <paramref name="Wape"/>.</param>
/// <param name="Season">Of the year, used or not; null where it is not known.</param>
public sealed record QueueForecast(
    string Method, double? Wape, double? HandleTimeWape, IReadOnlyList<Backtest> Backtests, DateOnly Known,
    IReadOnlyList<ForecastDay> Days, IReadOnlyList<string> Warnings, double? Coverage = null,
    YearlySeason? Season = null);

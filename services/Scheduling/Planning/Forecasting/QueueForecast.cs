namespace CallCenter.Planning.Forecasting;

/// <summary>How a method did on the past of this very queue.</summary>
/// <param name="Wape">Sum of the absolute errors per slot over the sum of the calls; null when there was nothing to compare.</param>
/// <param name="Days">Days forecast and compared.</param>
public sealed record Backtest(string Method, double? Wape, int Days);

/// <param name="Calls">Expected offered calls per slot.</param>
/// <param name="HandleSeconds">Expected mean handle time per slot.</param>
public sealed record ForecastDay(DateOnly Date, IReadOnlyList<double> Calls, IReadOnlyList<double> HandleSeconds);

/// <summary>A forecast and what it rests on.</summary>
/// <param name="Method">The method with the least past error at this lead time.</param>
/// <param name="Wape">That error; null when the history is too short to measure one.</param>
/// <param name="HandleTimeWape">Error of the handle time per slot, weighed by the answered.</param>
/// <param name="Backtests">Every method tried, with its error.</param>
/// <param name="Known">Last day of history used.</param>
/// <param name="Warnings">Codes: <c>history-short</c>, <c>history-gaps</c>, <c>nothing-offered</c>, <c>handle-time-unknown</c>, <c>weekday-unknown</c>.</param>
public sealed record QueueForecast(
    string Method, double? Wape, double? HandleTimeWape, IReadOnlyList<Backtest> Backtests, DateOnly Known,
    IReadOnlyList<ForecastDay> Days, IReadOnlyList<string> Warnings);

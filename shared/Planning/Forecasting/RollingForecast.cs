namespace CallCenter.Planning.Forecasting;

/// <summary>
/// Forecasts of many days from many origins over one history, as a study needs them: each uses only what was known at its origin.
/// </summary>
public sealed class RollingForecast
{
    private readonly Portfolio portfolio;

    /// <param name="asItIs">Without care for odd days and shifts of the level: the simple methods as they are found elsewhere.</param>
    public RollingForecast(History history, IEnumerable<SpecialDay> specialDays, CancellationToken cancellation, bool asItIs = false) =>
        portfolio = new(new(history, specialDays, ahead: 400, asItIs), cancellation);

    public static IReadOnlyList<string> Methods { get; } = [.. ForecastMethod.All.Select(m => m.Code)];

    /// <summary>The day so many open days before: weekdays on which calls never come do not count.</summary>
    public DateOnly Before(DateOnly date, int openDays) =>
        portfolio.Table.DateOf(portfolio.Table.Back(portfolio.Table.NumberOf(date), openDays));

    /// <param name="known">Last day that may be looked at.</param>
    /// <returns>Null when the past is too short for any method.</returns>
    public ForecastDay? Day(DateOnly date, DateOnly known)
    {
        var (calls, spread, _) = portfolio.Forecast(portfolio.Table.NumberOf(date), portfolio.Table.NumberOf(known));
        return calls is null ? null : ForecastDay.Of(date, calls, [], spread);
    }

    /// <summary>As one of <see cref="Methods"/> alone would have it.</summary>
    public IReadOnlyList<double>? Day(DateOnly date, DateOnly known, string method) =>
        portfolio.By(ForecastMethod.All.Single(m => m.Code == method), portfolio.Table.NumberOf(date), portfolio.Table.NumberOf(known));
}

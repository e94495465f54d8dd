namespace CallCenter.Planning.Forecasting;

/// <summary>
/// Forecasts a queue by the method that would have erred least on the queue's own past: each of the last days is forecast
/// from what was known as long before it as the days now asked for lie ahead (rolling origin).
/// </summary>
public static class Forecaster
{
    private const int LongestBacktest = 56;

    /// <param name="from">First day asked for, after the last day of <paramref name="history"/>.</param>
    public static QueueForecast Forecast(History history, DateOnly from, int days, CancellationToken cancellation)
    {
        if (from <= history.Last)
            throw new PlanningException("history-overlaps", $"The forecast begins on {from:yyyy-MM-dd}, but the history ends on {history.Last:yyyy-MM-dd}.");

        if (days is < 1 or > 400)
            throw new PlanningException("days-out-of-range", "A forecast covers 1 to 400 days.");

        // The middle of the horizon stands for all of it.
        var lead = from.DayNumber - history.Last.DayNumber + (days - 1) / 2;
        var backtests = ForecastMethod.All.Select(m => Try(m, history, lead, cancellation)).ToList();
        var best = backtests.MinBy(b => b.Wape ?? double.MaxValue)!;
        var method = ForecastMethod.All.Single(m => m.Code == best.Method);

        var handle = HandleTime.Of(history, history.Last);
        var missing = false;
        var forecast = Enumerable.Range(0, days).Select(from.AddDays).Select(date =>
        {
            var calls = method.Forecast(history, date, history.Last);
            missing |= calls is null;
            return new ForecastDay(date, calls ?? new double[history.Slots], handle.On(date.DayOfWeek));
        }).ToList();

        return new(best.Method, best.Wape, HandleTimeError(history, lead, cancellation), backtests, history.Last,
            forecast, [.. Warnings(history, handle, missing)]);
    }

    private static Backtest Try(ForecastMethod method, History history, int lead, CancellationToken cancellation)
    {
        var (error, calls, compared) = (0.0, 0.0, 0);

        foreach (var day in Tested(history))
        {
            cancellation.ThrowIfCancellationRequested();
            if (method.Forecast(history, day.Date, day.Date.AddDays(-lead)) is not { } forecast)
                continue;

            for (var slot = 0; slot < history.Slots; slot++)
            {
                if (double.IsNaN(day.Calls[slot]))
                    continue;
                error += Math.Abs(forecast[slot] - day.Calls[slot]);
                calls += day.Calls[slot];
            }

            compared++;
        }

        return new(method.Code, calls > 0 ? error / calls : null, compared);
    }

    private static double? HandleTimeError(History history, int lead, CancellationToken cancellation)
    {
        var (error, seconds) = (0.0, 0.0);

        foreach (var day in Tested(history))
        {
            cancellation.ThrowIfCancellationRequested();
            var forecast = HandleTime.Of(history, day.Date.AddDays(-lead));
            if (!forecast.Known)
                continue;

            var expected = forecast.On(day.Date.DayOfWeek);
            for (var slot = 0; slot < history.Slots; slot++)
            {
                if (!(day.Answered[slot] > 0) || double.IsNaN(day.HandleSeconds[slot]))
                    continue;
                error += Math.Abs(day.HandleSeconds[slot] - expected[slot] * day.Answered[slot]);
                seconds += day.HandleSeconds[slot];
            }
        }

        return seconds > 0 ? error / seconds : null;
    }

    private static IEnumerable<HistoryDay> Tested(History history) =>
        history.Days.Where(d => d.Date > history.Last.AddDays(-LongestBacktest));

    private static IEnumerable<string> Warnings(History history, HandleTime handle, bool missing)
    {
        var span = history.Last.DayNumber - history.First.DayNumber + 1;

        if (span < 28)
            yield return "history-short";
        if (history.Days.Count() < span)
            yield return "history-gaps";
        if (history.Days.All(d => ForecastMethod.Total(d.Calls) == 0))
            yield return "nothing-offered";
        if (!handle.Known)
            yield return "handle-time-unknown";
        if (missing)
            yield return "weekday-unknown";
    }
}

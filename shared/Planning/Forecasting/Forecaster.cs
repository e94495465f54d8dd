namespace CallCenter.Planning.Forecasting;

/// <summary>
/// Forecasts the calls and handle times of a queue by a portfolio of methods, weighed by their errors on the queue's own past.
/// </summary>
public static class Forecaster
{
    private const int LongestBacktest = 56;

    /// <param name="from">First day asked for, after the last day of <paramref name="history"/>.</param>
    /// <param name="specialDays">Of the past and of the days asked for; none when left out.</param>
    /// <param name="season">Of the year, from a longer past than <paramref name="history"/> need be; null where it is not known.</param>
    public static QueueForecast Forecast(
        History history, DateOnly from, int days, CancellationToken cancellation, IEnumerable<SpecialDay>? specialDays = null,
        YearlySeason? season = null)
    {
        if (from <= history.Last)
            throw new PlanningException("history-overlaps",
                $"The forecast begins on {from:yyyy-MM-dd}, but the history ends on {history.Last:yyyy-MM-dd}.");

        if (days is < 1 or > 400)
            throw new PlanningException("days-out-of-range", "A forecast covers 1 to 400 days.");

        // All methods see the past as it would be without the season, which comes back on the days asked for.
        var even = season?.Without(history) ?? history;
        var table = new DayTable(even, specialDays ?? [], ahead: from.DayNumber - history.Last.DayNumber + days);
        var portfolio = new Portfolio(table, cancellation);
        var known = table.Days - 1;
        var handle = HandleTime.Of(history, history.Last);
        var (missing, unseen) = (false, false);

        var forecast = Enumerable.Range(0, days).Select(from.AddDays).Select(date =>
        {
            var (calls, spread, special) = portfolio.Forecast(table.NumberOf(date), known);
            missing |= calls is null;
            unseen |= special is { Seen: 0 };
            var factor = season?.Factor(date) ?? 1;
            return ForecastDay.Of(
                date, [.. (calls ?? new double[history.Slots]).Select(c => c * factor)], handle.On(date.DayOfWeek), spread);
        }).ToList();

        // The middle of the horizon stands for all of it.
        var middle = from.DayNumber - history.Last.DayNumber + (days - 1) / 2;
        var combined = portfolio.For(known, table.Lead(known, known + middle));

        return new(combined.Backtests.MaxBy(b => b.Weight)!.Method, combined.Wape, HandleTimeError(history, middle, cancellation),
            combined.Backtests, history.Last, forecast, [.. Warnings(history, table, handle, missing, unseen)], combined.Coverage,
            season);
    }

    private static double? HandleTimeError(History history, int lead, CancellationToken cancellation)
    {
        var (error, seconds) = (0.0, 0.0);

        foreach (var day in history.Days.Where(d => d.Date > history.Last.AddDays(-LongestBacktest)))
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

    private static IEnumerable<string> Warnings(History history, DayTable table, HandleTime handle, bool missing, bool unseen)
    {
        var span = history.Last.DayNumber - history.First.DayNumber + 1;

        if (span < 28)
            yield return "history-short";
        if (history.Days.Count() < span)
            yield return "history-gaps";
        if (table.Totals.Sum() == 0)
            yield return "nothing-offered";
        if (!handle.Known)
            yield return "handle-time-unknown";
        if (missing)
            yield return "weekday-unknown";
        if (unseen)
            yield return "special-day-unknown";
        if (LevelShifts.Of(table, table.Days - 1)[0] != 1)
            yield return "level-shifted";
    }
}

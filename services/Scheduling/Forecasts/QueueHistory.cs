using System.Collections.Immutable;
using CallCenter.Contracts.Reporting;
using CallCenter.Planning;
using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>From the queue days of the Reporting service to a forecast, and back to quarter hours of the zone.</summary>
public static class QueueHistory
{
    /// <param name="pointer">Where the request named the queue.</param>
    /// <exception cref="InvalidException">With the code of the <see cref="PlanningException"/>.</exception>
    public static ForecastedQueue Forecast(
        string pointer, string queue, IEnumerable<QueueDayV1> past, DateOnly from, int days, LocalCalendar calendar,
        CancellationToken cancellation, IEnumerable<SpecialDay>? specialDays = null, YearlySeason? season = null)
    {
        try
        {
            var forecast = Forecaster.Forecast(
                new History(past.Select(day => BySlot(day, calendar))), from, days, cancellation, specialDays, season);

            return new(queue, forecast.Method, Rounded(forecast.Wape), Rounded(forecast.HandleTimeWape),
                [.. forecast.Backtests.Select(b => b with { Wape = Rounded(b.Wape), Weight = Math.Round(b.Weight, 3) })], forecast.Known,
                [.. forecast.Warnings], [.. forecast.Days.Select(d => ByQuarter(d, calendar))], Rounded(forecast.Coverage),
                QueueSeason.Of(forecast.Season));
        }
        catch (PlanningException e)
        {
            throw new InvalidException(pointer, e.Code, $"Queue '{queue}': {e.Message}");
        }
    }

    /// <summary>
    /// A quarter hour that an autumn night has twice counts as the mean of both; one that a spring night lacks is unknown, not zero.
    /// </summary>
    public static HistoryDay BySlot(QueueDayV1 day, LocalCalendar calendar)
    {
        var slots = day.Intervals.ToLookup(i => calendar.SlotOf(i.StartsAt));

        return new(day.Date, Of(i => i.Offered), Of(i => i.Handled ?? i.Answered), Of(i => i.HandleSeconds));

        double[] Of(Func<QueueInterval, double> value) =>
            [.. Enumerable.Range(0, LocalCalendar.SlotsPerDay)
                .Select(slot => slots[slot].Select(value).DefaultIfEmpty(double.NaN).Average())];
    }

    /// <summary>A quarter hour that comes twice is expected to be alike both times.</summary>
    public static ForecastedDay ByQuarter(ForecastDay day, LocalCalendar calendar)
    {
        var slots = calendar.QuartersOf(day.Date).Select(calendar.SlotOf).ToList();

        return new(day.Date, Of(day.Calls, 3), Of(day.HandleSeconds, 1), Of(day.Low, 1), Of(day.High, 1));

        ImmutableArray<double> Of(IReadOnlyList<double> values, int digits) => [.. slots.Select(s => Math.Round(values[s], digits))];
    }

    extension(IQuerySession session)
    {
        internal async Task<ILookup<string, QueueDayV1>> QueueDays(
            Guid projectId, DateOnly from, DateOnly before, CancellationToken cancellation) =>
            (await session.Query<QueueDayV1>().Where(d => d.ProjectId == projectId && d.Date >= from && d.Date < before)
                .ToListAsync(cancellation)).ToLookup(d => d.Queue);
    }

    private static double? Rounded(double? share) => share is { } value ? Math.Round(value, 4) : null;
}

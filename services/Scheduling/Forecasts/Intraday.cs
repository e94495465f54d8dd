using System.ComponentModel;
using CallCenter.Contracts.Reporting;
using CallCenter.EventSourcing;
using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>A day of a forecast, with what has come in so far and what that says about the rest.</summary>
/// <param name="KnownUntil">Calls offered before this instant are counted; the start of the day while nothing is known.</param>
/// <param name="Actual">Calls until then.</param>
/// <param name="Expected">Calls that the forecast in force expected until then.</param>
/// <param name="Remaining">Calls now expected from then on.</param>
/// <param name="RemainingBefore">Calls that the forecast expected from then on.</param>
/// <param name="Intervals">Quarter hour by quarter hour.</param>
public sealed record IntradayView(
    Guid ForecastId, string Queue, DateOnly Date, DateTimeOffset KnownUntil, double Actual, double Expected, double Remaining,
    double RemainingBefore, IReadOnlyList<IntradayInterval> Intervals)
{
    /// <summary>The actual calls by their name of before.</summary>
    public double Came => Actual;

    /// <summary>The remaining calls by their name of before.</summary>
    public double Rest => Remaining;

    /// <summary>The calls that remained before, by their name of before.</summary>
    public double RestBefore => RemainingBefore;

    /// <param name="day">As in force.</param>
    /// <param name="soFar">Calls of the first quarter hours of the day.</param>
    /// <param name="spread">How days of the queue come to lie, and what a morning says about the afternoon.</param>
    public static IntradayView Of(
        Guid id, string queue, ForecastedDay day, IReadOnlyList<double> soFar, ForecastSpread spread, LocalCalendar calendar)
    {
        var quarters = calendar.QuartersOf(day.Date);
        var updated = IntradayUpdate.Update(new(day.Date, day.Calls, day.HandleSeconds, [], [], spread), soFar);

        return new(id, queue, day.Date, soFar.Count < quarters.Count ? quarters[soFar.Count] : calendar.StartOf(day.Date.AddDays(1)),
            soFar.Sum(), Math.Round(day.Calls.Take(soFar.Count).Sum(), 1),
            Math.Round(updated.Calls.Skip(soFar.Count).Sum(), 1), Math.Round(day.Calls.Skip(soFar.Count).Sum(), 1),
            [
                .. quarters.Select((start, i) => new IntradayInterval(start, day.Calls[i],
                    Math.Round(updated.Calls[i], 3), Bound(i, updated.Low[i]), Bound(i, updated.High[i]), i < soFar.Count)),
            ]);

        // Of calls that were stated nobody knows how far off they may be.
        double? Bound(int quarter, double calls) => day.Low is null && quarter >= soFar.Count ? null : Math.Round(calls, 1);
    }
}

/// <param name="Forecast">Calls by the forecast in force.</param>
/// <param name="Calls">Calls that came, or are now expected.</param>
/// <param name="Low">One in ten counts comes to lie below; what came, where it is known; null where the forecast has no intervals.</param>
/// <param name="High">One in ten counts comes to lie above.</param>
/// <param name="Known">Whether what came is known.</param>
public sealed record IntradayInterval(DateTimeOffset StartsAt, double Forecast, double Calls, double? Low, double? High, bool Known);

internal static class Intraday
{
    // Facts of a quarter hour travel, and are rolled up, for a while after its end.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapIntraday() => routes.MapGet("/forecasts/{id:guid}/intraday", Get).WithTags("Forecasts").Describe(
            "Read a day of a forecast, its rest moved by the calls that have come so far",
            problems: ["queue-unknown", "outside-forecast", "not-a-quarter", "not-yet-known"]);
    }

    private static async Task<Ok<IntradayView>> Get(
        Guid id, string queue, DateOnly date,
        [Description("As if no more were known than until then: by the wall clock, on a quarter hour. All that is known when left out.")]
        TimeOnly? until, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var forecast = await session.LoadAsync<Forecast>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(forecast.ProjectId);
        var calendar = LocalCalendar.Of(forecast.Zone);

        var queues = forecast.InForce(calendar).ToDictionary(q => q.Queue, StringComparer.Ordinal);
        if (!queues.TryGetValue(queue, out var forecasted))
            throw new InvalidException("queue", "queue-unknown", $"The forecast has the queues {string.Join(", ", queues.Keys)}.");
        var day = forecasted.Days.SingleOrDefault(d => d.Date == date)
            ?? throw new InvalidException(
                "date", "outside-forecast", $"The forecast is for {forecast.Days} days from {forecast.From:yyyy-MM-dd}.");

        var past = (await session.QueueDays(forecast.ProjectId, date.AddDays(-7 * ForecastRequest.UsualHistoryWeeks), date.AddDays(1),
            cancellation))[queue].ToList();
        var today = past.SingleOrDefault(d => d.Date == date);
        var known = Known(calendar.QuartersOf(date), until, today, calendar, caller.Now);

        var before = past.Where(d => d.Date < date).Select(d => QueueHistory.BySlot(d, calendar)).ToList();
        var spread = before.Count == 0 ? ForecastSpread.Unknown
            : Forecaster.Forecast(new History(before), date, 1, cancellation).Days[0].Spread;

        return TypedResults.Ok(IntradayView.Of(
            id, queue, day, [.. (today?.Intervals ?? []).Take(known).Select(i => (double)i.Offered)], spread, calendar));
    }

    /// <summary>How many quarter hours of the day have their calls counted.</summary>
    private static int Known(
        IReadOnlyList<DateTimeOffset> quarters, TimeOnly? until, QueueDayV1? counted, LocalCalendar calendar, DateTimeOffset now)
    {
        var settled = quarters.Count(q => q.AddMinutes(LocalCalendar.QuarterMinutes) + Settling <= now);
        if (until is not { } time)
            return counted is null ? 0 : settled;
        if (!LocalCalendar.IsOnQuarter(time))
            throw new InvalidException("until", "not-a-quarter", "Quarter hours are counted as a whole.");

        var asked = quarters.Count(q => calendar.TimeOf(q) < time);
        return counted is not null && asked <= settled ? asked
            : throw new InvalidException("until", "not-yet-known", "The calls until then are not counted yet.");
    }
}

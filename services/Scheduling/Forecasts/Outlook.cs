using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Planning;
using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>The calls of whole months, quarters and years ahead, as sums. Computed when asked and kept nowhere.</summary>
/// <param name="Known">Last day of history used.</param>
/// <param name="Warnings">
/// As of a forecast, and season-unknown: less than two whole years of the queue are known, so no yearly season is in these numbers.
/// </param>
/// <param name="Months">Of those asked for.</param>
/// <param name="Quarters">Whole ones among them.</param>
/// <param name="Years">Whole ones among them.</param>
/// <param name="Season">Of the year; null where it is not known.</param>
public sealed record OutlookView(
    Guid ProjectId, string Queue, DateOnly Known, IReadOnlyList<string> Warnings, IReadOnlyList<OutlookPeriod> Months,
    IReadOnlyList<OutlookPeriod> Quarters, IReadOnlyList<OutlookPeriod> Years, QueueSeason? Season = null);

/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Calls">Expected.</param>
/// <param name="Low">One in ten such sums comes to lie below. Not the sum of the bounds of its days.</param>
/// <param name="High">One in ten comes to lie above.</param>
public sealed record OutlookPeriod(DateOnly From, DateOnly To, double Calls, double Low, double High);

internal static class Outlook
{
    private const string NoSeason = "season-unknown";

    extension(IEndpointRouteBuilder routes)
    {
        public void MapOutlook() => routes.MapGroup("/forecasts").WithTags("Forecasts").MapGet("/outlook", Get).Describe(
            "The calls of a queue by month, quarter and year, with intervals of the sums",
            problems: ["project-unknown", "queue-unknown", "not-a-month", "history-empty", "history-out-of-range"]).TakesLong();
    }

    private static async Task<Ok<OutlookView>> Get(
        Guid projectId, string queue, [Description("First day of the first month.")] DateOnly from, Caller caller, IQuerySession session,
        CancellationToken cancellation, [Range(1, 12), Description("How many months.")] int months = 12,
        [Range(1, 104), Description("How far back to look.")] int weeks = 104)
    {
        caller.MustSee(projectId);
        var project = await session.Project(projectId, cancellation);
        project.Queue("queue", queue);
        if (from.Day != 1)
            throw new InvalidException("from", "not-a-month", "An outlook begins on the first day of a month.");

        var today = project.Calendar.DayOf(caller.Now);
        var before = from < today ? from : today;
        var past = await session.QueueDays(projectId, from.AddDays(-7 * weeks), before, cancellation);
        var seasons = await QueueSeasons.Known(
            projectId, before, [], await session.DaysOf(project.Id, cancellation), session, cancellation);
        try
        {
            var history = new History(past[queue].Select(day => QueueHistory.BySlot(day, project.Calendar)));
            return TypedResults.Ok(Of(projectId, queue, from, months,
                Forecaster.Forecast(history, from, from.AddMonths(months).DayNumber - from.DayNumber, cancellation,
                    season: seasons.Of(queue))));
        }
        catch (PlanningException e)
        {
            throw new InvalidException("queue", e.Code, $"Queue '{queue}': {e.Message}");
        }
    }

    internal static OutlookView Of(Guid projectId, string queue, DateOnly from, int months, QueueForecast forecast)
    {
        string[] beside = forecast.Season is null ? [NoSeason] : [];
        return new(projectId, queue, forecast.Known, [.. forecast.Warnings, .. beside], Periods(1), Periods(3), Periods(12),
            QueueSeason.Of(forecast.Season));

        IReadOnlyList<OutlookPeriod> Periods(int length) =>
        [
            .. Enumerable.Range(0, months).Select(from.AddMonths)
                .Where(first => (first.Month - 1) % length == 0 && first.AddMonths(length) <= from.AddMonths(months))
                .Select(first => Period(first, first.AddMonths(length).AddDays(-1))),
        ];

        OutlookPeriod Period(DateOnly first, DateOnly last)
        {
            var sum = ForecastSum.Of([.. forecast.Days.Where(d => d.Date >= first && d.Date <= last)]);
            return new(first, last, Math.Round(sum.Calls), Math.Round(sum.Low), Math.Round(sum.High));
        }
    }
}

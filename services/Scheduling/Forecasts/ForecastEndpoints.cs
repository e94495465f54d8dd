using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Scheduling.Projects;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Forecasts.ForecastDecider;

namespace CallCenter.Scheduling.Forecasts;

/// <param name="From">First local day.</param>
/// <param name="Days">How many local days.</param>
/// <param name="HistoryWeeks">How far back to look. For a season of the year, day totals of up to four years are looked at beside.</param>
/// <param name="Queues">All queues of the project when left out.</param>
/// <param name="SpecialDays">Holidays, campaigns and the like, of the past and of the days asked for: days of one kind are taken to be
/// alike. Those of the project's calendar are taken beside them.</param>
public sealed record ForecastRequest(
    Guid ProjectId, DateOnly From, [Range(1, 92)] int Days = 7, [Range(1, 104)] int HistoryWeeks = ForecastRequest.UsualHistoryWeeks,
    [MinLength(1), MaxLength(100)] IReadOnlyList<string>? Queues = null,
    [MaxLength(1000)] IReadOnlyList<SpecialDay>? SpecialDays = null)
{
    internal const int UsualHistoryWeeks = 16;
}

/// <param name="From">By the wall clock, on a quarter hour; the first of the day when left out.</param>
/// <param name="To">Where it ends; the end of the day when left out.</param>
/// <param name="Factor">Times as many calls as computed, 0 to 100. Either this or <paramref name="Calls"/>.</param>
/// <param name="Calls">So many in all, spread as computed.</param>
public sealed record OverrideRequest(
    [Required, VisibleText, Line] string Queue, DateOnly Date, [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason,
    TimeOnly? From = null, TimeOnly? To = null, double? Factor = null, double? Calls = null);

/// <param name="Queues">Queue by queue.</param>
/// <param name="Overrides">In force, the oldest first. Those taken back and what was computed stay in the forecast's events.</param>
public sealed record ForecastView(
    Guid Id, Guid ProjectId, string Zone, DateOnly From, int Days, DateTimeOffset At, IReadOnlyList<QueueForecastView> Queues,
    IReadOnlyList<ForecastOverride> Overrides);

/// <param name="Method">The method of most weight, by the errors of all on the queue's own past; by-hand where somebody stated the calls.</param>
/// <param name="Wape">
/// Error of their weighted mean there, as a share: absolute errors per quarter hour over calls; null when the past is too short.
/// </param>
/// <param name="HandleTimeWape">The same for the handle time, weighed by the answered.</param>
/// <param name="Backtests">Every method tried, with its error and weight.</param>
/// <param name="Known">Last day of history used; the day before the first where there was none.</param>
/// <param name="Warnings">
/// history-short, history-gaps, nothing-offered, handle-time-unknown, weekday-unknown, special-day-unknown, level-shifted,
/// calendar-unpublished, by-hand.
/// </param>
/// <param name="Calls">Calls expected in all.</param>
/// <param name="Days">Day by day.</param>
/// <param name="Coverage">
/// Share of past quarter hours within low and high, which are made to hold 80 %; null when the past is too short.
/// </param>
/// <param name="Season">Of the year; null where it is not known, for less than two whole years of the queue are.</param>
public sealed record QueueForecastView(
    string Queue, string Method, double? Wape, double? HandleTimeWape, IReadOnlyList<Backtest> Backtests, DateOnly Known,
    IReadOnlyList<string> Warnings, double Calls, IReadOnlyList<ForecastDayView> Days, double? Coverage = null,
    QueueSeason? Season = null);

/// <param name="Calls">Calls expected on the day.</param>
/// <param name="Intervals">Quarter hour by quarter hour.</param>
public sealed record ForecastDayView(DateOnly Date, double Calls, IReadOnlyList<ForecastIntervalView> Intervals);

/// <param name="Calls">What holds: computed, or as overridden.</param>
/// <param name="HandleSeconds">Expected mean handle time.</param>
/// <param name="Low">One in ten counts comes to lie below.</param>
/// <param name="High">One in ten counts comes to lie above.</param>
/// <param name="Computed">What was computed, where an override holds.</param>
public sealed record ForecastIntervalView(
    DateTimeOffset StartsAt, double Calls, double HandleSeconds, double? Low = null, double? High = null, double? Computed = null);

/// <summary>The past of a queue as far as it is known here: a roll-up reaches this service a moment after it is made.</summary>
/// <param name="From">First day with figures.</param>
/// <param name="To">Last day with figures.</param>
/// <param name="Days">Days with figures.</param>
/// <param name="Calls">Offered on them.</param>
public sealed record KnownHistory(string Queue, DateOnly From, DateOnly To, int Days, int Calls);

internal static class ForecastEndpoints
{
    private const int LongestKind = 100;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapForecasts()
        {
            var forecasts = routes.MapGroup("/forecasts")
                .WithTag("Forecasts", "How many calls are expected, by quarter hour, and what planners know better.");

            forecasts.MapPost("/", Make).Describe(
                "Forecast calls and handle time per quarter hour",
                new ForecastRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), new(2026, 3, 9), 7),
                ["project-unknown", "queue-unknown", "history-empty", "history-out-of-range", "special-day-kind", "special-day-twice",
                 "forecast-exists"]).TakesLong();
            forecasts.MapGet("/", List).Describe("List the forecasts of a project");
            forecasts.MapGet("/history", GetHistory).Describe("What a forecast would rest on: the calls per queue that are known here");
            forecasts.MapGet("/{id:guid}", Get).Describe("Read a forecast, its intervals, the methods behind it and their past errors");
            forecasts.MapHistory("/{id:guid}", Get);
            forecasts.MapPost("/{id:guid}/overrides", Override).Describe(
                "Say what the past cannot know: more or fewer calls in a span of a day",
                new OverrideRequest("billing", new(2026, 3, 10), "Price letter to 40,000 customers", new(9, 0), new(12, 0), Factor: 1.3),
                ["queue-unknown", "outside-forecast", "not-a-quarter", "span-reversed", "factor-or-calls", "override-out-of-range"]);
            forecasts.MapDelete("/{id:guid}/overrides/{overrideId:guid}", Withdraw)
                .Describe("Take an override back: what was computed holds again");
        }
    }

    private static async Task<WriteResult> Make(
        ForecastRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.Project(request.ProjectId, cancellation);
        var calendar = project.Calendar;

        CheckSpecialDays(request.SpecialDays ?? []);
        var days = await session.DaysOf(project.Id, cancellation);
        var special = CalendarDays.Beside(request.SpecialDays ?? [], days, request.From.AddDays(-7 * request.HistoryWeeks),
            request.From.AddDays(request.Days - 1));

        // Today is not over, and what lies in the period asked for must not be known yet.
        var today = calendar.DayOf(caller.Now);
        var before = request.From < today ? request.From : today;
        var past = await session.QueueDays(project.Id, request.From.AddDays(-7 * request.HistoryWeeks), before, cancellation);
        var seasons = await QueueSeasons.Known(project.Id, before, request.SpecialDays ?? [], days, session, cancellation);

        var queues = (request.Queues ?? [.. project.Queues.Select(q => q.Queue)]).Distinct().Select((code, i) => QueueHistory.Forecast(
            $"/queues/{i}", project.Queue($"/queues/{i}", code).Queue, past[code], request.From, request.Days, calendar, cancellation,
            special, seasons.Of(code))).Select(queue => CalendarDays.Warned(queue, days, request.From, request.Days));
        var command = new MakeForecast(
            id.Value, project.Id, project.Zone, request.From, request.Days, [.. queues], caller.Id, caller.Now,
            special.Count > 0 || request.SpecialDays is not null ? [.. special] : null);

        return new(await session.Start<Forecast>(id.Value, state => Decide(command, state), cancellation), $"/forecasts/{id.Value}");
    }

    private static void CheckSpecialDays(IReadOnlyList<SpecialDay> days)
    {
        var errors = days.Index().Where(day => !Text.IsVisible(day.Item.Kind) || day.Item.Kind.Length > LongestKind).Select(day =>
                new Error($"/specialDays/{day.Index}/kind", "special-day-kind", $"A kind is 1 to {LongestKind} characters that one can see."))
            .Concat(days.Index().GroupBy(day => day.Item.Date).Where(same => same.Select(day => day.Item).Distinct().Skip(1).Any())
                .Select(same => new Error($"/specialDays/{same.Last().Index}/date", "special-day-twice",
                    $"{same.Key:yyyy-MM-dd} is said to be special in two ways."))).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);
    }

    private static async Task<Page<ForecastSummary>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return await session.Query<ForecastSummary>().Where(f => f.ProjectId == projectId).ToPage(page, f => f.Id, cancellation);
    }

    private static async Task<Ok<IReadOnlyList<KnownHistory>>> GetHistory(
        Guid projectId, [Description("The first day that would be forecast.")] DateOnly before, Caller caller,
        IQuerySession session, CancellationToken cancellation,
        [Range(1, 104), Description("How far back to look.")] int weeks = ForecastRequest.UsualHistoryWeeks)
    {
        caller.MustSee(projectId);
        var past = await session.QueueDays(projectId, before.AddDays(-7 * weeks), before, cancellation);

        return TypedResults.Ok<IReadOnlyList<KnownHistory>>(
        [
            .. past.Select(queue => new KnownHistory(queue.Key, queue.Min(d => d.Date), queue.Max(d => d.Date), queue.Count(),
                queue.Sum(d => d.Intervals.Sum(i => i.Offered)))).OrderBy(q => q.Queue, StringComparer.Ordinal),
        ]);
    }

    private static async Task<Versioned<ForecastView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var forecast = await session.LoadAsync<Forecast>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(forecast.ProjectId);

        return new(View(forecast, LocalCalendar.Of(forecast.Zone)), forecast.Version);
    }

    private static async Task<WriteResult> Override(
        Guid id, OverrideRequest request, NewId made, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new OverrideForecast(new(made.Value, request.Queue, request.Date, request.From, request.To, request.Factor,
            request.Calls,
            request.Reason, caller.Id, caller.Now));

        return new(await Change(id, expected, caller, session, forecast => Decide(command, forecast), cancellation),
            $"/forecasts/{id}/overrides/{made.Value}");
    }

    private static async Task<WriteResult> Withdraw(
        Guid id, Guid overrideId, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await Change(id, expected, caller, session, forecast =>
            Decide(new WithdrawOverride(overrideId, caller.Id, caller.Now), forecast), cancellation));

    private static Task<long> Change(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, Func<Forecast, object[]> decide,
        CancellationToken cancellation) =>
        session.Decide<Forecast>(id, expected.Value, forecast =>
        {
            caller.MustSee(forecast.ProjectId);
            return decide(forecast);
        }, cancellation);

    private static ForecastView View(Forecast forecast, LocalCalendar calendar) => new(
        forecast.Id, forecast.ProjectId, forecast.Zone, forecast.From, forecast.Days, forecast.At,
        [
            .. forecast.InForce(calendar).Zip(forecast.Queues, (q, computed) => new QueueForecastView(
                q.Queue, q.Method, q.Wape, q.HandleTimeWape, q.Backtests, q.Known, q.Warnings,
                Math.Round(q.Days.Sum(d => d.Calls.Sum()), 1),
                [.. q.Days.Zip(computed.Days, (day, before) => View(day, before, calendar))], q.Coverage, q.Season)),
        ],
        forecast.Overrides);

    private static ForecastDayView View(ForecastedDay day, ForecastedDay computed, LocalCalendar calendar) =>
        new(day.Date, Math.Round(day.Calls.Sum(), 1),
        [.. calendar.QuartersOf(day.Date)
            .Select((start, i) => new ForecastIntervalView(start, day.Calls[i], day.HandleSeconds[i], day.Low?[i], day.High?[i],
            day.Calls[i] == computed.Calls[i] ? null : computed.Calls[i]))]);
}

using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Forecasts.ForecastDecider;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>What somebody expects where there is no past to learn from: a new project, a new queue.</summary>
/// <param name="From">First local day.</param>
/// <param name="Days">How many local days.</param>
/// <param name="Reason">Where the numbers come from.</param>
/// <param name="Queues">Queue by queue; a queue left out is not in the forecast.</param>
public sealed record ForecastByHandRequest(
    Guid ProjectId, DateOnly From, [property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason,
    [MinLength(1), MaxLength(100)] IReadOnlyList<QueueByHand> Queues, [Range(1, 92)] int Days = 7);

/// <param name="Calls">Where several hold for a quarter hour, the last does; where none does, no calls are expected.</param>
public sealed record QueueByHand(
    [Required, VisibleText, Line] string Queue, [MinLength(1), MaxLength(200)] IReadOnlyList<CallsByHand> Calls);

/// <param name="CallsAnHour">Offered.</param>
/// <param name="HandleSeconds">Mean handle time.</param>
/// <param name="On">Weekdays; every day when left out.</param>
/// <param name="From">By the wall clock, on a quarter hour; the first of the day when left out.</param>
/// <param name="To">Where it ends; the end of the day when left out, or 00:00.</param>
public sealed record CallsByHand(
    [Range(0.0, 1_000_000.0)] double CallsAnHour, [Range(1.0, 86_400.0)] double HandleSeconds,
    [MinLength(1), MaxLength(7)] IReadOnlyList<DayOfWeek>? On = null, TimeOnly? From = null, TimeOnly? To = null)
{
    internal WeekSpan Span => new(On, From, To);
}

internal static class ForecastByHand
{
    /// <summary>The method of a queue whose calls were stated, not computed; also its only warning.</summary>
    public const string Method = "by-hand";

    /// <summary>Nothing is known of how far off it may be: it has no interval, no error and no weights.</summary>
    public static ForecastedQueue Of(QueueByHand stated, DateOnly from, int days, LocalCalendar calendar)
    {
        return new(stated.Queue, Method, null, null, [], from.AddDays(-1), [Method],
            [.. Enumerable.Range(0, days).Select(from.AddDays).Select(Day)]);

        ForecastedDay Day(DateOnly date)
        {
            var quarters = WeekSpan.Over(stated.Calls, calls => calls.Span, date, calendar).ToList();
            return new(date,
                [.. quarters.Select(q => Math.Round((q?.CallsAnHour ?? 0) * LocalCalendar.QuarterMinutes / 60, 3))],
                [.. quarters.Select(q => Math.Round(q?.HandleSeconds ?? 0, 1))]);
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        public void MapForecastsByHand() => routes.MapGroup("/forecasts").WithTags("Forecasts").MapPost("/by-hand", State).Describe(
            "State the calls that are expected where there is no past to forecast from",
            new ForecastByHandRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), new(2026, 3, 9), "The client's business plan",
                [new("billing", [new(40, 240, [DayOfWeek.Monday], new(9, 0), new(12, 0))])]),
            ["project-unknown", "queue-unknown", "queue-twice", "not-a-quarter", "span-reversed", "forecast-exists"]);
    }

    private static async Task<WriteResult> State(
        ForecastByHandRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        var project = await session.Project(request.ProjectId, cancellation);
        foreach (var (i, queue) in request.Queues.Index())
        {
            project.Queue($"/queues/{i}/queue", queue.Queue);
            if (request.Queues.Take(i).Any(q => q.Queue == queue.Queue))
                throw new InvalidException($"/queues/{i}/queue", "queue-twice", $"The calls of the queue '{queue.Queue}' are stated already.");
            foreach (var (s, calls) in queue.Calls.Index())
                calls.Span.Check($"/queues/{i}/calls/{s}");
        }

        var command = new MakeForecast(id.Value, project.Id, project.Zone, request.From, request.Days,
            [.. request.Queues.Select(q => Of(q, request.From, request.Days, project.Calendar))], caller.Id, caller.Now,
            Reason: request.Reason);

        return new(await session.Start<Forecast>(id.Value, state => Decide(command, state), cancellation), $"/forecasts/{id.Value}");
    }
}

using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Scheduling.Forecasts;

// ---- Values

/// <summary>One local day of a queue: as many quarter hours as the day has.</summary>
/// <param name="Calls">Expected offered calls per quarter hour.</param>
/// <param name="HandleSeconds">Expected mean handle time per quarter hour.</param>
/// <param name="Low">One in ten counts comes to lie below. Null in forecasts made before intervals were.</param>
/// <param name="High">One in ten counts comes to lie above.</param>
public sealed record ForecastedDay(
    DateOnly Date, ImmutableArray<double> Calls, ImmutableArray<double> HandleSeconds,
    ImmutableArray<double>? Low = null, ImmutableArray<double>? High = null);

/// <summary>A queue's forecast and what it rests on.</summary>
/// <param name="Method">The method of most weight, by the errors of all on the queue's own past; by-hand where somebody stated the calls.</param>
/// <param name="Wape">The error of their weighted mean there, as a share: sum of absolute errors per quarter hour over the sum of the
/// calls. Null when the past is too short.</param>
/// <param name="Known">Last day of history used; the day before the first where there was none.</param>
/// <param name="Warnings">
/// history-short, history-gaps, nothing-offered, handle-time-unknown, weekday-unknown, special-day-unknown, level-shifted,
/// calendar-unpublished, by-hand.
/// </param>
/// <param name="Coverage">Share of past quarter hours within the interval, which is made to hold 80 %.</param>
/// <param name="Season">Of the year; null where less than two whole years were known, and in forecasts made before seasons were.</param>
public sealed record ForecastedQueue(
    string Queue, string Method, double? Wape, double? HandleTimeWape, ImmutableArray<Backtest> Backtests, DateOnly Known,
    ImmutableArray<string> Warnings, ImmutableArray<ForecastedDay> Days, double? Coverage = null, QueueSeason? Season = null);

/// <summary>What a planner knows that the past does not: a mailing, an outage, a price change.</summary>
/// <param name="From">By the wall clock, on a quarter hour. The first of the day when null.</param>
/// <param name="To">Where it ends; the end of the day when null, or 00:00.</param>
/// <param name="Factor">Times as many calls as computed.</param>
/// <param name="Calls">So many in all, spread as computed. Either this or the factor.</param>
public sealed record ForecastOverride(
    Guid Id, string Queue, DateOnly Date, TimeOnly? From, TimeOnly? To, double? Factor, double? Calls, string Reason, Guid By,
    DateTimeOffset At);

// ---- Events

/// <param name="Reason">Of a forecast by hand: where the numbers come from.</param>
public sealed record ForecastMade(
    Guid ForecastId, Guid ProjectId, string Zone, DateOnly From, int Days, Guid By, DateTimeOffset At,
    ImmutableArray<SpecialDay>? SpecialDays = null, string? Reason = null);

public sealed record QueueForecasted(Guid ForecastId, ForecastedQueue Forecast);

public sealed record ForecastOverridden(Guid ForecastId, ForecastOverride Override);

public sealed record ForecastOverrideWithdrawn(Guid ForecastId, Guid OverrideId, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record MakeForecast(
    Guid ForecastId, Guid ProjectId, string Zone, DateOnly From, int Days, ImmutableArray<ForecastedQueue> Queues, Guid By,
    DateTimeOffset Now,
    ImmutableArray<SpecialDay>? SpecialDays = null, string? Reason = null);

public sealed record OverrideForecast(ForecastOverride Override);

public sealed record WithdrawOverride(Guid OverrideId, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>A forecast as computed, kept for ever, and what planners made of it: what was known when can be looked up.</summary>
public sealed record Forecast
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Zone { get; init; } = "";
    public DateOnly From { get; init; }
    public int Days { get; init; }

    /// <summary>As computed.</summary>
    public ImmutableArray<ForecastedQueue> Queues { get; init; } = [];

    /// <summary>In force, in the order they were made. Of two for one quarter hour the later holds.</summary>
    public ImmutableArray<ForecastOverride> Overrides { get; init; } = [];

    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }

    public Forecast Evolve(object @event) => @event switch
    {
        ForecastMade e => this with { ProjectId = e.ProjectId, Zone = e.Zone, From = e.From, Days = e.Days, By = e.By, At = e.At },
        QueueForecasted e => this with { Queues = Queues.Add(e.Forecast) },
        ForecastOverridden e => this with { Overrides = Overrides.Add(e.Override) },
        ForecastOverrideWithdrawn e => this with { Overrides = Overrides.RemoveAll(o => o.Id == e.OverrideId) },
        _ => this,
    };

    /// <summary>The queues with what overrides make of them: what is staffed for.</summary>
    public IEnumerable<ForecastedQueue> InForce(LocalCalendar calendar) => Queues.Select(queue => queue with
    {
        Days = [.. queue.Days.Select(day =>
            Overrides.Where(o => (o.Queue, o.Date) == (queue.Queue, day.Date)).ToList() is { Count: > 0 } overrides
            ? Overridden(day, overrides, [.. calendar.QuartersOf(day.Date).Select(calendar.TimeOf)]) : day)],
    });

    private static ForecastedDay Overridden(ForecastedDay day, List<ForecastOverride> overrides, TimeOnly[] quarters)
    {
        var calls = day.Calls.ToArray();
        foreach (var made in overrides)
        {
            var span = Enumerable.Range(0, quarters.Length)
                .Where(i => new HoursOfDay(made.From, made.To).Holds(quarters[i])).ToList();
            var computed = span.Sum(i => day.Calls[i]);
            foreach (var i in span)
                calls[i] = made.Calls is not { } total ? day.Calls[i] * made.Factor!.Value
                    : computed > 0 ? day.Calls[i] * total / computed : total / span.Count;
        }

        // Where nothing was expected nothing is known about how far off it may be either.
        return day with { Calls = [.. calls.Select(c => Math.Round(c, 3))], Low = Moved(day.Low), High = Moved(day.High) };

        ImmutableArray<double>? Moved(ImmutableArray<double>? bound) => bound is { } limits
            ? [.. limits.Select((limit, i) => Math.Round(day.Calls[i] > 0 ? limit * calls[i] / day.Calls[i] : calls[i], 1))] : null;
    }
}

// ---- Decisions

public static class ForecastDecider
{
    private const double MostFactor = 100;
    private const double MostCalls = 1_000_000;

    public static object[] Decide(MakeForecast command, Forecast state)
    {
        if (state.Days == 0)
            return
            [
                new ForecastMade(command.ForecastId, command.ProjectId, command.Zone, command.From, command.Days, command.By, command.Now,
                    command.SpecialDays, command.Reason),
                .. command.Queues.Select(q => new QueueForecasted(command.ForecastId, q)),
            ];

        return (state.ProjectId, state.From, state.Days) == (command.ProjectId, command.From, command.Days)
            ? []
            : throw new RefusedException("forecast-exists", "There is another forecast under this id.");
    }

    public static object[] Decide(OverrideForecast command, Forecast state)
    {
        var made = command.Override;
        if (state.Queues.All(q => q.Queue != made.Queue))
            throw new InvalidException("/queue", "queue-unknown",
                $"The forecast has the queues {string.Join(", ", state.Queues.Select(q => q.Queue))}.");
        if (made.Date < state.From || made.Date >= state.From.AddDays(state.Days))
            throw new InvalidException("/date", "outside-forecast",
                $"The forecast is for {state.From:yyyy-MM-dd} to {state.From.AddDays(state.Days - 1):yyyy-MM-dd}.");
        if (!OnQuarter(made.From) || !OnQuarter(made.To))
            throw new InvalidException(OnQuarter(made.From) ? "/to" : "/from", "not-a-quarter",
                "A span begins and ends on a quarter hour.");
        if (new HoursOfDay(made.From, made.To).IsReversed)
            throw new InvalidException("/to", "span-reversed", "A span ends after it begins; 00:00 is the end of the day.");
        if (made.Factor.HasValue == made.Calls.HasValue)
            throw new InvalidException("/factor", "factor-or-calls", "Say either how many times as many calls or how many.");
        if (made.Factor is not null and not (>= 0 and <= MostFactor) || made.Calls is not null and not (>= 0 and <= MostCalls))
            throw new InvalidException(made.Calls is null ? "/factor" : "/calls", "override-out-of-range",
                $"A factor is 0 to {MostFactor}, a number of calls 0 to {MostCalls}.");

        return state.Overrides.Any(o => o.Id == made.Id) ? [] : [new ForecastOverridden(state.Id, made)];
    }

    public static object[] Decide(WithdrawOverride command, Forecast state) => state.Overrides.Any(o => o.Id == command.OverrideId)
        ? [new ForecastOverrideWithdrawn(state.Id, command.OverrideId, command.By, command.Now)]
        : throw new StreamNotFoundException(command.OverrideId);

    private static bool OnQuarter(TimeOnly? time) => time is not { } at || LocalCalendar.IsOnQuarter(at);
}

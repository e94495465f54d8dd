using System.Collections.Immutable;
using CallCenter.EventSourcing;
using CallCenter.Planning.Forecasting;

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
/// <param name="Method">The method of most weight, by the errors of all on the queue's own past.</param>
/// <param name="Wape">The error of their weighted mean there, as a share: sum of absolute errors per quarter hour over the sum of the calls. Null when the past is too short.</param>
/// <param name="Known">Last day of history used.</param>
/// <param name="Warnings">
/// history-short, history-gaps, nothing-offered, handle-time-unknown, weekday-unknown, special-day-unknown, level-shifted.
/// </param>
/// <param name="Coverage">Share of past quarter hours within the interval, which is made to hold 80 %.</param>
public sealed record ForecastedQueue(
    string Queue, string Method, double? Wape, double? HandleTimeWape, ImmutableArray<Backtest> Backtests, DateOnly Known,
    ImmutableArray<string> Warnings, ImmutableArray<ForecastedDay> Days, double? Coverage = null);

// ---- Events

public sealed record ForecastMade(
    Guid ForecastId, Guid ProjectId, string Zone, DateOnly From, int Days, Guid By, DateTimeOffset At,
    ImmutableArray<SpecialDay>? SpecialDays = null);

public sealed record QueueForecasted(Guid ForecastId, ForecastedQueue Forecast);

// ---- Commands

public sealed record MakeForecast(
    Guid ForecastId, Guid ProjectId, string Zone, DateOnly From, int Days, ImmutableArray<ForecastedQueue> Queues, Guid By, DateTimeOffset Now,
    ImmutableArray<SpecialDay>? SpecialDays = null);

// ---- State

/// <summary>A forecast, kept for ever: what was known when can be looked up.</summary>
public sealed record Forecast
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Zone { get; init; } = "";
    public DateOnly From { get; init; }
    public int Days { get; init; }
    public ImmutableArray<ForecastedQueue> Queues { get; init; } = [];
    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }

    public Forecast Evolve(object @event) => @event switch
    {
        ForecastMade e => this with { ProjectId = e.ProjectId, Zone = e.Zone, From = e.From, Days = e.Days, By = e.By, At = e.At },
        QueueForecasted e => this with { Queues = Queues.Add(e.Forecast) },
        _ => this,
    };
}

// ---- Decisions

public static class ForecastDecider
{
    public static object[] Decide(MakeForecast command, Forecast state)
    {
        if (state.Days == 0)
            return
            [
                new ForecastMade(command.ForecastId, command.ProjectId, command.Zone, command.From, command.Days, command.By, command.Now, command.SpecialDays),
                .. command.Queues.Select(q => new QueueForecasted(command.ForecastId, q)),
            ];

        return (state.ProjectId, state.From, state.Days) == (command.ProjectId, command.From, command.Days)
            ? []
            : throw new RefusedException("forecast-exists", "There is another forecast under this id.");
    }
}

using System.Collections.Immutable;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>A forecast in a list. Its figures are too many to read for that.</summary>
public sealed record ForecastSummary
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public DateOnly From { get; init; }
    public int Days { get; init; }

    /// <summary>Their codes.</summary>
    public ImmutableArray<string> Queues { get; init; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; init; }

    public ForecastSummary Evolve(object @event) => @event switch
    {
        ForecastMade e => this with { ProjectId = e.ProjectId, From = e.From, Days = e.Days, At = e.At },
        QueueForecasted e => this with { Queues = Queues.Add(e.Forecast.Queue) },
        _ => this,
    };
}

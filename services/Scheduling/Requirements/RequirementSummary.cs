using System.Collections.Immutable;

namespace CallCenter.Scheduling.Requirements;

/// <summary>A staffing requirement in a list.</summary>
public sealed record RequirementSummary
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>All zeros where it was stated by hand.</summary>
    public Guid ForecastId { get; init; }
    public DateOnly From { get; init; }
    public int Days { get; init; }

    /// <summary>Their codes.</summary>
    public ImmutableArray<string> Queues { get; init; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; init; }

    public RequirementSummary Evolve(object @event) => @event switch
    {
        RequirementMade e => this with { ProjectId = e.ProjectId, ForecastId = e.ForecastId, From = e.From, Days = e.Days, At = e.At },
        QueueStaffed e => this with { Queues = Queues.Add(e.Staffing.Queue) },
        _ => this,
    };
}

namespace CallCenter.Scheduling.Rosters;

/// <summary>A roster in a list.</summary>
public sealed record RosterSummary
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public Guid RequirementId { get; init; }
    public DateOnly From { get; init; }
    public int Days { get; init; }
    public RosterStatus Status { get; init; }

    /// <summary>Number of its last publication in the project; 0 before the first.</summary>
    public long Publication { get; init; }

    /// <summary>How many are rostered.</summary>
    public int Agents { get; init; }

    /// <summary>When it was generated.</summary>
    public DateTimeOffset At { get; init; }

    public RosterSummary Evolve(object @event) => @event switch
    {
        RosterGenerated e => this with
        {
            ProjectId = e.ProjectId,
            RequirementId = e.RequirementId,
            From = e.From,
            Days = e.Days,
            Agents = e.Agents.Length,
            At = e.At,
            Status = RosterStatus.Draft,
        },
        ShiftAssigned _ => Touched(),
        ShiftUnassigned _ => Touched(),
        ShiftFreed e => this with { Publication = e.Publication },
        DayExchanged e => this with { Publication = e.Publication },
        ShiftCut e => this with { Publication = e.Publication },
        RosterPublished e => this with { Status = RosterStatus.Published, Publication = e.Publication },
        _ => this,
    };

    private RosterSummary Touched() => this with { Status = Publication > 0 ? RosterStatus.Changed : RosterStatus.Draft };
}

namespace CallCenter.Scheduling.Rosters;

/// <summary>A roster of the project was published.</summary>
public sealed record PublicationNumbered(Guid ProjectId, Guid RosterId, long Number, DateTimeOffset At);

/// <summary>
/// Counts a project's publications. Its number is the version of the days that others keep, so it must grow from one roster to
/// the next; two publications at the same moment meet here, and one of them has to try again.
/// </summary>
public sealed record Publications
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public long Last { get; init; }

    public static Guid IdOf(Guid projectId) => EventSourcing.NameId.Of("publications", projectId);

    public Publications Evolve(object @event) => @event switch
    {
        PublicationNumbered e => this with { Last = e.Number },
        _ => this,
    };
}

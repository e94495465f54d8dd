using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.People.Retention;

// ---- Events. A stream of its own beside the project's: a version of the service that does not know them leaves it alone.

/// <param name="Days">For how many days each kind of thing is kept.</param>
public sealed record RetentionSet(Guid ProjectId, IReadOnlyDictionary<string, int> Days, Guid By, DateTimeOffset At);

/// <param name="From">First local day that it covers; null for all before <paramref name="Through"/>.</param>
/// <param name="Through">Last local day that it covers; null for all to come.</param>
public sealed record LegalHoldPlaced(
    Guid ProjectId, Guid HoldId, string Reason, DateOnly? From, DateOnly? Through, Guid By, DateTimeOffset At);

public sealed record LegalHoldReleased(Guid HoldId, string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record SetRetention(Guid ProjectId, IReadOnlyDictionary<string, int> Days, Guid By, DateTimeOffset Now);

public sealed record PlaceLegalHold(
    Guid ProjectId, Guid HoldId, string Reason, DateOnly? From, DateOnly? Through, Guid By, DateTimeOffset Now);

/// <summary>A restore has undone it.</summary>
public sealed record PlaceLegalHoldAgain(Guid ProjectId, Guid HoldId, DateOnly? From, DateOnly? Through, DateTimeOffset Now);

public sealed record ReleaseLegalHold(Guid HoldId, string Reason, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>What it covers is not deleted, whatever retention and erasures say.</summary>
/// <param name="Reason">Why it was placed.</param>
/// <param name="From">First local day that it covers; null for all before <paramref name="Through"/>.</param>
/// <param name="Through">Last local day that it covers; null for all to come.</param>
/// <param name="PlacedBy">Who placed it.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="ReleasedBy">Who released it; null while it is in force.</param>
/// <param name="ReleasedAt">When it was released; null while it is in force.</param>
/// <param name="ReleaseReason">Why it was released; null while it is in force.</param>
public sealed record PlacedHold(
    Guid Id, string Reason, DateOnly? From, DateOnly? Through, Guid PlacedBy, DateTimeOffset PlacedAt,
    Guid? ReleasedBy = null, DateTimeOffset? ReleasedAt = null, string? ReleaseReason = null);

/// <summary>For how long a project keeps what, and what of it must not be deleted.</summary>
public sealed record ProjectRetention
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public IReadOnlyDictionary<string, int> Days { get; init; } = new Dictionary<string, int>();

    /// <summary>All that were ever placed, in that order.</summary>
    public IReadOnlyList<PlacedHold> LegalHolds { get; init; } = [];

    public IEnumerable<PlacedHold> HoldsInForce => LegalHolds.Where(hold => hold.ReleasedBy is null);

    /// <summary>What is said of each kind, by its name.</summary>
    public IReadOnlyList<RetainedDays> Periods() => PeriodsOf(Days);

    internal static IReadOnlyList<RetainedDays> PeriodsOf(IReadOnlyDictionary<string, int> days) =>
        [.. days.OrderBy(kept => kept.Key, StringComparer.Ordinal).Select(kept => new RetainedDays(kept.Key, kept.Value))];

    public static Guid IdOf(Guid project) => NameId.Of("project-retention", project);

    public StreamFact ToFact(Guid id, long version) => new(id, new RetentionV1(ProjectId, version, Periods(),
        [.. HoldsInForce.Select(hold => new LegalHold(hold.Id, hold.From, hold.Through))],
        [.. LegalHolds.Where(hold => hold.ReleasedBy is not null).Select(hold => hold.Id)]));

    public ProjectRetention Evolve(object @event) => @event switch
    {
        RetentionSet e => this with { ProjectId = e.ProjectId, Days = e.Days },
        LegalHoldPlaced e => this with
        {
            ProjectId = e.ProjectId,
            LegalHolds = [.. LegalHolds, new(e.HoldId, e.Reason, e.From, e.Through, e.By, e.At)],
        },
        LegalHoldReleased e => this with
        {
            LegalHolds = [.. LegalHolds.Select(hold => hold.Id != e.HoldId ? hold
                : hold with { ReleasedBy = e.By, ReleasedAt = e.At, ReleaseReason = e.Reason })],
        },
        _ => this,
    };
}

// ---- Decisions

public static class RetentionDecider
{
    public static object[] Decide(SetRetention command, ProjectRetention state) =>
        ProjectRetention.PeriodsOf(command.Days).SequenceEqual(state.Periods()) ? []
            : [new RetentionSet(command.ProjectId, command.Days, command.By, command.Now)];

    public static object[] Decide(PlaceLegalHold command, ProjectRetention state) => Hold(command.HoldId, state) switch
    {
        null =>
        [
            new LegalHoldPlaced(
                command.ProjectId, command.HoldId, command.Reason, command.From, command.Through, command.By, command.Now),
        ],
        var placed when (placed.Reason, placed.From, placed.Through) == (command.Reason, command.From, command.Through) => [],
        _ => throw new RefusedException("hold-exists", "There is another hold under this id."),
    };

    // Placed by nobody, so that anybody may release it. One that is known is in force, or was released since.
    public static object[] Decide(PlaceLegalHoldAgain command, ProjectRetention state) => Hold(command.HoldId, state) is not null ? []
        : [new LegalHoldPlaced(command.ProjectId, command.HoldId, "In force before a restore, which has undone it with its reason.",
            command.From, command.Through, Guid.Empty, command.Now)];

    // What a hold protects is wanted by somebody else than who would rather be rid of it: two people end it.
    public static object[] Decide(ReleaseLegalHold command, ProjectRetention state) => Hold(command.HoldId, state) switch
    {
        null => throw new RefusedException("hold-unknown", "The project has no such hold."),
        { ReleasedBy: not null } => [],
        var hold when hold.PlacedBy == command.By => throw new RefusedException(
            "hold-second-person", "A hold is released by somebody else than who placed it."),
        _ => [new LegalHoldReleased(command.HoldId, command.Reason, command.By, command.Now)],
    };

    private static PlacedHold? Hold(Guid id, ProjectRetention state) => state.LegalHolds.FirstOrDefault(hold => hold.Id == id);
}

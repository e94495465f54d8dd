using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.People.Projects;

// ---- Events

public sealed record ProjectOpened(
    Guid ProjectId, string Name, string Client, string Zone, DayOfWeek WeekStartsOn, DateTimeOffset At);

public sealed record ProjectRenamed(string Name, string Client, DateTimeOffset At);

public sealed record WeekStartChanged(DayOfWeek WeekStartsOn, DateTimeOffset At);

public sealed record OpeningHoursSet(IReadOnlyList<Opening> Hours, DateTimeOffset At);

public sealed record QueuesSet(IReadOnlyList<Queue> Queues, DateTimeOffset At);

public sealed record TargetAgreed(
    string Kpi, decimal Value, DateOnly EffectiveFrom, DateTimeOffset At,
    TargetScope Scope = TargetScope.Project, string? ScopeId = null, DateOnly? Through = null);

/// <summary>Their addresses are in DigestAddresses; a new address alone is this event too, with the same readers.</summary>
public sealed record DigestReadersSet(IReadOnlyList<Reader> Readers, DateTimeOffset At);

/// <param name="Days">For how many days each kind of thing is kept.</param>
public sealed record RetentionSet(IReadOnlyDictionary<string, int> Days, Guid By, DateTimeOffset At);

/// <param name="From">First local day that it covers; null for all before <paramref name="Through"/>.</param>
/// <param name="Through">Last local day that it covers; null for all to come.</param>
public sealed record LegalHoldPlaced(Guid HoldId, string Reason, DateOnly? From, DateOnly? Through, Guid By, DateTimeOffset At);

public sealed record LegalHoldReleased(Guid HoldId, string Reason, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record OpenProject(
    Guid ProjectId, string Name, string Client, string Zone, DayOfWeek WeekStartsOn, IReadOnlyList<Opening> OpeningHours,
    IReadOnlyList<Queue> Queues, IReadOnlyList<Target> Targets, IReadOnlyList<Reader> Readers, bool AddressesChanged, DateTimeOffset Now);

public sealed record ChangeProject(string Name, string Client, DayOfWeek WeekStartsOn, DateTimeOffset Now);

public sealed record SetOpeningHours(IReadOnlyList<Opening> Hours, DateTimeOffset Now);

public sealed record SetQueues(IReadOnlyList<Queue> Queues, DateTimeOffset Now);

public sealed record AgreeTarget(Target Target, DateTimeOffset Now);

public sealed record SetDigestReaders(IReadOnlyList<Reader> Readers, bool AddressesChanged, DateTimeOffset Now);

public sealed record SetRetention(IReadOnlyDictionary<string, int> Days, Guid By, DateTimeOffset Now);

public sealed record PlaceLegalHold(Guid HoldId, string Reason, DateOnly? From, DateOnly? Through, Guid By, DateTimeOffset Now);

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

public sealed record Project
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string Name { get; init; } = "";
    public string Client { get; init; } = "";
    public string Zone { get; init; } = "";
    public DayOfWeek WeekStartsOn { get; init; }
    public IReadOnlyList<Opening> OpeningHours { get; init; } = [];
    public IReadOnlyList<Queue> Queues { get; init; } = [];

    /// <summary>Every version of every target, in the order of KPI and date.</summary>
    public IReadOnlyList<Target> Targets { get; init; } = [];
    public IReadOnlyList<Reader> Readers { get; init; } = [];

    /// <summary>For how many days each kind of thing is kept.</summary>
    public IReadOnlyDictionary<string, int> Retention { get; init; } = new Dictionary<string, int>();

    /// <summary>All that were ever placed, in that order.</summary>
    public IReadOnlyList<PlacedHold> LegalHolds { get; init; } = [];

    public IEnumerable<PlacedHold> HoldsInForce => LegalHolds.Where(hold => hold.ReleasedBy is null);

    public Project Evolve(object @event) => @event switch
    {
        ProjectOpened e => this with { Id = e.ProjectId, Name = e.Name, Client = e.Client, Zone = e.Zone, WeekStartsOn = e.WeekStartsOn },
        ProjectRenamed e => this with { Name = e.Name, Client = e.Client },
        WeekStartChanged e => this with { WeekStartsOn = e.WeekStartsOn },
        OpeningHoursSet e => this with { OpeningHours = e.Hours },
        QueuesSet e => this with { Queues = e.Queues },
        TargetAgreed e => this with
        {
            Targets =
            [
                .. Targets.Append(new(e.Kpi, e.Value, e.EffectiveFrom, e.Scope, e.ScopeId, e.Through))
                    .OrderBy(t => t.Kpi, StringComparer.Ordinal).ThenBy(t => t.EffectiveFrom),
            ],
        },
        DigestReadersSet e => this with { Readers = e.Readers },
        RetentionSet e => this with { Retention = e.Days },
        LegalHoldPlaced e => this with { LegalHolds = [.. LegalHolds, new(e.HoldId, e.Reason, e.From, e.Through, e.By, e.At)] },
        LegalHoldReleased e => this with
        {
            LegalHolds = [.. LegalHolds.Select(hold => hold.Id != e.HoldId ? hold
                : hold with { ReleasedBy = e.By, ReleasedAt = e.At, ReleaseReason = e.Reason })],
        },
        _ => this,
    };
}

// ---- Decisions

public static class ProjectDecider
{
    public static object[] Decide(OpenProject command, Project state)
    {
        if (state.Id != Guid.Empty)
            return Same(command, state)
                ? []
                : throw new RefusedException("project-exists", "A project with this id has been opened with other particulars.");

        return
        [
            new ProjectOpened(command.ProjectId, command.Name, command.Client, command.Zone, command.WeekStartsOn, command.Now),
            .. Decide(new SetOpeningHours(command.OpeningHours, command.Now), state),
            .. Decide(new SetQueues(command.Queues, command.Now), state),
            .. command.Targets.Select(t => Agreed(t, command.Now)),
            .. Decide(new SetDigestReaders(command.Readers, command.AddressesChanged, command.Now), state),
        ];
    }

    public static object[] Decide(ChangeProject command, Project state) =>
    [
        .. (command.Name, command.Client) == (state.Name, state.Client)
            ? Array.Empty<object>() : [new ProjectRenamed(command.Name, command.Client, command.Now)],
        .. command.WeekStartsOn == state.WeekStartsOn
            ? Array.Empty<object>() : [new WeekStartChanged(command.WeekStartsOn, command.Now)],
    ];

    public static object[] Decide(SetOpeningHours command, Project state) =>
        command.Hours.SequenceEqual(state.OpeningHours) ? [] : [new OpeningHoursSet(command.Hours, command.Now)];

    public static object[] Decide(SetQueues command, Project state) =>
        command.Queues.SequenceEqual(state.Queues) ? [] : [new QueuesSet(command.Queues, command.Now)];

    public static object[] Decide(AgreeTarget command, Project state)
    {
        var target = command.Target;

        return state.Targets.FirstOrDefault(t => t.Key == target.Key) switch
        {
            null => [Agreed(target, command.Now)],
            var agreed when agreed == target => [],
            var agreed => throw new RefusedException("target-agreed",
                $"{agreed.Kpi} from {agreed.EffectiveFrom:yyyy-MM-dd} is agreed at {agreed.Value}; a new value needs a new date."),
        };
    }

    public static object[] Decide(SetDigestReaders command, Project state) =>
        command.AddressesChanged || !command.Readers.SequenceEqual(state.Readers)
            ? [new DigestReadersSet(command.Readers, command.Now)]
            : [];

    public static object[] Decide(SetRetention command, Project state) =>
        command.Days.OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .SequenceEqual(state.Retention.OrderBy(kind => kind.Key, StringComparer.Ordinal))
            ? [] : [new RetentionSet(command.Days, command.By, command.Now)];

    public static object[] Decide(PlaceLegalHold command, Project state) => Hold(command.HoldId, state) switch
    {
        null => [new LegalHoldPlaced(command.HoldId, command.Reason, command.From, command.Through, command.By, command.Now)],
        var placed when (placed.Reason, placed.From, placed.Through) == (command.Reason, command.From, command.Through) => [],
        _ => throw new RefusedException("hold-exists", "There is another hold under this id."),
    };

    // What a hold protects is wanted by somebody else than who would rather be rid of it: two people end it.
    public static object[] Decide(ReleaseLegalHold command, Project state) => Hold(command.HoldId, state) switch
    {
        null => throw new RefusedException("hold-unknown", "The project has no such hold."),
        { ReleasedBy: not null } => [],
        var hold when hold.PlacedBy == command.By => throw new RefusedException(
            "hold-second-person", "A hold is released by somebody else than who placed it."),
        _ => [new LegalHoldReleased(command.HoldId, command.Reason, command.By, command.Now)],
    };

    private static PlacedHold? Hold(Guid id, Project state) => state.LegalHolds.FirstOrDefault(hold => hold.Id == id);

    private static TargetAgreed Agreed(Target target, DateTimeOffset now) =>
        new(target.Kpi, target.Value, target.EffectiveFrom, now, target.Scope, target.ScopeId, target.Through);

    private static bool Same(OpenProject command, Project state) =>
        (command.Name, command.Client, command.Zone, command.WeekStartsOn) == (state.Name, state.Client, state.Zone, state.WeekStartsOn)
        && command.OpeningHours.SequenceEqual(state.OpeningHours)
        && command.Queues.SequenceEqual(state.Queues)
        && command.Targets.SequenceEqual(state.Targets)
        && command.Readers.SequenceEqual(state.Readers)
        && !command.AddressesChanged;
}

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

// ---- Commands

public sealed record OpenProject(
    Guid ProjectId, string Name, string Client, string Zone, DayOfWeek WeekStartsOn, IReadOnlyList<Opening> OpeningHours,
    IReadOnlyList<Queue> Queues, IReadOnlyList<Target> Targets, IReadOnlyList<Reader> Readers, bool AddressesChanged, DateTimeOffset Now);

public sealed record ChangeProject(string Name, string Client, DayOfWeek WeekStartsOn, DateTimeOffset Now);

public sealed record SetOpeningHours(IReadOnlyList<Opening> Hours, DateTimeOffset Now);

public sealed record SetQueues(IReadOnlyList<Queue> Queues, DateTimeOffset Now);

public sealed record AgreeTarget(Target Target, DateTimeOffset Now);

public sealed record SetDigestReaders(IReadOnlyList<Reader> Readers, bool AddressesChanged, DateTimeOffset Now);

// ---- State

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

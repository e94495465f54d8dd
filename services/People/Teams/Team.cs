using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.Rules;

namespace CallCenter.People.Teams;

// ---- Events. From is the first day it holds, in the project's zone (of members: in their own); null is the day of At in UTC.

public sealed record TeamFormed(Guid TeamId, Guid ProjectId, string Name, Guid? SupervisorId, DateTimeOffset At, DateOnly? From = null);

public sealed record TeamRenamed(string Name, DateTimeOffset At);

public sealed record SupervisorAppointed(Guid? SupervisorId, DateTimeOffset At, DateOnly? From = null);

/// <summary>Who was or will be the supervisor from a day on; who is now stays.</summary>
public sealed record SupervisorDated(Guid? SupervisorId, DateOnly From, DateTimeOffset At);

/// <summary>
/// Written beside TeamJoined and TeamLeft of the employees, in the same transaction: the employee's stream decides who
/// belongs where, this one makes the team's version newer.
/// </summary>
public sealed record MembersMoved(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, DateTimeOffset At, DateOnly? From = null);

/// <summary>Who came or left, or will, on a day; who is in the team now stays.</summary>
public sealed record MembershipsDated(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, DateOnly From, DateTimeOffset At);

public sealed record TeamDissolved(DateTimeOffset At);

// ---- Commands

public sealed record FormTeam(Guid TeamId, Guid ProjectId, string Name, Guid? SupervisorId, DateTimeOffset Now, DateOnly? From = null);

/// <param name="From">First day of the supervisor; null for today, and then only another than the present one is entered.</param>
/// <param name="Today">In the project's zone.</param>
public sealed record ChangeTeam(string Name, Guid? SupervisorId, DateOnly? From, DateOnly Today, DateTimeOffset Now);

public sealed record BringTeamUpToDate(DateOnly Today, DateTimeOffset Now);

public sealed record MoveMembers(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, DateTimeOffset Now, DateOnly? From = null);

/// <inheritdoc cref="MembershipsDated"/>
public sealed record DateMemberships(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, DateOnly From, DateTimeOffset Now);

public sealed record DissolveTeam(DateTimeOffset Now);

// ---- State

public sealed record Team
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }
    public string Name { get; init; } = "";
    public Guid? SupervisorId { get; init; }
    public IReadOnlyList<Guid> Members { get; init; } = [];
    public bool Dissolved { get; init; }
    /// <inheritdoc cref="Employee.HasDates"/>
    public bool HasDates { get; init; }
    public IReadOnlyList<Dated<Guid?>> Supervisors { get; init; } = [];
    public IReadOnlyList<Holding<Guid>> MemberDates { get; init; } = [];

    public Team Evolve(object @event) => @event switch
    {
        TeamFormed e =>
            (this with { Id = e.TeamId, ProjectId = e.ProjectId, Name = e.Name, SupervisorId = e.SupervisorId, HasDates = true })
                .Led(e.SupervisorId, e.From, e.At),
        TeamRenamed e => this with { Name = e.Name },
        SupervisorAppointed e => (this with { SupervisorId = e.SupervisorId }).Led(e.SupervisorId, e.From, e.At),
        SupervisorDated e => Led(e.SupervisorId, e.From, e.At),
        MembersMoved e => (this with { Members = [.. Members.Except(e.Left), .. e.Joined] }).Dating(e.Joined, e.Left, e.From, e.At),
        MembershipsDated e => Dating(e.Joined, e.Left, e.From, e.At),
        TeamDissolved e => (this with { Dissolved = true, SupervisorId = null }).Led(null, null, e.At),
        _ => this,
    };

    private Team Led(Guid? supervisor, DateOnly? from, DateTimeOffset at) =>
        this with { Supervisors = Supervisors.With(new(from ?? DayOf(at), supervisor, at)) };

    private Team Dating(IReadOnlyList<Guid> joined, IReadOnlyList<Guid> left, DateOnly? from, DateTimeOffset at) => this with
    {
        MemberDates = left.Select(m => (Member: m, Holds: false)).Concat(joined.Select(m => (Member: m, Holds: true)))
            .Aggregate(MemberDates, (dates, m) => dates.With(new(m.Member, from ?? DayOf(at), m.Holds, at))),
    };

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}

// ---- Decisions

public static class TeamDecider
{
    public static object[] Decide(FormTeam command, Team state)
    {
        if (state.Id == Guid.Empty)
            return [new TeamFormed(command.TeamId, command.ProjectId, command.Name, command.SupervisorId, command.Now, command.From)];

        return (state.ProjectId, state.Name, state.SupervisorId) == (command.ProjectId, command.Name, command.SupervisorId)
            ? []
            : throw new RefusedException("team-exists", "A team with this id has been formed with other particulars.");
    }

    public static object[] Decide(ChangeTeam command, Team state)
    {
        EnsureStands(state);

        return
        [
            .. command.Name == state.Name ? Array.Empty<object>() : [new TeamRenamed(command.Name, command.Now)],
            .. Supervise(command.SupervisorId, command.From, command.Today, command.Now, state),
        ];
    }

    /// <summary>Whoever was entered for a day that has come takes over.</summary>
    public static object[] Decide(BringTeamUpToDate command, Team state) =>
        !state.Dissolved && state.Supervisors.EntryOn(command.Today) is { } entry && entry.Value != state.SupervisorId
            ? [new SupervisorAppointed(entry.Value, command.Now, entry.From)] : [];

    public static object[] Decide(DateMemberships command, Team state)
    {
        var (joined, left, from, now) = command;
        if (joined.Count > 0)
            EnsureStands(state);

        return joined.Count + left.Count == 0 ? [] : [new MembershipsDated(joined, left, from, now)];
    }

    public static object[] Decide(MoveMembers command, Team state)
    {
        var joined = command.Joined.Except(state.Members).ToArray();
        var left = command.Left.Intersect(state.Members).ToArray();

        if (joined.Length > 0)
            EnsureStands(state);

        return joined.Length + left.Length == 0 ? [] : [new MembersMoved(joined, left, command.Now, command.From)];
    }

    public static object[] Decide(DissolveTeam command, Team state)
    {
        if (state.Members.Count > 0)
            throw new RefusedException("team-has-members", $"{state.Members.Count} employees are still in the team; move them first.");

        return state.Dissolved ? [] : [new TeamDissolved(command.Now)];
    }

    private static object[] Supervise(Guid? supervisor, DateOnly? from, DateOnly today, DateTimeOffset now, Team state)
    {
        var day = from ?? today;
        if (from is null ? supervisor == state.SupervisorId : state.Supervisors.EntryOn(day) is { } held && held.Value == supervisor)
            return [];

        var present = state.Supervisors.With(new(day, supervisor, now)).On(today);

        return present == supervisor && present != state.SupervisorId
            ? [new SupervisorAppointed(supervisor, now, day)] : [new SupervisorDated(supervisor, day, now)];
    }

    private static void EnsureStands(Team state)
    {
        if (state.Dissolved)
            throw new RefusedException("team-dissolved", $"Team '{state.Name}' has been dissolved.");
    }
}

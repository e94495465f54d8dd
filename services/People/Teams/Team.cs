using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.People.Teams;

// ---- Events

public sealed record TeamFormed(Guid TeamId, Guid ProjectId, string Name, Guid? SupervisorId, DateTimeOffset At);

public sealed record TeamRenamed(string Name, DateTimeOffset At);

public sealed record SupervisorAppointed(Guid? SupervisorId, DateTimeOffset At);

/// <summary>
/// Written beside TeamJoined and TeamLeft of the employees, in the same transaction: the employee's stream decides who
/// belongs where, this one makes the team's version newer.
/// </summary>
public sealed record MembersMoved(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, DateTimeOffset At);

public sealed record TeamDissolved(DateTimeOffset At);

// ---- Commands

public sealed record FormTeam(Guid TeamId, Guid ProjectId, string Name, Guid? SupervisorId, DateTimeOffset Now);

public sealed record ChangeTeam(string Name, Guid? SupervisorId, DateTimeOffset Now);

public sealed record MoveMembers(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, DateTimeOffset Now);

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

    public Team Evolve(object @event) => @event switch
    {
        TeamFormed e => this with { Id = e.TeamId, ProjectId = e.ProjectId, Name = e.Name, SupervisorId = e.SupervisorId },
        TeamRenamed e => this with { Name = e.Name },
        SupervisorAppointed e => this with { SupervisorId = e.SupervisorId },
        MembersMoved e => this with { Members = [.. Members.Except(e.Left), .. e.Joined] },
        TeamDissolved _ => this with { Dissolved = true, SupervisorId = null },
        _ => this,
    };
}

// ---- Decisions

public static class TeamDecider
{
    public static object[] Decide(FormTeam command, Team state)
    {
        if (state.Id == Guid.Empty)
            return [new TeamFormed(command.TeamId, command.ProjectId, command.Name, command.SupervisorId, command.Now)];

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
            .. command.SupervisorId == state.SupervisorId
                ? Array.Empty<object>() : [new SupervisorAppointed(command.SupervisorId, command.Now)],
        ];
    }

    public static object[] Decide(MoveMembers command, Team state)
    {
        var joined = command.Joined.Except(state.Members).ToArray();
        var left = command.Left.Intersect(state.Members).ToArray();

        if (joined.Length > 0)
            EnsureStands(state);

        return joined.Length + left.Length == 0 ? [] : [new MembersMoved(joined, left, command.Now)];
    }

    public static object[] Decide(DissolveTeam command, Team state)
    {
        if (state.Members.Count > 0)
            throw new RefusedException("team-has-members", $"{state.Members.Count} employees are still in the team; move them first.");

        return state.Dissolved ? [] : [new TeamDissolved(command.Now)];
    }

    private static void EnsureStands(Team state)
    {
        if (state.Dissolved)
            throw new RefusedException("team-dissolved", $"Team '{state.Name}' has been dissolved.");
    }
}

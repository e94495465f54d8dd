using CallCenter.Contracts.People;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Projects;

/// <summary>Who was in which team of a project when, and who leads it, by the facts of the People service.</summary>
internal sealed class ProjectTeams(IReadOnlyList<TeamV1> teams)
{
    private readonly ILookup<Guid, (Guid Team, DateOnly From, DateOnly? To)> stays = teams.OrderBy(team => team.Id)
        .SelectMany(team => team.Memberships is { } memberships
            ? memberships.Select(stay => (stay.AgentId, Stay: (team.Id, stay.From, stay.To)))
            : team.Members.Select(member => (AgentId: member, Stay: (team.Id, DateOnly.MinValue, (DateOnly?)null))))
        .ToLookup(stay => stay.AgentId, stay => stay.Stay);

    /// <summary>The team that somebody was in on a day; null where none is known.</summary>
    public Guid? TeamOf(Guid agent, DateOnly day)
    {
        foreach (var (team, from, to) in stays[agent])
            if (from <= day && !(to < day))
                return team;
        return null;
    }

    public string? NameOf(Guid team) => teams.FirstOrDefault(known => known.Id == team)?.Name;

    /// <summary>The teams that somebody leads on a day.</summary>
    public IReadOnlySet<Guid> LedBy(Guid person, DateOnly day) => teams
        .Where(team => (team.Supervisors is { } all ? all.LastOrDefault(led => led.From <= day)?.SupervisorId
            : team.SupervisorId) == person)
        .Select(team => team.Id).ToHashSet();

    /// <summary>Who was in one of the teams on some of these days.</summary>
    public IReadOnlySet<Guid> MembersOf(IReadOnlySet<Guid> some, DateOnly from, DateOnly to) => stays
        .Where(own => own.Any(stay => some.Contains(stay.Team) && stay.From <= to && !(stay.To < from))).Select(own => own.Key).ToHashSet();

    public static async Task<ProjectTeams> Of(IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        new([.. await session.Query<TeamV1>().Where(team => team.ProjectId == projectId).ToListAsync(cancellation)]);
}

/// <summary>
/// Whose figures somebody may see: managers everybody's of their projects, inspectors those of agents and teams and their own, supervisors
/// those of the teams that they lead and of who is or was in them.
/// </summary>
/// <param name="Agents">Null: all.</param>
/// <param name="Teams">Null: all.</param>
/// <param name="Inspectors">Null: all.</param>
internal sealed record PeopleSeen(IReadOnlySet<Guid>? Agents, IReadOnlySet<Guid>? Teams, IReadOnlySet<Guid>? Inspectors)
{
    private static readonly string[] SeeAll = ["project-manager", "operations-manager", "admin"];

    public bool Agent(Guid id) => Agents?.Contains(id) ?? true;

    public bool Team(Guid id) => Teams?.Contains(id) ?? true;

    public bool Inspector(Guid id) => Inspectors?.Contains(id) ?? true;

    /// <param name="from">First of the days that figures are of.</param>
    /// <param name="to">The last one.</param>
    /// <param name="today">Local day on which they are asked for.</param>
    public static PeopleSeen By(Caller caller, ProjectTeams teams, DateOnly from, DateOnly to, DateOnly today)
    {
        if (SeeAll.Any(caller.Is))
            return new(null, null, null);

        var own = caller.Is("inspector") ? new HashSet<Guid> { caller.Id } : [];
        if (caller.Is("inspector"))
            return new(null, null, own);

        var led = caller.Is("supervisor") ? teams.LedBy(caller.Id, today) : new HashSet<Guid>();
        return new(teams.MembersOf(led, from, to > today ? to : today), led, own);
    }
}

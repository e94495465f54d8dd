using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Posts;
using CallCenter.People.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.People.Teams;

/// <summary>A team in a list.</summary>
/// <param name="Members">How many.</param>
/// <param name="Span">ok for 12 to 14 members, else under or over.</param>
public sealed record TeamSummary(Guid Id, long Version, Guid ProjectId, string Name, Guid? SupervisorId, int Members, string Span)
{
    internal static TeamSummary Of(Team team) =>
        new(team.Id, team.Version, team.ProjectId, team.Name, team.SupervisorId, team.Members.Count, Teams.Span.Of(team.Members.Count));
}

/// <summary>A team and who is in it.</summary>
/// <param name="Span">ok for 12 to 14 members, else under or over.</param>
/// <param name="Members">Who is in it today.</param>
public sealed record TeamView(
    Guid Id, long Version, Guid ProjectId, string Name, Guid? SupervisorId, string Span, IReadOnlyList<TeamMember> Members);

/// <param name="Name">Empty once erased.</param>
public sealed record TeamMember(Guid EmployeeId, string StaffNumber, string Name);

/// <summary>How a project's agents are led, and how they could be.</summary>
/// <param name="Agents">Members of the project's teams, each counted once.</param>
/// <param name="Split">Team sizes with every supervisor leading 12 to 14; empty when there is no such split.</param>
/// <param name="Teams">The teams as they are.</param>
public sealed record Supervision(int Agents, IReadOnlyList<int> Split, IReadOnlyList<TeamSummary> Teams);

internal static class TeamViewEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapTeamViews()
        {
            var posts = routes.ServiceProvider.GetRequiredService<PostList>();
            routes.MapGet("/teams", List).WithTags("Teams").Describe("The teams of the caller's projects, or of one");
            routes.MapGet("/teams/{id:guid}", Get).WithTags("Teams").Describe("One team with its members");
            routes.MapHistory("/teams/{id:guid}",
                (id, caller, session, cancellation) => Get(id, caller, posts, session, cancellation)).WithTags("Teams");
            routes.MapGet("/projects/{id:guid}/supervision", Supervise).WithTags("Projects")
                .Describe("Whether every supervisor of a project leads 12 to 14 agents, and a split in which they would");
        }
    }

    internal static readonly Visibility<Team> Visible = new((team, projects) => team.ProjectId.IsOneOf(projects));

    private static async Task<Versioned<TeamView>> Get(
        Guid id, Caller caller, PostList posts, IQuerySession session, CancellationToken cancellation)
    {
        var team = caller.MustSee(await session.LoadAsync<Team>(id, cancellation), Visible);

        if (team.Dissolved || (team.SupervisorId != caller.Id && await session.SeesOwnTeamsOnly(caller, posts, cancellation)))
            throw new StreamNotFoundException(id);

        var employees = (await session.LoadManyAsync<Employee>(cancellation, team.Members)).ToDictionary(e => e.Id);
        var details = (await session.LoadManyAsync<PersonDetails>(cancellation, team.Members)).ToDictionary(d => d.Id);

        return new(new TeamView(
            team.Id, team.Version, team.ProjectId, team.Name, team.SupervisorId, Span.Of(team.Members.Count),
            [.. team.Members.Select(m => new TeamMember(m, employees[m].StaffNumber, details.GetValueOrDefault(m)?.Name ?? ""))]),
            team.Version, complete: false);
    }

    private static async Task<Ok<Page<TeamSummary>>> List(
        Guid? projectId, PageRequest page, Caller caller, PostList posts, IQuerySession session, CancellationToken cancellation)
    {
        var teams = session.Query<Team>().Where(t => !t.Dissolved).VisibleTo(caller, Visible);
        if (await session.SeesOwnTeamsOnly(caller, posts, cancellation))
            teams = teams.Where(t => t.SupervisorId == caller.Id);

        if (projectId is { } project)
            teams = teams.Where(t => t.ProjectId == project);

        var found = await teams.ToPage(page, t => t.Id, cancellation);
        return TypedResults.Ok(new Page<TeamSummary>([.. found.Items.Select(TeamSummary.Of)], found.Next));
    }

    private static async Task<Ok<Supervision>> Supervise(
        Guid id, Caller caller, PostList posts, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(id);
        if (await session.LoadAsync<Project>(id, cancellation) is null)
            throw new StreamNotFoundException(id);

        var teams = await session.Query<Team>().Where(t => t.ProjectId == id && !t.Dissolved).OrderBy(t => t.Id).ToListAsync(cancellation);
        if (await session.SeesOwnTeamsOnly(caller, posts, cancellation))
            teams = [.. teams.Where(t => t.SupervisorId == caller.Id)];
        var agents = teams.SelectMany(t => t.Members).Distinct().Count();

        return TypedResults.Ok(new Supervision(agents, Span.Split(agents), [.. teams.Select(TeamSummary.Of)]));
    }
}

using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.People.Employees;
using CallCenter.People.Projects;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.People.Teams.TeamDecider;

namespace CallCenter.People.Teams;

internal static class TeamEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapTeams()
        {
            var teams = routes.MapGroup("/teams").WithTag("Teams", "The teams of a project and who leads them.");
            var (project, supervisor) = (new Guid("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b01"),
                new Guid("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b02"));

            teams.MapPost("/", Form).Describe("Form a team in a project; employees join it through their own record",
                new FormRequest(project, "Billing 1", supervisor), ["name", "unknown-project", "unknown-supervisor", "team-exists", Namesakes.Taken]);
            teams.MapPut("/{id:guid}", Change).Describe("Rename a team or appoint its supervisor, from today or another day",
                new ChangeRequest("Billing 1", supervisor), ["name", "unknown-supervisor", "team-dissolved", Namesakes.Taken]);
            teams.MapDelete("/{id:guid}", Dissolve).Describe("Dissolve an empty team", problems: ["team-has-members"]);
        }
    }

    /// <param name="SupervisorId">督导; null while there is none.</param>
    public sealed record FormRequest(Guid ProjectId, [MaxLength(1000)] string Name, Guid? SupervisorId = null);

    /// <param name="From">First day of the supervisor, in the project's zone: past, to correct what was entered late, or to come.</param>
    public sealed record ChangeRequest([MaxLength(1000)] string Name, Guid? SupervisorId, DateOnly? From = null);

    private static async Task<WriteResult> Form(
        FormRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var name = Names.Require("/name", request.Name);
        var today = LocalCalendar.Of((await session.RequireProject(request.ProjectId, cancellation)).Zone).DayOf(caller.Now);
        await session.RequireSupervisor(request.SupervisorId, caller, cancellation);
        await session.MustBeFree(name, id.Value, request.ProjectId, caller, cancellation);
        var command = new FormTeam(id.Value, request.ProjectId, name, request.SupervisorId, caller.Now, today);

        return new(await session.Start<Team>(id.Value, state => Decide(command, state), cancellation), $"/teams/{id.Value}");
    }

    private static async Task<WriteResult> Change(
        Guid id, ChangeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var name = Names.Require("/name", request.Name);
        var team = await session.LoadAsync<Team>(id, cancellation) ?? throw new StreamNotFoundException(id);
        if (team.SupervisorId != request.SupervisorId)
            await session.RequireSupervisor(request.SupervisorId, caller, cancellation);
        var today = LocalCalendar.Of((await session.RequireProject(team.ProjectId, cancellation)).Zone).DayOf(caller.Now);
        if (team.Name != name)
            await session.MustBeFree(name, id, team.ProjectId, caller, cancellation);
        var command = new ChangeTeam(name, request.SupervisorId, request.From, today, caller.Now);

        return new(await session.Decide<Team>(id, expected.Value, state => Decide(command, Standing(state, caller)), cancellation));
    }

    private static async Task<WriteResult> Dissolve(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<Team>(
            id, expected.Value, state => Decide(new DissolveTeam(caller.Now), Standing(state, caller)), cancellation));

    private static Task MustBeFree(
        this IDocumentSession session, string name, Guid id, Guid projectId, Caller caller, CancellationToken cancellation) =>
        session.MustBeFree(name, $"{projectId}",
            session.Query<Team>().Where(t => t.ProjectId == projectId && t.Id != id && !t.Dissolved).OrderBy(t => t.Id),
            t => (t.Name, $"{t.ProjectId}"),
            first => caller.Sees(first.ProjectId) ? $"/teams/{first.Id}" : null, cancellation);

    // What a request points to must be there: else the request is wrong, not the address.
    private static async Task<Project> RequireProject(this IQuerySession session, Guid id, CancellationToken cancellation) =>
        await session.LoadAsync<Project>(id, cancellation)
        ?? throw new InvalidException("/projectId", "unknown-project", $"There is no project {id}.");

    // Another project's employee is answered as one that does not exist.
    private static async Task RequireSupervisor(this IQuerySession session, Guid? id, Caller caller, CancellationToken cancellation)
    {
        if (id is not { } given)
            return;
        if (!(await session.LoadAsync<Employee>(given, cancellation) is { } employee && caller.MayName(employee)))
            throw new InvalidException("/supervisorId", "unknown-supervisor", $"There is no employee {given}.");
        if (employee.LeftOn < employee.DayOf(caller.Now))
            throw new InvalidException("/supervisorId", "unknown-supervisor",
                $"Staff number {employee.StaffNumber} left on {employee.LeftOn:yyyy-MM-dd}.");
    }

    // A dissolved team is gone for those who ask by its id.
    private static Team Standing(Team team, Caller caller)
    {
        caller.MustSee(team.ProjectId);
        return team.Dissolved ? throw new StreamNotFoundException(team.Id) : team;
    }
}

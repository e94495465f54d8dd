using System.ComponentModel;
using CallCenter.EventSourcing;
using CallCenter.People.Posts;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Marten.Linq.MatchesSql;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.People.Employees;

/// <summary>An employee as the screens show them.</summary>
/// <param name="Name">Empty once erased.</param>
/// <param name="HiredOn">First day of work.</param>
/// <param name="LeftOn">Last day of work; null while employed.</param>
/// <param name="Grade">As an agent, today.</param>
/// <param name="TeamIds">The teams they are in today, of the projects that the caller may see; they themselves see all.</param>
/// <param name="ProjectIds">The projects of the teams.</param>
/// <param name="Skills">Queues or subjects they can handle.</param>
/// <param name="WeeklyHours">Contracted hours a week, today.</param>
/// <param name="Posts">Codes, see <c>GET /posts</c>.</param>
/// <param name="Department">Null where none is entered.</param>
/// <param name="ManagerId">Whom they report to.</param>
/// <param name="MentorId">Who helps them along.</param>
public sealed record EmployeeView(
    Guid Id, long Version, string StaffNumber, string Name, DateOnly HiredOn, DateOnly? LeftOn, Grade Grade,
    IReadOnlyList<Guid> TeamIds, IReadOnlyList<Guid> ProjectIds, IReadOnlyList<Skill> Skills, decimal WeeklyHours, string Zone,
    IReadOnlyList<string> Posts, string? Department, Guid? ManagerId, Guid? MentorId)
{
    internal static EmployeeView Of(Employee employee, PersonDetails? details, Caller caller)
    {
        var seen = employee.Memberships().Where(m => caller.SeesOf(employee.Id, m)).ToList();

        return new(
            employee.Id, employee.Version, employee.StaffNumber, details?.Name ?? "", employee.HiredOn, employee.LeftOn, employee.Grade,
            [.. seen.Select(m => m.TeamId)], [.. seen.Select(m => m.ProjectId).Distinct()], employee.Skills, employee.WeeklyHours,
            employee.Zone, employee.Posts, employee.Department, employee.ManagerId, employee.MentorId);
    }
}

/// <summary>From when what held and holds, as it was known at an instant.</summary>
/// <param name="Grades">The grades as an agent, in order of their first days.</param>
/// <param name="ContractHours">The contracted hours a week, likewise.</param>
/// <param name="Teams">Every stay in a team of a project that the caller may see: past, present and to come.</param>
/// <param name="Posts">Every stay in a post: past, present and to come.</param>
/// <param name="Departments">The departments, in order of their first days.</param>
/// <param name="Managers">Whom they report to, likewise.</param>
/// <param name="Mentors">Who helps them along, likewise.</param>
public sealed record TermsView(
    Guid Id, long Version, IReadOnlyList<GradeTerm> Grades, IReadOnlyList<HoursTerm> ContractHours, IReadOnlyList<TeamTerm> Teams,
    IReadOnlyList<PostTerm> Posts, IReadOnlyList<DepartmentTerm> Departments,
    IReadOnlyList<PersonTerm> Managers, IReadOnlyList<PersonTerm> Mentors)
{
    internal static TermsView Of(Employee employee, long version, PostList posts, Caller caller) => new(
        employee.Id, version,
        [.. employee.Grades.Select(g => new GradeTerm(g.Value, g.From, g.KnownSince))],
        [.. employee.Contracts.Select(c => new HoursTerm(c.Value.WeeklyHours, c.Value.Zone, c.From, c.KnownSince))],
        [.. employee.TeamDates.Periods().Where(p => caller.SeesOf(employee.Id, p.Of))
            .Select(p => new TeamTerm(p.Of.TeamId, p.Of.ProjectId, p.From, p.To))],
        [.. employee.PostDates.Periods().Select(p => new PostTerm(p.Of, posts.RoleOf(p.Of), p.From, p.To))],
        [.. employee.Departments.Select(d => new DepartmentTerm(d.Value, d.From, d.KnownSince))],
        [.. employee.Managers.Select(m => new PersonTerm(m.Value, m.From, m.KnownSince))],
        [.. employee.Mentors.Select(m => new PersonTerm(m.Value, m.From, m.KnownSince))]);
}

/// <param name="Grade">As an agent.</param>
/// <param name="From">First day it holds, until the next one's.</param>
/// <param name="KnownSince">When it was entered.</param>
public sealed record GradeTerm(Grade Grade, DateOnly From, DateTimeOffset KnownSince);

/// <inheritdoc cref="GradeTerm"/>
/// <param name="WeeklyHours">Contracted hours a week.</param>
/// <param name="From">First day it holds, until the next one's.</param>
/// <param name="KnownSince">When it was entered.</param>
public sealed record HoursTerm(decimal WeeklyHours, string Zone, DateOnly From, DateTimeOffset KnownSince);

/// <param name="To">Last day; null while no end is known.</param>
public sealed record TeamTerm(Guid TeamId, Guid ProjectId, DateOnly From, DateOnly? To);

/// <param name="Post">Its code, see <c>GET /posts</c>.</param>
/// <param name="Role">The role that goes with the post; null where there is none.</param>
/// <param name="To">Last day; null while no end is known.</param>
public sealed record PostTerm(string Post, string? Role, DateOnly From, DateOnly? To);

/// <inheritdoc cref="GradeTerm"/>
/// <param name="Department">Null for none.</param>
/// <param name="From">First day it holds, until the next one's.</param>
/// <param name="KnownSince">When it was entered.</param>
public sealed record DepartmentTerm(string? Department, DateOnly From, DateTimeOffset KnownSince);

/// <inheritdoc cref="GradeTerm"/>
/// <param name="EmployeeId">Null for nobody.</param>
/// <param name="From">First day it holds, until the next one's.</param>
/// <param name="KnownSince">When it was entered.</param>
public sealed record PersonTerm(Guid? EmployeeId, DateOnly From, DateTimeOffset KnownSince);

/// <param name="Name">Part of the name, in any case; taken literally.</param>
/// <param name="Skill">Skill code.</param>
/// <param name="EmployedOn">Only those whose employment covers the day.</param>
public sealed record EmployeeFilter(
    Guid? ProjectId, Guid? TeamId, string? StaffNumber, string? Name, string? Skill, DateOnly? EmployedOn);

internal static class EmployeeViewEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEmployeeViews()
        {
            var employees = routes.MapGroup("/employees").WithTags("Employees");
            var posts = routes.ServiceProvider.GetRequiredService<PostList>();

            employees.MapGet("/", List).Describe("The employees of the caller's projects, filtered");
            employees.MapGet("/{id:guid}", Get).Describe("One employee; agents see themselves");
            employees.MapHistory("/{id:guid}", (id, caller, session, cancellation) => Get(id, caller, posts, session, cancellation));
            employees.MapGet("/{id:guid}/terms", Terms)
                .Describe("From when which grade, hours and teams, as known now or at an instant (asOf); late corrections hide nothing");
        }
    }

    private static async Task<Versioned<EmployeeView>> Get(
        Guid id, Caller caller, PostList posts, IQuerySession session, CancellationToken cancellation)
    {
        var employee = await session.MustSee(id, caller, posts, cancellation);

        return new(EmployeeView.Of(employee, await session.LoadAsync<PersonDetails>(id, cancellation), caller), employee.Version);
    }

    private static async Task<Versioned<TermsView>> Terms(
        Guid id, [Description("As it was known at this instant; as it is known now when left out.")] DateTimeOffset? asOf, Caller caller,
        PostList posts, IQuerySession session, CancellationToken cancellation)
    {
        await Get(id, caller, posts, session, cancellation);
        var events = await session.Events.FetchStreamAsync(id, timestamp: asOf, token: cancellation);

        return events is [.., var last]
            ? new(TermsView.Of(events.Aggregate(new Employee(), (state, e) => state.Evolve(e.Data)), last.Version, posts, caller),
                last.Version, complete: asOf is null)
            : throw new StreamNotFoundException(id);
    }

    private static async Task<Ok<Page<EmployeeView>>> List(
        [AsParameters] EmployeeFilter filter, PageRequest page, Caller caller, PostList posts, IQuerySession session,
        CancellationToken cancellation)
    {
        var employees = session.Query<Employee>().VisibleTo(caller, Visible, filter.ProjectId).Where(filter);
        if (await session.SeesOwnTeamsOnly(caller, posts, cancellation))
            employees = employees.Where(e => e.MatchesSql(LedBy, caller.Id));

        // Of a team that they may not see nobody learns who is in it.
        if (filter.TeamId is { } team)
            employees = caller.Projects is { } projects
                ? employees.Where(e => e.MatchesSql(InTeamOf, $"{team}", team, projects.ToArray()))
                : employees.Where(e => e.TeamIds.Contains(team));

        if (filter.StaffNumber is { } number)
        {
            var holder = (await session.LoadAsync<StaffNumber>(StaffNumber.IdOf(number), cancellation))?.EmployeeId ?? Guid.Empty;
            employees = employees.Where(e => e.Id == holder);
        }

        var listed = await employees.ToPage(page, e => e.Id, cancellation);
        var details = (await session.LoadManyAsync<PersonDetails>(cancellation, listed.Items.Select(e => e.Id))).ToDictionary(d => d.Id);

        return TypedResults.Ok(new Page<EmployeeView>(
            [.. listed.Items.Select(e => EmployeeView.Of(e, details.GetValueOrDefault(e.Id), caller))], listed.Next));
    }

    /// <summary>Those with a team in one of the caller's projects; everybody themselves, in a project or not.</summary>
    private static readonly Visibility<Employee> Visible = new(
        (employee, projects) => employee.TeamProjectIds.Any(p => projects.Contains(p)),
        own: (employee, person) => employee.Id == person, ownIsTheirs: true);

    // The array holds texts, of which one may be asked for as it is.
    private const string LedBy =
        "exists (select from people.mt_doc_team t "
        + "where (t.data ->> 'SupervisorId')::uuid = ? and d.data -> 'TeamIds' @> to_jsonb(t.id::text))";

    private const string InTeamOf =
        "d.data -> 'TeamIds' @> to_jsonb(?::text) "
        + "and exists (select from people.mt_doc_team t where t.id = ? and (t.data ->> 'ProjectId')::uuid = any(?))";

    extension(IQuerySession session)
    {
        /// <summary>Whoever holds a supervisor's post, and is admitted as no more, sees the teams that they lead.</summary>
        internal async Task<bool> SeesOwnTeamsOnly(Caller caller, PostList posts, CancellationToken cancellation) =>
            caller.Is("supervisor") && caller.Roles.All(role => role is "supervisor" or "agent")
            && await session.LoadAsync<Employee>(caller.Id, cancellation) is { } person
            && person.Posts.Any(post => posts.RoleOf(post) == "supervisor");

        /// <exception cref="StreamNotFoundException">404: what may not be seen is answered as if it did not exist.</exception>
        internal async Task<Employee> MustSee(Guid id, Caller caller, PostList posts, CancellationToken cancellation)
        {
            var employee = await session.LoadAsync<Employee>(id, cancellation);
            var sees = employee is not null && (id == caller.Id || (caller.Sees(employee, Visible)
                && (!await session.SeesOwnTeamsOnly(caller, posts, cancellation)
                    || await session.Query<Employee>().AnyAsync(e => e.Id == id && e.MatchesSql(LedBy, caller.Id), cancellation))));

            return sees ? employee! : throw new StreamNotFoundException(id);
        }
    }

    // Who is in two projects is seen by both, each with their own teams.
    internal static bool SeesOf(this Caller caller, Guid employee, Membership team) => employee == caller.Id || caller.Sees(team.ProjectId);

    /// <summary>
    /// Whether a request may name the employee: one of the caller's, or somebody who is in no team and so of nobody else's.
    /// </summary>
    internal static bool MayName(this Caller caller, Employee employee) =>
        employee.TeamProjectIds.Count == 0 || caller.Sees(employee, Visible);

    extension(IQueryable<Employee> employees)
    {
        private IQueryable<Employee> Where(EmployeeFilter filter)
        {
            // strpos, not LIKE: a percent sign in a name is a percent sign.
            if (filter.Name is { } name)
                employees = employees.Where(e => e.MatchesSql(
                    "d.id in (select id from people.mt_doc_persondetails where strpos(lower(data ->> 'Name'), lower(?)) > 0)", name));

            if (filter.Skill is { } skill)
                employees = employees.Where(e => e.Skills.Any(s => s.Code == skill));

            if (filter.EmployedOn is { } day)
                employees = employees.Where(e => e.HiredOn <= day && (e.LeftOn == null || e.LeftOn >= day));

            return employees;
        }
    }
}

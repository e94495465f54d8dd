using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.People.Projects;

/// <summary>A client project and what was agreed for it.</summary>
/// <param name="Client">Whose project it is.</param>
/// <param name="Zone">IANA zone that its days, weeks and intervals are local to.</param>
/// <param name="WeekStartsOn">First day of a reporting week.</param>
/// <param name="OpeningHours">When it is open; a day without an opening is closed.</param>
/// <param name="Queues">What its contacts wait in.</param>
/// <param name="Targets">Every version of every target, in the order of KPI and date.</param>
public sealed record ProjectView(
    Guid Id, long Version, string Name, string Client, string Zone, DayOfWeek WeekStartsOn,
    IReadOnlyList<Opening> OpeningHours, IReadOnlyList<Queue> Queues, IReadOnlyList<Target> Targets)
{
    internal static ProjectView Of(Project p) =>
        new(p.Id, p.Version, p.Name, p.Client, p.Zone, p.WeekStartsOn, p.OpeningHours, p.Queues, p.Targets);
}

/// <param name="Email">Empty once erased.</param>
public sealed record ReaderView(Guid EmployeeId, string Email, string Language);

internal static class ProjectViewEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapProjectViews()
        {
            var projects = routes.MapGroup("/projects").WithTags("Projects");

            projects.MapGet("/", List).Describe("The caller's projects");
            projects.MapGet("/{id:guid}", Get).Describe("One project");
            projects.MapHistory("/{id:guid}", Get);
            projects.MapGet("/{id:guid}/targets", TargetsOn).Describe("The targets in force on a local day, today unless said otherwise");
            projects.MapGet("/{id:guid}/digest-readers", Readers).Describe("Who gets the weekly digest, and where");
        }
    }

    internal static readonly Visibility<Project> Visible = new((project, projects) => project.Id.IsOneOf(projects));

    private static async Task<Ok<Page<ProjectView>>> List(
        PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = await session.Query<Project>().VisibleTo(caller, Visible).ToPage(page, p => p.Id, cancellation);
        return TypedResults.Ok(new Page<ProjectView>([.. found.Items.Select(ProjectView.Of)], found.Next));
    }

    private static async Task<Versioned<ProjectView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var project = caller.MustSee(await session.LoadAsync<Project>(id, cancellation), Visible);

        return new(ProjectView.Of(project), project.Version);
    }

    private static async Task<Ok<IReadOnlyList<Target>>> TargetsOn(
        Guid id, DateOnly? on, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var project = caller.MustSee(await session.LoadAsync<Project>(id, cancellation), Visible);

        return TypedResults.Ok(project.Targets.On(on ?? LocalCalendar.Of(project.Zone).DayOf(caller.Now)));
    }

    private static async Task<Versioned<IReadOnlyList<ReaderView>>> Readers(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var project = caller.MustSee(await session.LoadAsync<Project>(id, cancellation), Visible);
        var emails = (await session.LoadAsync<DigestAddresses>(id, cancellation))?.Emails;

        return new(
            [.. project.Readers.Select(r => new ReaderView(r.EmployeeId, emails?.GetValueOrDefault(r.EmployeeId) ?? "", r.Language))],
            project.Version);
    }
}

using System.ComponentModel.DataAnnotations;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Training.Needs;

/// <remarks>Properties, not a constructor: the API document cannot be made of a rule on a constructor's parameter.</remarks>
public sealed record CourseNeedFilter
{
    public Guid? ProjectId { get; init; }
    public Guid? EmployeeId { get; init; }
    public Guid? CourseId { get; init; }

    /// <summary>All of them when left out.</summary>
    [AllowedValues(null, "open", "met", "dropped")]
    public string? Status { get; init; }
}

internal static class CourseNeedEndpoints
{
    private static readonly Visibility<CourseNeed> Visible = new(
        (need, projects) => need.ProjectId.IsOneOf(projects), own: (need, employee) => need.EmployeeId == employee, ownIsTheirs: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCourseNeeds()
        {
            var needs = routes.MapGroup("/course-needs").WithTag("Course needs",
                "Who is to attend which course because of an exam, a certificate or a learning path, as the project's policy asks for.");

            needs.MapGet("/", List).Describe("Who is to attend which course, and why; agents see their own");
            needs.MapGet("/{id:guid}", Get).Describe("One need of a course");
            needs.MapHistory("/{id:guid}", Get);
        }
    }

    private static async Task<Versioned<CourseNeed>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var need = caller.MustSee(await session.LoadAsync<CourseNeed>(id, cancellation), Visible);

        return new(need, need.Version);
    }

    private static async Task<Ok<Page<CourseNeed>>> List(
        [AsParameters] CourseNeedFilter filter, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var needs = session.Query<CourseNeed>().VisibleTo(caller, Visible, filter.ProjectId);
        if (filter.EmployeeId is { } employee)
            needs = needs.Where(n => n.EmployeeId == employee);
        if (filter.CourseId is { } course)
            needs = needs.Where(n => n.CourseId == course);
        if (filter.Status is { } text)
        {
            var status = Enum.Parse<CourseNeedStatus>(text, ignoreCase: true);
            needs = needs.Where(n => n.Status == status);
        }

        return TypedResults.Ok(await needs.ToPage(page, n => n.Id, cancellation));
    }
}

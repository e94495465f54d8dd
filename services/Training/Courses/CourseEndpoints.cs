using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Training.Courses.CourseDecider;

namespace CallCenter.Training.Courses;

internal static partial class CourseEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapCourses()
        {
            var courses = routes.MapGroup("/courses").WithTag("Courses", "What can be trained.");
            var example = new CourseRequest("Empathy on the phone", CourseKind.QualityStandard, Minutes: 90, ["greeting", "empathy"]);

            courses.MapPost("/", Prepare).Describe("Prepare a course", example, ["name", "section", "course-exists", Namesakes.Taken]);
            courses.MapPut("/{id:guid}", Revise)
                .Describe("Revise a course; sessions planned before keep their title", example,
                    ["name", "section", "course-retired", Namesakes.Taken]);
            courses.MapPost("/{id:guid}/retirement", Retire).Describe("Plan no more sessions of a course");
            courses.MapGet("/", List).Describe("All courses, or those that train a section");
            courses.MapGet("/{id:guid}", Get).Describe("One course");
            courses.MapHistory("/{id:guid}", (id, _, session, cancellation) => Get(id, session, cancellation));
        }
    }

    /// <param name="Title">What the course is called.</param>
    /// <param name="Kind">What it is for.</param>
    /// <param name="Minutes">How long it takes, 1 to 720.</param>
    /// <param name="Sections">Codes of the evaluation-form sections it trains.</param>
    public sealed record CourseRequest(
        [MaxLength(1000)] string Title, CourseKind Kind, [Range(1, 720)] int Minutes, [MaxLength(50)] IReadOnlyList<string> Sections)
    {
        internal CourseContent ToContent()
        {
            foreach (var (i, section) in Sections.Index())
                if (!SectionCode().IsMatch(section))
                    throw new InvalidException($"/sections/{i}", "section",
                        "A section code has 1 to 64 letters, digits, hyphens, underscores or dots.");

            return new CourseContent(Names.Require("/title", Title), Kind, Minutes, [.. Sections.Distinct().Order(StringComparer.Ordinal)]);
        }
    }

    private static async Task<WriteResult> Prepare(
        CourseRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new PrepareCourse(id.Value, request.ToContent(), caller.Now);
        await session.MustBeFree(command.Content.Title, id.Value, cancellation);

        return new(await session.Start<Course>(id.Value, state => Decide(command, state), cancellation), $"/courses/{id.Value}");
    }

    private static async Task<WriteResult> Revise(
        Guid id, CourseRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new ReviseCourse(request.ToContent(), caller.Now);
        if (await session.LoadAsync<Course>(id, cancellation) is { } known && known.Title != command.Content.Title)
            await session.MustBeFree(command.Content.Title, id, cancellation);

        return new(await session.Decide<Course>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static Task MustBeFree(this IDocumentSession session, string title, Guid id, CancellationToken cancellation) =>
        session.MustBeFree(title, "", session.Query<Course>().Where(c => c.Id != id && !c.Retired).OrderBy(c => c.Id), c => (c.Title, ""),
            first => $"/courses/{first.Id}", cancellation);

    private static async Task<WriteResult> Retire(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<Course>(id, expected.Value, state => Decide(new RetireCourse(caller.Now), state), cancellation));

    private static async Task<Ok<Page<Course>>> List(
        string? section, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        IQueryable<Course> courses = session.Query<Course>();

        if (section is not null)
            courses = courses.Where(c => c.Sections.Contains(section));

        return TypedResults.Ok(await courses.ToPage(page, c => c.Id, cancellation));
    }

    private static async Task<Versioned<Course>> Get(Guid id, IQuerySession session, CancellationToken cancellation)
    {
        var course = await session.LoadAsync<Course>(id, cancellation) ?? throw new StreamNotFoundException(id);

        return new(course, course.Version);
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}_.-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SectionCode();
}

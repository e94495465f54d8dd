using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Curricula.LearningPathDecider;

namespace CallCenter.Training.Curricula;

internal static class PathEndpoints
{
    private static readonly Visibility<LearningPath> Visible = new(
        (path, projects) => path.ProjectId.IsOneOf(projects), own: (path, employee) => path.EmployeeId == employee, ownIsTheirs: true);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapPaths()
        {
            var paths = routes.MapGroup("/learning-paths").WithTag("Learning paths",
                "How far somebody has come through a curriculum, what is due when, and what is late.");

            paths.MapPost("/", Begin).Produces(StatusCodes.Status201Created).Describe("Let somebody begin a curriculum on a day",
                new PathRequest(
                    new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20"), new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b21"), new(2026, 3, 9)),
                ["unknown-curriculum", "curriculum-retired", "path-begun", "not-employed"]);
            paths.MapGet("/", List).Describe("Learning paths, or those with something due by a day; agents see their own");
            paths.MapGet("/{id:guid}", Get).Describe("One learning path, module by module");
            paths.MapHistory("/{id:guid}", Get);
            paths.MapPost("/{id:guid}/modules/{module}/assessment", Assess).Describe(
                "Say that a module is done which is not seen in a register or a receipt", new AssessmentRequest("Handled three mails alone."),
                ["path-ended", "module-seen", "own-path"]);
            paths.MapPost("/{id:guid}/ending", End).Describe(
                "End it before its end, with the reason", new EndingRequest("Moves to another project."));
        }
    }

    /// <param name="StartsOn">First local day.</param>
    public sealed record PathRequest(Guid CurriculumId, Guid EmployeeId, DateOnly StartsOn);

    /// <param name="Note">What was seen.</param>
    public sealed record AssessmentRequest([property: FreeText] [Required, VisibleText, MaxLength(1000)] string Note);

    /// <param name="Reason">Why it ends.</param>
    public sealed record EndingRequest([property: FreeText] [Required, VisibleText, MaxLength(1000)] string Reason);

    private static async Task<WriteResult> Begin(
        PathRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var curriculum = await session.LoadAsync<Curriculum>(request.CurriculumId, cancellation);
        if (curriculum is null || !caller.Sees(curriculum, CurriculumEndpoints.Visible))
            throw new InvalidException("/curriculumId", "unknown-curriculum", $"There is no curriculum {request.CurriculumId}.");
        var project = await session.RequireProject("/projectId", curriculum.ProjectId, cancellation);
        var start = LocalCalendar.Of(project.Zone, project.WeekStartsOn).StartOf(request.StartsOn);
        await session.RequireAgent(request.EmployeeId, curriculum.ProjectId, start, cancellation);
        var id = LearningPath.IdOf(curriculum.Id, request.EmployeeId);
        var command = new BeginPath(id, curriculum, request.EmployeeId, request.StartsOn, caller.Id, caller.Now);

        return new(await session.Start<LearningPath>(id, state => Decide(command, state), cancellation), $"/learning-paths/{id}");
    }

    private static async Task<WriteResult> Assess(
        Guid id, [Description("Code of the module")] string module, AssessmentRequest request, ExpectedVersion expected, Caller caller,
            IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new AssessModule(module, request.Note, caller.Id, caller.Now);

        return new(await session.Decide<LearningPath>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<WriteResult> End(
        Guid id, EndingRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new EndPath(request.Reason, caller.Id, caller.Now);

        return new(await session.Decide<LearningPath>(
            id, expected.Value, state => Decide(command, caller.MustSee(state, Visible)), cancellation));
    }

    private static async Task<Page<PathProgress>> List(
        Guid? projectId, Guid? employeeId, Guid? curriculumId,
        [Description("Only those that go on and have a module that is not done and due on this day or before.")] DateOnly? dueBy,
        PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var paths = session.Query<LearningPath>().VisibleTo(caller, Visible, projectId);
        if (employeeId is { } employee)
            paths = paths.Where(path => path.EmployeeId == employee);
        if (curriculumId is { } curriculum)
            paths = paths.Where(path => path.CurriculumId == curriculum);
        if (dueBy is not { } day)
        {
            var found = await paths.ToPage(page, path => path.Id, cancellation);
            return new(await session.Progress(found.Items, caller, cancellation), found.Next);
        }

        // What is due is read from what was done: of those that go on there are few.
        var going = await paths.Where(path => path.EndedFor == null).ToListAsync(cancellation);
        var due = (await session.Progress([.. going], caller, cancellation))
            .Where(path => path.Modules.Any(module => module.DoneAt is null && module.DueOn <= day))
            .OrderBy(path => path.Id).Where(path => path.Id.CompareTo(page.After) > 0).Take(page.Limit + 1).ToList();
        return page.Of(due, path => path.Id);
    }

    private static async Task<Versioned<PathProgress>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var path = caller.MustSee(await session.LoadAsync<LearningPath>(id, cancellation), Visible);

        return new((await session.Progress([path], caller, cancellation))[0], path.Version, complete: false);
    }

    private static async Task<IReadOnlyList<PathProgress>> Progress(
        this IQuerySession session, IReadOnlyList<LearningPath> paths, Caller caller, CancellationToken cancellation)
    {
        var calendars = (await session.LoadManyAsync<ProjectV1>(cancellation, [.. paths.Select(path => path.ProjectId).Distinct()]))
            .ToDictionary(project => project.Id, project => LocalCalendar.Of(project.Zone, project.WeekStartsOn));

        return await session.ProgressOf(paths, project => calendars[project].DayOf, caller.Now, cancellation);
    }
}

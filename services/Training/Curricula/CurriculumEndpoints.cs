using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Training.Courses;
using CallCenter.Training.Exams;
using CallCenter.Training.Materials;
using CallCenter.Training.Projects;
using CallCenter.Web;
using Marten;
using static CallCenter.Training.Curricula.CurriculumDecider;

namespace CallCenter.Training.Curricula;

internal static class CurriculumEndpoints
{
    private static readonly CurriculumContentRequest Example = new("Onboarding, customer service",
    [
        new("company", "Company culture", DueDays: 2), new("product", "Services and products", DueDays: 5),
        new("industry", "The industry", DueDays: 7),
    ]);

    internal static readonly Visibility<Curriculum> Visible = new(
        (curriculum, projects) => curriculum.ProjectId.IsOneOf(projects), own: (curriculum, _) => curriculum.Retired == false);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCurricula()
        {
            var curricula = routes.MapGroup("/curricula").WithTag("Curricula", "What is learnt one after the other, and until when.");

            curricula.MapPost("/", Prepare).Describe("Prepare a curriculum",
                new CurriculumRequest(new("018f3c5e-7d1a-7c44-9b6e-0d2f1f5a7b20"), Example),
                ["name", "duplicate-module", "unknown-course", "unknown-material", "unknown-exam", "unknown-project"]);
            curricula.MapGet("/", List).Describe("The curricula of the caller's projects");
            curricula.MapGet("/{id:guid}", Get).Describe("One curriculum");
            curricula.MapHistory("/{id:guid}", Get);
            curricula.MapPut("/{id:guid}/content", Revise).Describe("Revise it; who has begun goes on by what was told them", Example,
                ["name", "duplicate-module", "unknown-course", "unknown-material", "unknown-exam", "curriculum-retired"]);
            curricula.MapPost("/{id:guid}/retirement", Retire).Describe("Let nobody begin it any more");
        }
    }

    /// <param name="Code">By which it is known over revisions.</param>
    /// <param name="Title">What it is called.</param>
    /// <param name="DueDays">Until how many days after the beginning it is to be done.</param>
    /// <param name="CourseId">Done by a session of this course.</param>
    /// <param name="MaterialId">Done by reading this material.</param>
    /// <param name="ExamId">Done by passing this exam.</param>
    public sealed record ModuleRequest(
        [Required, VisibleText, MaxLength(64), Line] string Code, [MaxLength(1000)] string Title, [Range(0, 730)] int DueDays,
        Guid? CourseId = null, Guid? MaterialId = null, Guid? ExamId = null);

    /// <param name="Title">What the curriculum is called.</param>
    /// <param name="Modules">1 to 50, in the order in which they are learnt.</param>
    public sealed record CurriculumContentRequest(
        [MaxLength(1000)] string Title, [MinLength(1), MaxLength(50)] IReadOnlyList<ModuleRequest> Modules);

    /// <param name="Content">Its title and modules.</param>
    public sealed record CurriculumRequest(Guid ProjectId, CurriculumContentRequest Content);

    private static async Task<CurriculumContent> Checked(
        this IQuerySession session, CurriculumContentRequest request, Guid projectId, string at, CancellationToken cancellation)
    {
        var modules = ImmutableArray.CreateBuilder<Module>();
        foreach (var (i, module) in request.Modules.Index())
        {
            var code = Text.Bare(module.Code);
            if (modules.Any(other => other.Code == code))
                throw new InvalidException($"{at}/modules/{i}/code", "duplicate-module", $"The module '{code}' is there already.");
            if (module.CourseId is { } course && await session.LoadAsync<Course>(course, cancellation) is null)
                throw new InvalidException($"{at}/modules/{i}/courseId", "unknown-course", $"There is no course {course}.");
            if (module.MaterialId is { } material && (await session.LoadAsync<Material>(material, cancellation))?.ProjectId != projectId)
                throw new InvalidException($"{at}/modules/{i}/materialId", "unknown-material", $"The project has no material {material}.");
            if (module.ExamId is { } exam && (await session.LoadAsync<Exam>(exam, cancellation))?.ProjectId != projectId)
                throw new InvalidException($"{at}/modules/{i}/examId", "unknown-exam", $"The project has no exam {exam}.");
            modules.Add(new(
                code, Names.Require($"{at}/modules/{i}/title", module.Title), module.DueDays, module.CourseId, module.MaterialId, module.ExamId));
        }

        return new(Names.Require($"{at}/title", request.Title), modules.DrainToImmutable());
    }

    private static async Task<WriteResult> Prepare(
        CurriculumRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.RequireProject("/projectId", request.ProjectId, cancellation);
        var command = new PrepareCurriculum(id.Value, request.ProjectId,
            await session.Checked(request.Content, request.ProjectId, "/content", cancellation), caller.Id, caller.Now);

        return new(await session.Start<Curriculum>(id.Value, state => Decide(command, state), cancellation), $"/curricula/{id.Value}");
    }

    private static async Task<WriteResult> Revise(
        Guid id, CurriculumContentRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var seen = await session.CurriculumOf(id, caller, cancellation);
        var command = new ReviseCurriculum(await session.Checked(request, seen.ProjectId, "", cancellation), caller.Id, caller.Now);

        return new(await session.Decide<Curriculum>(id, expected.Value, state => Decide(command, state), cancellation));
    }

    private static async Task<WriteResult> Retire(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation) =>
        new(await session.Decide<Curriculum>(id, expected.Value,
            state => Decide(new RetireCurriculum(caller.Id, caller.Now), caller.MustSee(state, Visible)), cancellation));

    private static Task<Page<Curriculum>> List(
        Guid? projectId, PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        session.Query<Curriculum>().VisibleTo(caller, Visible, projectId).ToPage(page, curriculum => curriculum.Id, cancellation);

    private static async Task<Versioned<Curriculum>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var curriculum = await session.CurriculumOf(id, caller, cancellation);

        return new(curriculum, curriculum.Version);
    }

    internal static async Task<Curriculum> CurriculumOf(
        this IQuerySession session, Guid id, Caller caller, CancellationToken cancellation) =>
        caller.MustSee(await session.LoadAsync<Curriculum>(id, cancellation), Visible);
}

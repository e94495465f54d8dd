using CallCenter.EventSourcing;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Forms.EvaluationFormDecider;

namespace CallCenter.Quality.Forms;

/// <summary>Forms as files, to be worked on elsewhere or taken to another project.</summary>
internal static class FormFileEndpoints
{
    private static readonly UploadRule Rule = WorkbookReader.Upload(1 << 20);

    private static readonly string[] Problems =
        ["row-without-place", "missing-column", "duplicate-column", "empty-file", "weights-not-100", "duplicate-code", "kind-mismatch"];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapFormFiles()
        {
            var forms = routes.MapGroup("/evaluation-forms").WithTags("Evaluation forms");

            forms.MapGet("/{id:guid}/versions/{version:int}/file", Export).Describe(
                "The content of a version as a file: JSON, or a sheet for those who ask for a workbook or CSV");
            forms.MapPost("/imports", Import).Takes(Rule).Describe("Start a form as a draft from a workbook such as the export of a form",
                problems: Problems);
            forms.MapPut("/{id:guid}/draft/file", Redraft).Takes(Rule).Describe("Write the draft of the next version from a workbook",
                problems: [.. Problems, "form-retired", "question-changed-kind"]);
        }
    }

    private static async Task<Tabular<FormContent>> Export(
        Guid id, int version, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        await EvaluationFormEndpoints.Seen(id, caller, session, cancellation);
        return new((await EvaluationFormEndpoints.Activation(session, id, version, cancellation)).Content, FormSheet.Of);
    }

    private static async Task<WriteResult> Import(
        Guid projectId, HttpRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        var command = new DraftForm(id.Value, projectId, await Content(request, cancellation), caller.Id, caller.Now);

        return new(await session.Start<FormLife>(id.Value, state => Decide(command, state), cancellation), $"/evaluation-forms/{id.Value}");
    }

    private static async Task<WriteResult> Redraft(
        Guid id, HttpRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new RedraftForm(await Content(request, cancellation), caller.Id, caller.Now);

        return new(await session.Decide<FormLife>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<FormContent> Content(HttpRequest request, CancellationToken cancellation)
    {
        using var upload = await Upload.Save(request, Rule, Path.GetTempPath(), cancellation);
        await using var file = File.OpenRead(upload.Path);
        return FormSheet.Read(WorkbookReader.Rows(file));
    }
}

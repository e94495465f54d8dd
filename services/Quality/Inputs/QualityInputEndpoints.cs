using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Inputs.QualityInputDecider;

namespace CallCenter.Quality.Inputs;

/// <param name="Topic">rule, form, process or other.</param>
/// <param name="Text">What there is to say.</param>
/// <param name="FormId">A form of the project that it is about; null for none.</param>
/// <param name="Question">Code of one of the form's questions that it is about; null for none.</param>
/// <param name="EvaluationId">An evaluation that it is about; null for none.</param>
public sealed record QualityInputRequest(
    Guid ProjectId, InputTopic Topic, [property: FreeText] [Required, VisibleText, MaxLength(4000)] string Text, Guid? FormId = null,
    [VisibleText, MaxLength(64)] string? Question = null, Guid? EvaluationId = null);

/// <param name="Answer">For who gave it.</param>
public sealed record InputAnswerRequest([property: FreeText] [Required, VisibleText, MaxLength(4000)] string Answer);

/// <param name="Topic">rule, form, process or other.</param>
/// <param name="Text">What there is to say; empty once it was erased, or its time was over.</param>
/// <param name="About">What it points at.</param>
/// <param name="By">Who gave it.</param>
/// <param name="GivenAt">When.</param>
/// <param name="OpenDays">For how many whole days it has waited for its answer; null once it has one.</param>
/// <param name="Answer">Null while nobody has answered; empty as the text.</param>
/// <param name="AnsweredBy">Null while nobody has answered.</param>
/// <param name="AnsweredAt">Null while nobody has answered.</param>
public sealed record QualityInputView(
    Guid Id, long Version, Guid ProjectId, InputTopic Topic, string Text, InputAbout About, Guid By, DateTimeOffset GivenAt, int? OpenDays,
    string? Answer, Guid? AnsweredBy, DateTimeOffset? AnsweredAt)
{
    internal static QualityInputView Of(QualityInput input, DateTimeOffset now) => new(
        input.Id, input.Version, input.ProjectId, input.Topic, input.Text, input.About, input.By, input.GivenAt,
        input.AnsweredAt is null ? (int)(now - input.GivenAt).TotalDays : null, input.Answer, input.AnsweredBy, input.AnsweredAt);
}

internal static class QualityInputEndpoints
{
    /// <summary>Their project's; of agents their own.</summary>
    public static readonly Visibility<QualityInput> Visible = new(
        (input, projects) => input.ProjectId.IsOneOf(projects), own: (input, person) => input.By == person);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapQualityInputs()
        {
            var inputs = routes.MapGroup("/quality-inputs").WithTag("Front-line input",
                "What agents and supervisors have to say to rules, forms and processes of quality, and what they are answered.");

            inputs.MapPost("/", Give).Describe("Say something to how quality is judged; inspectors of the project are told",
                new QualityInputRequest(FormExample.ProjectId, InputTopic.Form,
                    "Customers who call back about the same order find the full greeting long.", FormExample.FormId, "greeting"),
                ["unknown-form", "no-such-question", "unknown-evaluation", "question-without-form"]);
            inputs.MapGet("/", List).Describe("What was said, oldest first; agents see their own");
            inputs.MapGet("/{id:guid}", Get).Describe("One input and its answer", problems: [BlindSeconds.Code]);
            inputs.MapHistory("/{id:guid}", Get);
            inputs.MapPost("/{id:guid}/answer", Answer).Describe("Answer it; who gave it is told",
                new InputAnswerRequest("The short greeting is taken from next month on."), ["own-input", "input-answered"]);
        }
    }

    private static async Task<WriteResult> Give(
        QualityInputRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        await session.RequireAbout(request, caller, cancellation);
        var command = new GiveInput(
            id.Value, request.ProjectId, request.Topic, request.Text,
            new(request.FormId, request.Question is { } question ? Text.Bare(question) : null, request.EvaluationId), caller.Id,
                caller.Now);

        return new(await session.Start<QualityInput>(id.Value, state =>
        {
            var events = Decide(command, state);
            if (events is not [])
                session.TellInspectors(request.ProjectId, NoticeKind.InputReceived, $"/quality-inputs/{id.Value}", null, caller.Now);
            return events;
        }, cancellation), $"/quality-inputs/{id.Value}");
    }

    private static async Task RequireAbout(
        this IQuerySession session, QualityInputRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request is { Question: not null, FormId: null })
            throw new InvalidException("/question", "question-without-form", "A question is one of a form; name the form too.");
        if (request.FormId is { } formId)
        {
            var form = await session.LoadAsync<EvaluationForm>(formId, cancellation);
            if (form?.ProjectId != request.ProjectId || form.Active is not { } content)
                throw new InvalidException("/formId", "unknown-form", $"The project has no form {formId} that was ever active.");
            if (request.Question is { } code && content.Find(Text.Bare(code)) is null)
                throw new InvalidException("/question", "no-such-question", $"The form has no question '{code}'.");
        }

        if (request.EvaluationId is { } id && !(await session.LoadAsync<EvaluationSummary>(id, cancellation) is { } evaluation
            && evaluation.ProjectId == request.ProjectId && caller.Sees(evaluation, EvaluationAccess.Visible)))
            throw new InvalidException("/evaluationId", "unknown-evaluation", $"There is no evaluation {id} in this project.");
    }

    private static async Task<Page<QualityInputView>> List(
        Guid? projectId, [Description("true: those without an answer; false: those with one; all when left out.")] bool? open,
        PageRequest page, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var found = session.Query<QualityInput>().VisibleTo(caller, Visible, projectId);
        if (open is { } wanted)
            found = wanted ? found.Where(input => input.AnsweredAt == null) : found.Where(input => input.AnsweredAt != null);
        if (await session.HiddenFrom(caller, cancellation) is { Count: > 0 } hidden)
        {
            var about = hidden.Select(id => (Guid?)id).ToArray();
            var blind = (await session.Query<QualityInput>().Where(input => input.About.EvaluationId.IsOneOf(about))
                .Select(input => input.Id).ToListAsync(cancellation)).ToArray();
            found = found.Where(input => !input.Id.IsOneOf(blind));
        }

        var listed = await found.ToPage(page, input => input.Id, cancellation);

        return new([.. listed.Items.Select(input => QualityInputView.Of(input, caller.Now))], listed.Next);
    }

    private static async Task<Versioned<QualityInputView>> Get(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var input = caller.MustSee(await session.LoadAsync<QualityInput>(id, cancellation), Visible);
        await session.MustNotBeBlind([input.About.EvaluationId], caller, cancellation);

        return new(QualityInputView.Of(input, caller.Now), input.Version);
    }

    private static async Task<WriteResult> Answer(
        Guid id, InputAnswerRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new AnswerInput(request.Answer, caller.Id, caller.Now);

        return new(await session.Decide<QualityInput>(id, expected.Value, state =>
        {
            var events = Decide(command, caller.MustSee(state, Visible));
            if (events is not [])
                session.Tell(state.ProjectId, state.By, NoticeKind.InputAnswered, $"/quality-inputs/{id}", null, caller.Now);
            return events;
        }, cancellation));
    }
}

using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Forms.EvaluationFormDecider;

namespace CallCenter.Quality.Forms;

internal static class EvaluationFormEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvaluationForms()
        {
            var forms = routes.MapGroup("/evaluation-forms").WithTag("Evaluation forms", "What calls are judged by, version by version.");

            forms.MapPost("/", Draft).Describe(
                "Start a form as a draft", new DraftRequest(FormExample.ProjectId, FormExample.Content),
                ["weights-not-100", "duplicate-code", "kind-mismatch"]);
            forms.MapPut("/{id:guid}/draft", Redraft).Describe(
                "Write the draft of the next version", new RedraftRequest(FormExample.Content),
                ["form-retired", "question-changed-kind", "weights-not-100"]);
            forms.MapPost("/{id:guid}/activation", Activate).Describe(
                "Make the draft the active version, which never changes again",
                problems: ["form-retired", "no-draft", "too-many-versions", "approval-missing"]);
            forms.MapPost("/{id:guid}/trial", Try).Describe(
                "Score some answers without evaluating anything", new TrialRequest([new("greeting", new Answer(Choice: "full"))]),
                ["unknown-question", "answer-does-not-fit", "question-not-asked"]);

            forms.MapGet("/", List).Describe("The forms of the caller's projects");
            forms.MapGet("/{id:guid}", Get).Describe("A form with its draft and its active version");
            forms.MapHistory("/{id:guid}", Seen);
            forms.MapGet("/{id:guid}/versions/{version:int}", GetVersion).Describe("One version, as it was activated");
        }
    }

    /// <param name="Content">What calls will be judged by.</param>
    public sealed record DraftRequest(Guid ProjectId, FormContent Content);

    /// <param name="Content">What calls will be judged by.</param>
    public sealed record RedraftRequest(FormContent Content);

    /// <param name="Answers">Answers to any of the questions.</param>
    /// <param name="Version">Null: the draft if there is one, else the active version.</param>
    public sealed record TrialRequest([MaxLength(100)] IReadOnlyList<GivenAnswer> Answers, int? Version = null);

    /// <summary>A form as it stands.</summary>
    /// <param name="Status">draft, active or retired.</param>
    /// <param name="ActiveVersion">Version that new evaluations are made with; 0 before the first activation.</param>
    /// <param name="Draft">The version being written; null when there is none.</param>
    /// <param name="Active">What new evaluations are made with; null before the first activation.</param>
    /// <param name="DraftOf">The approved proposal that the draft is; null where it was written by hand.</param>
    /// <param name="OpenProposals">Changes that nobody has decided about.</param>
    /// <param name="DraftLabels">What the draft says, in the caller's language.</param>
    /// <param name="ActiveLabels">What the active version says, in the caller's language.</param>
    public sealed record FormView(
        Guid Id, long Version, Guid ProjectId, string Status, int ActiveVersion, FormContent? Draft, FormContent? Active,
        FormLabels? DraftLabels, FormLabels? ActiveLabels, Guid? DraftOf, int OpenProposals);

    /// <param name="Title">What the form is called, by language tag.</param>
    /// <param name="Status">draft, active or retired.</param>
    /// <param name="ActiveVersion">Version that new evaluations are made with; 0 before the first activation.</param>
    /// <param name="Label">Its title in the caller's language.</param>
    public sealed record FormListed(
        Guid Id, Guid ProjectId, IReadOnlyDictionary<string, string> Title, string Status, int ActiveVersion, string Label)
    {
        internal static FormListed Of(EvaluationForm form, Language language)
        {
            var title = (form.Active ?? form.Draft)!.Title;

            return new(form.Id, form.ProjectId, title, form.Status, form.ActiveVersion, language.Choose(title));
        }
    }

    /// <param name="Version">1 for the first activation, and so on.</param>
    /// <param name="Content">What calls are judged by.</param>
    /// <param name="Labels">What it says, in the caller's language.</param>
    public sealed record FormVersion(
        Guid FormId, int Version, FormContent Content, Guid ActivatedBy, DateTimeOffset ActivatedAt, FormLabels Labels);

    /// <summary>Their project's.</summary>
    public static readonly Visibility<EvaluationForm> Visible = new((form, projects) => form.ProjectId.IsOneOf(projects));

    extension(Caller caller)
    {
        /// <exception cref="StreamNotFoundException">404.</exception>
        public FormLife MustSee(FormLife? form) => (FormLife)caller.MustSee(form, Visible);
    }

    extension(IQuerySession session)
    {
        // Not as it is stored for lists: a release that runs beside this one writes that too, without what it does not know.
        public Task<FormLife?> FormOf(Guid id, CancellationToken cancellation) =>
            session.Events.AggregateStreamAsync<FormLife>(id, token: cancellation);
    }

    private static async Task<WriteResult> Draft(
        DraftRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(request.ProjectId);
        FormRules.Check(request.Content);
        var command = new DraftForm(id.Value, request.ProjectId, request.Content, caller.Id, caller.Now);

        return new(await session.Start<FormLife>(id.Value, state => Decide(command, state), cancellation),
            $"/evaluation-forms/{id.Value}");
    }

    private static async Task<WriteResult> Redraft(
        Guid id, RedraftRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        FormRules.Check(request.Content);
        var command = new RedraftForm(request.Content, caller.Id, caller.Now);

        return new(await session.Decide<FormLife>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<WriteResult> Activate(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new ActivateForm(caller.Id, caller.Now);

        return new(await session.Decide<FormLife>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<EvaluationResult> Try(
        Guid id, TrialRequest request, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var form = await Seen(id, caller, session, cancellation);
        var content = request.Version is { } version
            ? (await Activation(session, id, version, cancellation)).Content
            : form.Draft ?? form.Active!;

        request.Answers.Check();
        content.EnsureFits(request.Answers);

        return content.Score(request.Answers.ToDictionary(given => given.Question, given => given.Answer));
    }

    private static async Task<Page<FormListed>> List(
        Guid? projectId, PageRequest page, Caller caller, Language language, IQuerySession session, CancellationToken cancellation)
    {
        var found = await session.Query<EvaluationForm>().VisibleTo(caller, Visible, projectId).ToPage(page, form => form.Id, cancellation);

        return new([.. found.Items.Select(form => FormListed.Of(form, language))], found.Next);
    }

    private static async Task<Versioned<FormView>> Get(
        Guid id, Caller caller, Language language, IQuerySession session, CancellationToken cancellation)
    {
        var form = await Seen(id, caller, session, cancellation);

        return new(
            new FormView(form.Id, form.Version, form.ProjectId, form.Status, form.ActiveVersion, form.Draft, form.Active,
                FormLabels.Of(form.Draft, language), FormLabels.Of(form.Active, language), form.DraftOf,
                form.Proposals.Count(proposal => proposal.Status is ProposalStatus.Open)), form.Version, language: language);
    }

    /// <summary>The form with all that was said of it, if the caller may see it.</summary>
    /// <exception cref="StreamNotFoundException">404.</exception>
    internal static async Task<FormLife> Seen(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        caller.MustSee(await session.FormOf(id, cancellation));

    private static async Task<FormVersion> GetVersion(
        Guid id, int version, Caller caller, Language language, IDocumentSession session, CancellationToken cancellation)
    {
        await Seen(id, caller, session, cancellation);
        var activated = await Activation(session, id, version, cancellation);

        return new(id, version, activated.Content, activated.By, activated.At, FormLabels.Of(activated.Content, language));
    }

    internal static async Task<FormActivated> Activation(IDocumentSession session, Guid id, int version, CancellationToken cancellation) =>
        (await session.Events.FetchStreamAsync(id, token: cancellation))
            .Select(e => e.Data).OfType<FormActivated>().FirstOrDefault(e => e.FormVersion == version)
        ?? throw new StreamNotFoundException(id);
}

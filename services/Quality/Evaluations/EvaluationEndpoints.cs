using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Quality.Evaluations.EvaluationDecider;

namespace CallCenter.Quality.Evaluations;

internal static class EvaluationEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapEvaluations()
        {
            var evaluations = routes.MapGroup("/evaluations")
                .WithTag("Evaluations", "Calls that inspectors judge by a form, from the queue to the dispute.");

            evaluations.MapPost("/", Start).Describe(
                "Evaluate a call of one's choice, or something else: a conversation, a chat, a ticket, an observation",
                new StartRequest(FormExample.FormId, FormExample.CallId),
                ["self-evaluation", "call-without-agent", "form-of-other-project", "form-not-active", "call-evaluated", "one-subject",
                 SubjectRequest.Incomplete, SubjectRequest.Overfull, "in-the-future", "unknown-agent", "not-a-chat", "no-conversation",
                 "not-their-call", "not-their-own", "kind-for-inspectors", "nothing-to-judge-again", "same-evaluator"]);
            evaluations.MapPost("/next", Next).Describe("Take the next sampled call, or go on with the one in hand; 204 when none waits");
            evaluations.MapPut("/{id:guid}/assignee", Assign).Describe(
                "Give a waiting evaluation to an inspector, or to whoever takes it", new AssignRequest(FormExample.InspectorId),
                ["not-pending", "self-evaluation", Staff.UnknownInspector, Staff.InspectorLeft]);
            evaluations.MapPost("/{id:guid}/release", Release).Describe(
                "Give a draft back to the queue", new ReleaseRequest("The recording is of another call."),
                ["not-a-draft", "not-your-evaluation", "evaluation-held", "nobody-elses"]);
            evaluations.MapPut("/{id:guid}/answers", Answer).Describe(
                "Answer questions; those not named keep their answers",
                new AnswersRequest(1, [new("greeting", new Answer(Choice: "full")), new("apology", Forms.Answer.OutOfScope)]),
                AnswerProblems);
            evaluations.MapPut("/{id:guid}/answers/{question}", AnswerOne).Describe(
                "Answer one question", new AnswerRequest(1, new Answer(Yes: true), "Named the company first."), AnswerProblems);
            evaluations.MapPut("/{id:guid}/remarks", Remark).Describe(
                "Write feedback for the agent and a note that stays private",
                new RemarksRequest("Calm and clear.", "Second call this week about the same invoice."),
                ["not-a-draft", "not-your-evaluation", "evaluation-held"]);
            evaluations.MapPut("/{id:guid}/text", WriteText).Describe(
                "Give what was written in a chat that was drawn: it is kept like other texts of evaluations",
                new TextRequest("Customer: where is my order? Agent: on its way."),
                ["not-a-draft", "not-your-evaluation", "evaluation-held", "not-a-chat"]);
            evaluations.MapPost("/{id:guid}/submission", Submit).Describe(
                "Score the evaluation and show it to the agent: at once, at a time, or after a review, as the project's policy says",
                problems: ["answers-missing", "comment-missing", "issue-missing", "evidence-missing", "not-a-draft", "not-your-evaluation",
                    "evaluation-held", "release-out-of-range", "project-unknown"]);
            evaluations.MapPost("/{id:guid}/review", Review).Describe(
                "Look at a score that is held: submit it, or give it back to its evaluator",
                new ReviewRequest(ReviewDecision.Submit, "As heard."), ["reviewer-involved", "not-held", "project-unknown"]);
        }
    }

    private static readonly string[] AnswerProblems =
        ["not-a-draft", "not-your-evaluation", "evaluation-held", "other-form-version", "unknown-question", "answer-does-not-fit",
            "not-one-answer", "question-not-asked", "word-not-in-list", "evidence-without-place", "quote-without-word", "unknown-issue",
            "unknown-root-cause"];

    // Public, or AddValidation() passes them by without a word.
    /// <param name="CallId">The call that is judged; null where a subject is named.</param>
    /// <param name="Kind">Why; standard when left out.</param>
    /// <param name="Subject">What is judged, where that is no single call.</param>
    public sealed record StartRequest(Guid FormId, Guid? CallId = null, EvaluationKind? Kind = null, SubjectRequest? Subject = null)
    {
        internal SubjectRequest Checked() => (CallId, Subject) switch
        {
            ({ } call, null) => new(SubjectKind.Call, call),
            (null, { } subject) => subject,
            _ => throw new InvalidException("/subject", "one-subject", "An evaluation is of a call, or of a subject: one of them."),
        };
    }

    /// <param name="InspectorId">Null: whoever takes it next.</param>
    public sealed record AssignRequest(Guid? InspectorId);

    /// <param name="Reason">Why it cannot be made by this inspector.</param>
    public sealed record ReleaseRequest([property: FreeText] [Required, VisibleText, MaxLength(500)] string Reason);

    /// <param name="FormVersion">The version of the form the answers are to.</param>
    /// <param name="Answers">One for each question at most; questions not named keep their answers.</param>
    public sealed record AnswersRequest(int FormVersion, [MinLength(1), MaxLength(100)] IReadOnlyList<GivenAnswer> Answers);

    /// <param name="FormVersion">The version of the form the answer is to.</param>
    /// <param name="Answer">As the kind of the question asks for it.</param>
    /// <param name="Comment">Shown to the agent.</param>
    /// <param name="Issue">What went wrong, by the project's catalogue of issues.</param>
    /// <param name="Evidence">Where words of the question's list were said or written.</param>
    public sealed record AnswerRequest(
        int FormVersion, Answer Answer, [property: FreeText] [MaxLength(2000)] string? Comment = null, Issue? Issue = null,
        [MaxLength(50)] IReadOnlyList<Evidence>? Evidence = null);

    /// <param name="Feedback">For the agent.</param>
    /// <param name="PrivateNote">For inspectors only.</param>
    public sealed record RemarksRequest(
        [property: FreeText] [MaxLength(4000)] string? Feedback = null,
        [property: FreeText] [MaxLength(2000)] string? PrivateNote = null);

    /// <param name="Text">What was written in the chat.</param>
    public sealed record TextRequest([property: FreeText] [Required, VisibleText, MaxLength(50_000)] string Text);

    private static async Task<WriteResult> Start(
        StartRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var asked = request.Checked();
        var kind = request.Kind ?? EvaluationKind.Standard;
        var form = await session.FormOf(request.FormId, cancellation) ?? throw new StreamNotFoundException(request.FormId);
        caller.MustSee(form.ProjectId);
        var (subject, agentId) = await session.Find(asked, form.ProjectId, caller, cancellation);
        if (kind is EvaluationKind.Standard)
            await session.MustBeFirst(subject, form.Id, id.Value, caller, cancellation);
        var isInspector = caller.Is("inspector") || caller.Is("admin");
        var call = kind is EvaluationKind.Standard && subject.Kind is SubjectKind.Call
            ? await session.LoadAsync<CallV1>(subject.Id, cancellation) : null;
        var standard = kind is EvaluationKind.Second ? await session.StandardOf(subject, form.Id, cancellation) : null;

        return new(await session.Start<Evaluation>(id.Value, state => call is not null
            ? Decide(new StartEvaluation(id.Value, call, form, caller.Id, caller.Now, isInspector), state)
            : Decide(new OpenEvaluation(id.Value, kind, subject, agentId, form, caller.Id, isInspector, standard, caller.Now), state),
            cancellation), $"/evaluations/{id.Value}");
    }

    private static async Task<Results<Versioned<EvaluationDetails>, NoContent>> Next(
        Caller caller, Language language, IDocumentSession session, CancellationToken cancellation)
    {
        if (await session.TakeNext(caller, language, cancellation) is not { } taken)
            return TypedResults.NoContent();

        return new Versioned<EvaluationDetails>(taken, taken.Version);
    }

    private static async Task<WriteResult> Assign(
        Guid id, AssignRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var waiting = caller.MustSee(await session.LoadAsync<EvaluationSummary>(id, cancellation), EvaluationAccess.Visible);
        if (request.InspectorId is { } inspector) // that the agent judges their own call is refused in words of its own
            await session.RequireInspectors(_ => "/inspectorId", [inspector], [waiting.AgentId], waiting.ProjectId, caller, cancellation);
        var command = new AssignEvaluation(request.InspectorId, caller.Id, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<WriteResult> Release(
        Guid id, ReleaseRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new ReleaseEvaluation(caller.Id, request.Reason, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<WriteResult> Answer(
        Guid id, AnswersRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        request.Answers.Check();
        await session.RequireIssues(id, request.Answers, caller, cancellation);
        var command = new AnswerQuestions(caller.Id, request.FormVersion, request.Answers, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static Task<WriteResult> AnswerOne(
        Guid id, string question, AnswerRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation) =>
        Answer(id, new(request.FormVersion, [new(question, request.Answer, request.Comment, request.Issue, request.Evidence)]), expected,
            caller, session, cancellation);

    private static async Task<WriteResult> WriteText(
        Guid id, TextRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new WriteChatText(caller.Id, request.Text, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<WriteResult> Remark(
        Guid id, RemarksRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new WriteRemarks(caller.Id, request.Feedback, request.PrivateNote, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    /// <param name="Decision">What becomes of it.</param>
    /// <param name="Reason">For its evaluator.</param>
    public sealed record ReviewRequest(
        ReviewDecision Decision, [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Reason);

    private static async Task<WriteResult> Submit(
        Guid id, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation,
        [Description("When the agent is told of it, at most 45 days from now; as the project's policy says when left out. "
            + "Where scores are reviewed, the review alone counts.")]
        DateTimeOffset? releaseAt = null)
    {
        if (releaseAt is { } at && (at <= caller.Now || at > caller.Now.AddDays(45)))
            throw new InvalidException("releaseAt", "release-out-of-range", "A score is released later than now, and within 45 days.");

        var draft = caller.MustSee(await session.LoadAsync<EvaluationSummary>(id, cancellation), EvaluationAccess.Visible);
        var (policy, calendar) = await session.TermsOf(draft.ProjectId, cancellation);
        var release = policy.Release is Evaluations.Release.AfterReview ? null : releaseAt ?? policy.ReleaseAt(calendar, caller.Now);
        var command = new SubmitEvaluation(caller.Id, calendar, caller.Now, new(release));

        return new(await session.Decide<Evaluation>(id, expected.Value,
            state => session.Telling(state, Decide(command, state), caller.Now), cancellation));
    }

    private static async Task<WriteResult> Review(
        Guid id, ReviewRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var held = caller.MustSee(await session.LoadAsync<EvaluationSummary>(id, cancellation), EvaluationAccess.Visible);
        var (_, calendar) = await session.TermsOf(held.ProjectId, cancellation);
        var command = new ReviewScore(caller.Id, request.Decision, request.Reason, calendar, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value,
            state => session.Telling(state, Decide(command, caller.MustSee(state)), caller.Now), cancellation));
    }
}

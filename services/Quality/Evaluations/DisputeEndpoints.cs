using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Evaluations.EvaluationDecider;

namespace CallCenter.Quality.Evaluations;

/// <summary>What the agent says to an evaluation, and what others make of it: a first instance and, if the agent asks, a second.</summary>
internal static class DisputeEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDisputes()
        {
            var evaluation = routes.MapGroup("/evaluations/{id:guid}").WithTags("Evaluations");

            evaluation.MapPost("/acknowledgement", Acknowledge).Describe(
                "The agent has read it", new AcknowledgeRequest("Thank you, will do."), ["not-your-evaluation", "not-acknowledgeable"]);
            evaluation.MapPost("/dispute", Dispute).Describe(
                "The agent contests the score", new DisputeRequest("The customer asked me to hurry."),
                ["not-your-evaluation", "not-disputable", "already-disputed", "dispute-window-closed", "project-unknown"]);
            evaluation.MapPost("/appeal", Appeal).Describe(
                "The agent asks a second instance about what was decided", new DisputeRequest("The recording was not listened to."),
                ["not-your-evaluation", "not-appealable", "already-appealed", "appeal-window-closed", "project-unknown"]);
            evaluation.MapPost("/resolution", Resolve).Describe(
                "Somebody else upholds the score, or changes it by answering anew",
                new ResolveRequest(DisputeDecision.Change, "The customer did ask.", 1, [new("explained", new Answer(Yes: true))]),
                ["resolver-involved", "not-disputed", "other-form-version", "unknown-question", "answer-does-not-fit", "comment-missing",
                 "question-not-asked", "answers-missing", "issue-missing", "evidence-missing", "word-not-in-list", "unknown-issue",
                 "answers-needed", "answers-not-needed", "dispute-escalated", "project-unknown"]);
        }
    }

    /// <param name="Comment">What the agent says to it; nothing when left out.</param>
    public sealed record AcknowledgeRequest([property: FreeText] [MaxLength(2000)] string? Comment = null);

    /// <param name="Reason">What the agent holds to be wrong.</param>
    public sealed record DisputeRequest([property: FreeText] [Required, VisibleText, MaxLength(2000)] string Reason);

    /// <param name="Decision">Whether the score stays or the answers are given anew.</param>
    /// <param name="Reason">Why, for the agent.</param>
    /// <param name="FormVersion">The version of the form the answers are to.</param>
    /// <param name="Answers">For <c>change</c>: the questions answered anew. None for <c>uphold</c>.</param>
    public sealed record ResolveRequest(
        DisputeDecision Decision, [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Reason, int FormVersion,
        [MaxLength(100)] IReadOnlyList<GivenAnswer>? Answers = null)
    {
        internal IReadOnlyList<GivenAnswer> Checked()
        {
            var answers = Answers ?? [];
            answers.Check();

            return (Decision, answers) switch
            {
                (DisputeDecision.Change, []) => throw new InvalidException("/answers", "answers-needed", "A score changes by answers."),
                (DisputeDecision.Uphold, [_, ..]) => throw new InvalidException(
                    "/answers", "answers-not-needed", "A score that is upheld keeps its answers."),
                _ => answers,
            };
        }
    }

    private static async Task<WriteResult> Acknowledge(
        Guid id, AcknowledgeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        var command = new AcknowledgeEvaluation(caller.Id, request.Comment, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value, state => Decide(command, caller.MustSee(state)), cancellation));
    }

    private static async Task<WriteResult> Dispute(
        Guid id, DisputeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var decideBy = await session.DecideBy(id, caller, cancellation);
        var command = new DisputeEvaluation(caller.Id, request.Reason, caller.Now, decideBy);

        return new(await session.Decide<Evaluation>(id, expected.Value,
            state => session.Telling(state, Decide(command, caller.MustSee(state)), caller.Now), cancellation));
    }

    private static async Task<WriteResult> Appeal(
        Guid id, DisputeRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var decideBy = await session.DecideBy(id, caller, cancellation);
        var command = new AppealDecision(caller.Id, request.Reason, decideBy, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value,
            state => session.Telling(state, Decide(command, caller.MustSee(state)), caller.Now), cancellation));
    }

    private static async Task<WriteResult> Resolve(
        Guid id, ResolveRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var answers = request.Checked();
        await session.RequireIssues(id, answers, caller, cancellation);
        var (policy, calendar) = await session.TermsOf(id, caller, cancellation);
        var command = new ResolveDispute(caller.Id, request.Decision, request.Reason, request.FormVersion, answers, caller.Now,
            IsManager: caller.Is("project-manager") || caller.Is("operations-manager") || caller.Is("admin"),
            policy.AppealableUntil(calendar, caller.Now));

        return new(await session.Decide<Evaluation>(id, expected.Value,
            state => session.Telling(state, Decide(command, caller.MustSee(state)), caller.Now), cancellation));
    }

    extension(IQuerySession session)
    {
        private async Task<(EvaluationPolicy Policy, LocalCalendar Calendar)> TermsOf(
            Guid evaluation, Caller caller, CancellationToken cancellation)
        {
            var seen = caller.MustSee(await session.LoadAsync<EvaluationSummary>(evaluation, cancellation), EvaluationAccess.Visible);
            return await session.TermsOf(seen.ProjectId, cancellation);
        }

        private async Task<DateTimeOffset> DecideBy(Guid evaluation, Caller caller, CancellationToken cancellation)
        {
            var (policy, calendar) = await session.TermsOf(evaluation, caller, cancellation);
            return policy.DecideBy(calendar, caller.Now);
        }
    }
}

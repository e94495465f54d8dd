using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Evaluations.EvaluationDecider;

namespace CallCenter.Quality.Evaluations;

/// <summary>A submitted evaluation that was wrong: its score is corrected, or it counts no more. What it was stays to be read.</summary>
internal static class CorrectionEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapCorrections()
        {
            var evaluation = routes.MapGroup("/evaluations/{id:guid}").WithTags("Evaluations");

            evaluation.MapPost("/corrections", Correct).Describe(
                "Answer questions of a submitted evaluation anew, with a reason: its evaluator until the agent has responded, or a supervisor",
                new CorrectionRequest("Mistyped: the greeting was given.", 1, [new("greeting", new Answer(Choice: "full"))]),
                [.. Refusals, "other-form-version", "unknown-question", "answer-does-not-fit", "question-not-asked", "answers-missing", "comment-missing",
                    "issue-missing", "evidence-missing", "word-not-in-list", "unknown-issue", "project-unknown"]);
            evaluation.MapPost("/voiding", Void).Describe(
                "Let a submitted evaluation count no more, with a reason; its call can be evaluated again",
                new VoidingRequest("The recording is of another call."), Refusals);
        }
    }

    private static readonly string[] Refusals =
        ["evaluation-voided", "dispute-open", "not-submitted", "self-evaluation", "not-your-evaluation", "answered-by-agent"];

    /// <param name="Reason">What was wrong, for the agent.</param>
    /// <param name="FormVersion">The version of the form the answers are to.</param>
    /// <param name="Answers">The questions answered anew; those not named keep their answers.</param>
    public sealed record CorrectionRequest(
        [property: FreeText] [Required, VisibleText, MaxLength(2000)] string Reason, int FormVersion,
        [MinLength(1), MaxLength(100)] IReadOnlyList<GivenAnswer> Answers);

    /// <param name="Reason">Why it counts no more, for the agent.</param>
    public sealed record VoidingRequest([property: FreeText] [Required, VisibleText, MaxLength(2000)] string Reason);

    private static async Task<WriteResult> Correct(
        Guid id, CorrectionRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session,
        CancellationToken cancellation)
    {
        request.Answers.Check();
        await session.RequireIssues(id, request.Answers, caller, cancellation);
        var seen = caller.MustSee(await session.LoadAsync<EvaluationSummary>(id, cancellation), EvaluationAccess.Visible);
        var command = new CorrectEvaluation(caller.Id, Leads(caller), request.Reason, request.FormVersion, request.Answers,
            await session.CalendarOf(seen.ProjectId, cancellation), caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value,
            state => session.Telling(state, Decide(command, caller.MustSee(state)), caller.Now), cancellation));
    }

    private static async Task<WriteResult> Void(
        Guid id, VoidingRequest request, ExpectedVersion expected, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var command = new VoidEvaluation(caller.Id, Leads(caller), request.Reason, caller.Now);

        return new(await session.Decide<Evaluation>(id, expected.Value,
            state => session.Telling(state, Decide(command, caller.MustSee(state)), caller.Now), cancellation));
    }

    private static bool Leads(Caller caller) => caller.Is("supervisor") || caller.Is("admin");
}

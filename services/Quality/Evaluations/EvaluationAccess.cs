using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

internal static class EvaluationAccess
{
    /// <summary>
    /// Their project's; the evaluated agent from submission on. Nobody reads along while their own call is being judged, whatever else
    /// they may do here.
    /// </summary>
    public static readonly Visibility<EvaluationSummary> Visible = new(
        (evaluation, projects) => evaluation.ProjectId.IsOneOf(projects),
        own: (evaluation, agent) => evaluation.AgentId == agent,
        openTo: (evaluation, person) => evaluation.AgentId != person
            || (evaluation.Status != EvaluationStatus.Pending && evaluation.Status != EvaluationStatus.Draft));

    extension(Caller caller)
    {
        /// <summary>The evaluation with its answers, if the caller may know of it.</summary>
        /// <exception cref="StreamNotFoundException">404.</exception>
        public Evaluation MustSee(Evaluation? evaluation) => (Evaluation)caller.MustSee(evaluation, Visible);
    }

    extension(IDocumentSession session)
    {
        /// <summary>The issues that answers name are of the catalogue of the evaluation's project.</summary>
        /// <exception cref="InvalidException">422 <c>unknown-issue</c> or <c>unknown-root-cause</c>.</exception>
        public async Task RequireIssues(Guid id, IReadOnlyList<GivenAnswer> answers, Caller caller, CancellationToken cancellation)
        {
            if (answers.All(given => given.Issue is null))
                return;

            var evaluation = caller.MustSee(await session.LoadAsync<EvaluationSummary>(id, cancellation), Visible);
            (await session.IssuesOf(evaluation.ProjectId, cancellation)).EnsureKnown(answers);
        }

        /// <summary>A call is evaluated once by a form, or its agent's score would count it twice.</summary>
        /// <exception cref="RefusedException">409 <c>call-evaluated</c>, with the address of the first.</exception>
        public async Task MustBeFirst(StartEvaluation command, Caller caller, CancellationToken cancellation)
        {
            await session.Lock([NameId.Of("evaluation-of", command.Call.Id, command.Form.Id)], cancellation);
            var first = await session.Query<EvaluationSummary>()
                .Where(e => e.CallId == command.Call.Id && e.FormId == command.Form.Id && e.Id != command.EvaluationId
                    && e.Status != EvaluationStatus.Voided)
                .OrderBy(e => e.Id).FirstOrDefaultAsync(cancellation);

            if (first is not null)
                throw new RefusedException("call-evaluated", "There is an evaluation of this call by this form already.",
                    caller.Sees(first, Visible) ? $"/evaluations/{first.Id}" : null);
        }
    }
}

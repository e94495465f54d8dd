using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

internal static class EvaluationAccess
{
    /// <summary>
    /// Their project's; the evaluated agent from submission on, except what others learn or are measured by. Nobody reads along while their
    /// own call is being judged by another, whatever else they may do here. A peer sees what they judge.
    /// </summary>
    public static readonly Visibility<EvaluationSummary> Visible = new(
        (evaluation, projects) => evaluation.ProjectId.IsOneOf(projects),
        own: (evaluation, agent) => evaluation.AgentId == agent
            || (evaluation.EvaluatorId == agent && evaluation.Kind == EvaluationKind.Peer),
        openTo: (evaluation, person) => evaluation.AgentId != person || evaluation.Kind == EvaluationKind.Self
            || (evaluation.Status != EvaluationStatus.Pending && evaluation.Status != EvaluationStatus.Draft
                && (evaluation.Kind == null || evaluation.Kind == EvaluationKind.Peer)));

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

        /// <summary>What is judged has one standard evaluation by a form, or its agent's score would count it twice.</summary>
        /// <exception cref="RefusedException">409 <c>call-evaluated</c>, with the address of the first.</exception>
        public async Task MustBeFirst(Subject subject, Guid formId, Guid evaluationId, Caller caller, CancellationToken cancellation)
        {
            await session.Lock([NameId.Of("evaluation-of", subject.CallId ?? subject.Id, formId), LockOf(formId)], cancellation);

            if (await session.StandardOf(subject, formId, cancellation) is { } first && first.Id != evaluationId)
                throw new RefusedException("call-evaluated", "There is an evaluation of this by this form already.",
                    caller.Sees(first, Visible) ? $"/evaluations/{first.Id}" : null);
        }

        /// <summary>
        /// The standard evaluations of calls by a form, by the call. Nobody begins one by choice until this session's transaction ends.
        /// </summary>
        public async Task<IReadOnlyDictionary<Guid, EvaluationSummary>> StandardOfCalls(
            IReadOnlyList<Guid> calls, Guid formId, CancellationToken cancellation)
        {
            await session.Lock([LockOf(formId)], cancellation);
            var found = await session.Query<EvaluationSummary>().Where(e => e.CallId.IsOneOf(calls.ToArray()) && e.FormId == formId
                && e.Status != EvaluationStatus.Voided && e.Kind == null).ToListAsync(cancellation);
            return found.GroupBy(e => e.CallId).ToDictionary(own => own.Key, own => own.MinBy(e => e.Id)!);
        }
    }

    extension(IQuerySession session)
    {
        public async Task<EvaluationSummary?> StandardOf(Subject subject, Guid formId, CancellationToken cancellation)
        {
            var standard = session.Query<EvaluationSummary>()
                .Where(e => e.FormId == formId && e.Status != EvaluationStatus.Voided && e.Kind == null);
            return await (subject.CallId is { } call
                    ? standard.Where(e => e.CallId == call) : standard.Where(e => e.SubjectId == subject.Id))
                .OrderBy(e => e.Id).FirstOrDefaultAsync(cancellation);
        }
    }

    private static Guid LockOf(Guid form) => NameId.Of("evaluations-by", form);
}

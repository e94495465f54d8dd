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
}

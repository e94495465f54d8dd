using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using static CallCenter.Quality.Evaluations.EvaluationDecider;

namespace CallCenter.Quality.Evaluations;

internal static class EvaluationQueue
{
    /// <summary>What whoever comes first may take, for the index that finds it.</summary>
    public const string WaitsForAnybody = "status = 'Pending' and assigned_to is null";

    // The oldest week first. A row somebody else is taking at this moment is passed over.
    private static string Next(string whose) =>
        $"""
        where d.status = 'Pending' and {whose} and d.agent_id <> ?
          and (cast(? as uuid[]) is null or d.project_id = any(cast(? as uuid[])))
          and not coalesce(d.data -> 'ReleasedBy' @> to_jsonb(cast(? as text)), false)
        order by d.sampled_week, d.id
        limit 1 for update of d skip locked
        """;

    extension(IDocumentSession session)
    {
        /// <summary>
        /// The sampled call the caller works on next: the draft they have open, or else the first of their queue, which
        /// is theirs from now on. Two callers never get the same. Null when nothing waits.
        /// </summary>
        public async Task<EvaluationDetails?> TakeNext(Caller caller, Language language, CancellationToken cancellation)
        {
            // Pressed twice, it is still one call that is taken.
            await session.Lock([caller.Id], cancellation);

            var next = await session.OpenDraft(caller, cancellation) ?? await session.Take(caller, cancellation);

            return next is { } id ? await session.Details(id, caller, language, cancellation) : null;
        }

        private async Task<Guid?> OpenDraft(Caller caller, CancellationToken cancellation)
        {
            var draft = await session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible)
                .Where(e => e.Status == EvaluationStatus.Draft && e.EvaluatorId == caller.Id && e.PlanId != null
                    && e.HeldAt == null)
                .OrderBy(e => e.Id).FirstOrDefaultAsync(cancellation);

            return draft?.Id;
        }

        private async Task<Guid?> Take(Caller caller, CancellationToken cancellation)
        {
            var projects = caller.Projects?.ToArray();
            object[] those = [caller.Id, projects!, projects!, caller.Id.ToString()];

            // Asked for one after the other, each is found by an index, however much waits.
            var found = await session.QueryAsync<EvaluationSummary>(Next("d.assigned_to = ?"), cancellation, [caller.Id, .. those]);
            if (found.Count == 0)
                found = await session.QueryAsync<EvaluationSummary>(Next("d.assigned_to is null"), cancellation, those);
            if (found is not [var next, ..])
                return null;

            var form = await session.FormOf(next.FormId, cancellation) ?? throw new StreamNotFoundException(next.FormId);
            await session.Decide<Evaluation>(
                next.Id, state => Decide(new TakeEvaluation(form, caller.Id, caller.Now), state), cancellation);

            return next.Id;
        }
    }
}

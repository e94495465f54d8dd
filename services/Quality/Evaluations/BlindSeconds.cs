using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// Whoever judges something again does so without seeing what others say of it by the same form, until theirs is submitted: else the second
/// would repeat the first, and say nothing of how sure a score is.
/// </summary>
internal static class BlindSeconds
{
    /// <summary>409: it is shown once the caller's own is submitted.</summary>
    public const string Code = "second-is-blind";

    extension(IQuerySession session)
    {
        /// <summary>Evaluations of what the caller is judging again, made by others: not for their eyes now.</summary>
        public async Task<IReadOnlySet<Guid>> HiddenFrom(Caller caller, CancellationToken cancellation)
        {
            var seconds = await session.Query<EvaluationSummary>()
                .Where(e => e.EvaluatorId == caller.Id && e.Kind == EvaluationKind.Second && e.Status == EvaluationStatus.Draft)
                .ToListAsync(cancellation);
            if (seconds.Count == 0)
                return new HashSet<Guid>();

            var (calls, subjects) = (seconds.Select(e => e.CallId).Where(call => call != Guid.Empty).ToArray(),
                seconds.Select(e => e.SubjectId).ToArray());
            var of = seconds.Select(e => (e.FormId, e.CallId, e.SubjectId)).ToHashSet();
            var others = await session.Query<EvaluationSummary>()
                .Where(e => (e.CallId.IsOneOf(calls) || e.SubjectId.IsOneOf(subjects)) && e.EvaluatorId != caller.Id)
                .ToListAsync(cancellation);
            return others.Where(e => of.Contains((e.FormId, e.CallId, e.SubjectId))).Select(e => e.Id).ToHashSet();
        }

        /// <exception cref="RefusedException">409 <c>second-is-blind</c>.</exception>
        public async Task MustNotBeBlind(EvaluationSummary evaluation, Caller caller, CancellationToken cancellation)
        {
            if (evaluation.EvaluatorId != caller.Id && (await session.HiddenFrom(caller, cancellation)).Contains(evaluation.Id))
                throw new RefusedException(Code, "You are judging this again: what others say of it is shown once yours is submitted.");
        }
    }

    /// <summary>Those that are not hidden.</summary>
    public static IQueryable<EvaluationSummary> Except(this IQueryable<EvaluationSummary> evaluations, IReadOnlySet<Guid> hidden) =>
        hidden.Count == 0 ? evaluations : evaluations.Where(e => !e.Id.IsOneOf(hidden.ToArray()));
}

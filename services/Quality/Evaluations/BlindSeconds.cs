using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// Whoever judges something again does so without seeing what others say of it by the same form, until theirs is submitted: else the second
/// would repeat the first, and say nothing of how sure a score is. That holds for the evaluations themselves, and for what tells of them:
/// coachings and inputs that come of them, notices, calibrations of the same call, figures and reports that count few. What stays open, and
/// why, is in <c>docs/how-to/evaluate.md</c>.
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
            var seconds = await session.Seconds(caller, cancellation);
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

        /// <summary>The calls that the caller is judging again, each with the form.</summary>
        public async Task<IReadOnlySet<(Guid FormId, Guid CallId)>> JudgedAgain(Caller caller, CancellationToken cancellation) =>
            (await session.Seconds(caller, cancellation)).Select(e => (e.FormId, e.CallId)).ToHashSet();

        // Those that the caller is making.
        private Task<IReadOnlyList<EvaluationSummary>> Seconds(Caller caller, CancellationToken cancellation) =>
            session.Query<EvaluationSummary>()
                .Where(e => e.EvaluatorId == caller.Id && e.Kind == EvaluationKind.Second && e.Status == EvaluationStatus.Draft)
                .ToListAsync(cancellation);

        /// <exception cref="RefusedException">409 <c>second-is-blind</c>.</exception>
        public async Task MustNotBeBlind(EvaluationSummary evaluation, Caller caller, CancellationToken cancellation)
        {
            if (evaluation.EvaluatorId != caller.Id)
                await session.MustNotBeBlind([evaluation.Id], caller, cancellation);
        }

        /// <param name="about">Evaluations that what is read tells of.</param>
        /// <exception cref="RefusedException">409 <c>second-is-blind</c>.</exception>
        public async Task MustNotBeBlind(IEnumerable<Guid?> about, Caller caller, CancellationToken cancellation)
        {
            var ids = about.OfType<Guid>().ToList();
            if (ids.Count > 0 && (await session.HiddenFrom(caller, cancellation)).Overlaps(ids))
                throw Blind();
        }
    }

    public static RefusedException Blind() =>
        new(Code, "You are judging this again: what others say of it is shown once yours is submitted.");

    /// <summary>Addresses of what notices must not tell the caller of now.</summary>
    public static async Task<IReadOnlyList<string>> Addresses(IQuerySession session, Caller caller, CancellationToken cancellation) =>
        [.. (await session.HiddenFrom(caller, cancellation)).Select(id => $"/evaluations/{id}")];

    /// <summary>Those that are not hidden.</summary>
    public static IQueryable<EvaluationSummary> Except(this IQueryable<EvaluationSummary> evaluations, IReadOnlySet<Guid> hidden) =>
        hidden.Count == 0 ? evaluations : evaluations.Where(e => !e.Id.IsOneOf(hidden.ToArray()));
}

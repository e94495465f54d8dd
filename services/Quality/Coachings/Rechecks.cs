using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using Marten;
using Marten.Events;

namespace CallCenter.Quality.Coachings;

/// <summary>An evaluation that counts, with what it came to.</summary>
/// <param name="Result">As it is now, after disputes and corrections.</param>
public sealed record JudgedContact(EvaluationSummary Evaluation, EvaluationResult Result)
{
    /// <summary>Points of a section, or of the whole without one; null where nothing of it was answered.</summary>
    public decimal? ScoreOf(string? section) => section is null ? Result.Score : Find(section)?.Score;

    /// <summary>Likewise.</summary>
    public bool? PassedIn(string? section) => section is null ? Result.Passed : Find(section)?.Passed;

    private SectionScore? Find(string section) => Result.Sections.FirstOrDefault(score => score.Section == section);
}

internal static class Rechecks
{
    private const int AtOnce = 2000;

    /// <summary>
    /// The first evaluation after the talk that passed what was coached: of its section, by whatever form has it, or without one by the
    /// whole of the form. What the evaluations say counts, not in which order they came to be known.
    /// </summary>
    public static Recheck? Of(Coaching coaching, IEnumerable<JudgedContact> judged) => judged
        .Where(contact => contact.Evaluation is var e && e.ProjectId == coaching.ProjectId && e.AgentId == coaching.AgentId
            && e.Id != coaching.Cause.EvaluationId && e.SubmittedAt > coaching.Plan.TalkAt
            && (coaching.Section is not null || e.FormId == coaching.FormId) && contact.PassedIn(coaching.Section) is true)
        .OrderBy(contact => contact.Evaluation.SubmittedAt).ThenBy(contact => contact.Evaluation.Id)
        .Select(contact => new Recheck(contact.Evaluation.Id, contact.Evaluation.SubmittedAt!.Value)).FirstOrDefault();

    extension(IQuerySession session)
    {
        /// <summary>Evaluations that count, with their results: what is voided has none, and is left out.</summary>
        public async Task<IReadOnlyList<JudgedContact>> Judged(
            IReadOnlyList<EvaluationSummary> evaluations, CancellationToken cancellation)
        {
            var results = new Dictionary<Guid, EvaluationResult?>();
            var counting = evaluations.Where(e => e.Status is not EvaluationStatus.Voided && e.Counts);
            foreach (var some in counting.Select(e => e.Id).Chunk(AtOnce))
                foreach (var e in await session.Events.QueryAllRawEvents()
                    .Where(e => e.StreamId.IsOneOf(some) && e.EventTypesAre(
                        typeof(EvaluationSubmitted), typeof(DisputeResolved), typeof(EvaluationCorrected), typeof(EvaluationVoided)))
                    .OrderBy(e => e.Sequence).ToListAsync(cancellation))
                    results[e.StreamId] = e.Data switch
                    {
                        EvaluationSubmitted submitted => submitted.Result,
                        DisputeResolved resolved => resolved.Result,
                        EvaluationCorrected corrected => corrected.Result,
                        _ => null,
                    };

            return [.. from evaluation in evaluations
                       where evaluation.SubmittedAt is not null && results.GetValueOrDefault(evaluation.Id) is not null
                       select new JudgedContact(evaluation, results[evaluation.Id]!)];
        }
    }
}

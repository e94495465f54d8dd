using CallCenter.Contracts.Calls;
using CallCenter.Quality.Evaluations;
using Marten;

namespace CallCenter.Quality.Coachings;

internal static class AgentScores
{
    /// <summary>
    /// Scores of all agents by a form, of contacts in the weeks before and after an instant: when a contact was counts, not when it was
    /// judged.
    /// </summary>
    /// <param name="section">Null: of the whole form.</param>
    public static async Task<IReadOnlyList<ScoresAround>> ScoresAround(
        this IQuerySession session, Guid projectId, Guid formId, string? section, DateTimeOffset instant, int weeks,
        CancellationToken cancellation)
    {
        var (from, to) = (instant.AddDays(-7 * weeks), instant.AddDays(7 * weeks));
        var evaluations = await session.Query<EvaluationSummary>()
            .Where(e => e.ProjectId == projectId && e.FormId == formId && e.SubmittedAt >= from && e.Score != null)
            .ToListAsync(cancellation);
        var times = (await session.LoadManyAsync<CallV1>(cancellation, [.. evaluations.Select(e => e.CallId).Distinct()]))
            .ToDictionary(call => call.Id, call => call.StartedAt);
        var judged = await session.Judged(evaluations, cancellation);
        var scores = judged
            .Select(contact => (contact.Evaluation.AgentId, Score: contact.ScoreOf(section),
                At: times.GetValueOrDefault(contact.Evaluation.CallId) ?? contact.Evaluation.SubmittedAt!.Value))
            .Where(scored => scored.Score is not null && scored.At >= from && scored.At < to)
            .ToLookup(scored => (scored.AgentId, IsBefore: scored.At < instant), scored => (double)scored.Score!.Value);

        return
        [
            .. scores.Select(own => own.Key.AgentId).Distinct().Order()
                .Select(agent => new ScoresAround(agent, [.. scores[(agent, true)]], [.. scores[(agent, false)]])),
        ];
    }
}

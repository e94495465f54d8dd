using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;
using Marten.Linq.MatchesSql;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// What people wrote in evaluations is kept for as long as the project says, from the day of submission; answers and scores stay. A hold
/// covers the evaluations of calls of its days.
/// </summary>
internal sealed class EvaluationRetention(IDocumentStore store, TimeProvider clock) : IRetainedByProject
{
    /// <summary>Those whose texts are not deleted, for an index and who asks by it.</summary>
    public const string WithTexts = "(data ->> 'TextsDeleted') is distinct from 'true'";

    private const int AtOnce = 200;

    public static string Kind => RetainedKinds.EvaluationTexts;

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        var (project, before, held) = (sweep.Project.Id, sweep.Project.Before, sweep.Project.Held);
        await using var query = store.QuerySession();
        var all = query.Query<EvaluationSummary>()
            .Where(e => e.ProjectId == project && e.SubmittedAt < before && e.MatchesSql(WithTexts));
        if (held.AreAll)
            return new(new(0, await all.CountAsync(cancellation)));

        var (since, after) = sweep.Last;
        var due = await all.Where(e => e.SubmittedAt > since || (e.SubmittedAt == since && e.Id > after))
            .OrderBy(e => e.SubmittedAt).ThenBy(e => e.Id).Take(AtOnce).ToListAsync(cancellation);
        var calls = (await query.LoadManyAsync<CallV1>(cancellation, due.Select(e => e.CallId).Distinct()))
            .ToDictionary(call => call.Id, call => call.StartedAt);
        var swept = await sweep.Deletions.Each(due, evaluation => $"The text of evaluation {evaluation.Id}", async evaluation =>
            held.Include(calls.GetValueOrDefault(evaluation.CallId)) ? new Swept(0, 1) : await Delete(evaluation, cancellation),
            cancellation);

        return new(swept, due.Count < AtOnce ? null : new(due[^1].SubmittedAt!.Value, due[^1].Id));
    }

    // In this order: cut off in between, they are masked once more. Where something was written meanwhile it is not marked, and is for the
    // next sweep, which asks what is held.
    private async Task<Swept> Delete(EvaluationSummary evaluation, CancellationToken cancellation)
    {
        await store.EraseTexts([evaluation.Id], cancellation);
        await using var session = store.LightweightSession();
        session.Events.Append(evaluation.Id, evaluation.Version + 1, new EvaluationTextsDeleted(clock.GetUtcNow()));
        try
        {
            await session.SaveChangesAsync(cancellation);
            return new Swept(1, 0);
        }
        catch (Exception e) when (Conflict.Is(e))
        {
            return new Swept(0, 0);
        }
    }
}

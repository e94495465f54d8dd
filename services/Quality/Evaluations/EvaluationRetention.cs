using System.Runtime.CompilerServices;
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

    public async IAsyncEnumerable<Swept> Sweep(
        Guid project, RetainedProjects projects, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var deletions = new Deletions();
        var (since, after) = (DateTimeOffset.MinValue, Guid.Empty); // the last one looked at
        while (await projects.Due(project, cancellation) is { } owner)
        {
            await using var query = store.QuerySession();
            var before = owner.Before;
            var all = query.Query<EvaluationSummary>()
                .Where(e => e.ProjectId == project && e.SubmittedAt < before && e.MatchesSql(WithTexts));
            if (owner.Held.AreAll)
            {
                yield return new Swept(0, await all.CountAsync(cancellation));
                break;
            }

            var due = await all.Where(e => e.SubmittedAt > since || (e.SubmittedAt == since && e.Id > after))
                .OrderBy(e => e.SubmittedAt).ThenBy(e => e.Id).Take(AtOnce).ToListAsync(cancellation);
            var calls = (await query.LoadManyAsync<CallV1>(cancellation, due.Select(e => e.CallId).Distinct()))
                .ToDictionary(call => call.Id, call => call.StartedAt);
            yield return await deletions.Each(due, evaluation => $"The text of evaluation {evaluation.Id}", async evaluation =>
                owner.Held.Include(calls.GetValueOrDefault(evaluation.CallId)) ? new Swept(0, 1) : await Delete(evaluation, cancellation),
                cancellation);
            if (due.Count < AtOnce || cancellation.IsCancellationRequested)
                break;
            (since, after) = (due[^1].SubmittedAt!.Value, due[^1].Id);
        }

        deletions.ThrowFailures();
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

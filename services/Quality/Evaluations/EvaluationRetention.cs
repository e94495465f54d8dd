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
        var passed = 0; // those that are held are at the beginning of what is due
        while (await projects.Due(project, cancellation) is { } owner)
        {
            await using var session = store.LightweightSession();
            var before = owner.Before;
            var all = session.Query<EvaluationSummary>()
                .Where(e => e.ProjectId == project && e.SubmittedAt < before && e.MatchesSql(WithTexts));
            if (owner.IsHeldWhole)
            {
                yield return new Swept(0, await all.CountAsync(cancellation));
                yield break;
            }

            var due = await all.OrderBy(e => e.SubmittedAt).ThenBy(e => e.Id).Skip(passed).Take(AtOnce).ToListAsync(cancellation);
            var calls = (await session.LoadManyAsync<CallV1>(cancellation, due.Select(e => e.CallId).Distinct()))
                .ToDictionary(call => call.Id, call => call.StartedAt);
            var held = due.Where(e => owner.IsHeld(calls.GetValueOrDefault(e.CallId))).ToHashSet();
            await Delete([.. due.Except(held).Select(e => e.Id)], session, cancellation);

            yield return new Swept(due.Count - held.Count, held.Count);
            if (due.Count < AtOnce)
                yield break;
            passed += held.Count;
        }
    }

    // In this order: cut off in between, they are masked once more. What is written into them from now on is for the next sweep, which
    // asks what is held.
    private async Task Delete(IReadOnlyList<Guid> evaluations, IDocumentSession session, CancellationToken cancellation)
    {
        await store.EraseTexts(evaluations, cancellation, andLater: false);
        foreach (var evaluation in evaluations)
            session.Events.Append(evaluation, new EvaluationTextsDeleted(clock.GetUtcNow()));
        await session.SaveChangesAsync(cancellation);
    }
}

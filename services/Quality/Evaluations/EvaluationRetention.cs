using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// What people wrote in evaluations is kept for as long as the project says, from the day of submission; answers and scores stay. A hold
/// covers the evaluations of calls of its days.
/// </summary>
internal sealed class EvaluationRetention(IDocumentStore store, TimeProvider clock) : IRetainedByProject
{
    private const int AtOnce = 200;

    public static string Kind => RetainedKinds.EvaluationTexts;

    public async Task<Swept> Delete(RetainedProject project, CancellationToken cancellation)
    {
        var (id, before, swept) = (project.Id, project.Before, new Swept());
        for (var after = Guid.Empty; ;)
        {
            await using var session = store.LightweightSession();
            var due = await session.Query<EvaluationSummary>()
                .Where(e => e.ProjectId == id && !e.TextsDeleted && e.SubmittedAt < before && e.Id > after)
                .OrderBy(e => e.Id).Take(AtOnce).ToListAsync(cancellation);
            var calls = (await session.LoadManyAsync<CallV1>(cancellation, due.Select(e => e.CallId).Distinct()))
                .ToDictionary(call => call.Id, call => call.OfferedAt ?? call.AnsweredAt);
            var held = due.Where(e => project.IsHeld(calls.GetValueOrDefault(e.CallId) ?? e.SubmittedAt!.Value)).ToHashSet();
            await Delete([.. due.Except(held).Select(e => e.Id)], session, cancellation);

            swept += new Swept(due.Count - held.Count, held.Count);
            if (due.Count < AtOnce)
                return swept;
            after = due[^1].Id;
        }
    }

    // In this order: cut off in between, they are masked once more.
    private async Task Delete(IReadOnlyList<Guid> evaluations, IDocumentSession session, CancellationToken cancellation)
    {
        await store.EraseTexts(evaluations, cancellation);
        foreach (var evaluation in evaluations)
            session.Events.Append(evaluation, new EvaluationTextsDeleted(clock.GetUtcNow()));
        await session.SaveChangesAsync(cancellation);
    }
}

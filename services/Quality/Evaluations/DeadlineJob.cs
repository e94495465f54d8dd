using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;
using Quartz;
using static CallCenter.Quality.Evaluations.EvaluationDecider;

namespace CallCenter.Quality.Evaluations;

/// <summary>What time alone does: scores that were held are submitted, and what nobody has decided goes on, once each.</summary>
internal sealed class DeadlineJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "evaluation-deadlines";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var now = clock.GetUtcNow();
        var due = await query.Query<EvaluationSummary>()
            .Where(e => e.Status == EvaluationStatus.Disputed || (e.Status == EvaluationStatus.Draft && e.ReleaseAt <= now))
            .OrderBy(e => e.Id).ToListAsync(cancellationToken);
        await fence.Each(Name, due, e => $"evaluation {e.Id}", (e, stopping) => Pass(e, now, stopping), cancellationToken);
    }

    internal async Task Pass(EvaluationSummary evaluation, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var known = await session.Events.AggregateStreamAsync<Evaluation>(evaluation.Id, token: cancellation);
        if (!((known?.OpenDispute?.DecideBy ?? known?.Held?.ReleaseAt) <= now))
            return; // the most

        var (policy, calendar) = await session.TermsOf(evaluation.ProjectId, cancellation);
        var release = new ReleaseScore(calendar, now);
        var pass = new PassDeadline(
            policy.EscalatedUntil(calendar, now), policy.AppealableUntil(calendar, now), policy.WithoutDecision, now);
        await session.Decide<Evaluation>(evaluation.Id,
            state => session.Telling(state, [.. Decide(release, state), .. Decide(pass, state)], now), cancellation);
    }
}

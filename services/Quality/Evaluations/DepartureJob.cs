using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Quality.Projects;
using Marten;
using Quartz;
using static CallCenter.Quality.Evaluations.EvaluationDecider;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// What inspectors who have left had waiting or begun goes back into the queue, where anybody takes it: else nobody ever would.
/// </summary>
internal sealed class DepartureJob(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var open = await query.Query<EvaluationSummary>()
            .Where(e => (e.Status == EvaluationStatus.Pending && e.AssignedTo != null)
                || (e.Status == EvaluationStatus.Draft && e.HeldAt == null))
            .ToListAsync(cancellationToken);
        var byInspector = open.ToLookup(e => e.Status is EvaluationStatus.Draft ? e.EvaluatorId!.Value : e.AssignedTo!.Value, e => e.Id);
        var left = await query.WhoLeft(byInspector.Select(own => own.Key), clock.GetUtcNow(), cancellationToken);

        await fence.Each("departures", [.. left.SelectMany(id => byInspector[id].Select(evaluation => (Inspector: id, Id: evaluation)))],
            freed => $"evaluation {freed.Id}", (freed, stopping) => Free(freed.Inspector, freed.Id, stopping), cancellationToken);
    }

    private async Task Free(Guid inspector, Guid evaluation, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var command = new FreeEvaluation(inspector, clock.GetUtcNow());
        await session.Decide<Evaluation>(evaluation, state => Decide(command, state), cancellation);
    }
}

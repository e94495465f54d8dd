using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Reporting.Projects;
using Marten;
using Quartz;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// Rolls up what is marked and settled, then publishes the queues' days. Missed runs need no list: what is marked stays
/// marked until some node has rolled it up.
/// </summary>
internal sealed class RollUpJob(RollUps rollUps, QueueDays queueDays, IDocumentStore store, Fence fence, ILogger<RollUpJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var projects = await session.Query<ProjectV1>().ToListAsync(cancellationToken);
        var teams = (await session.Query<TeamV1>().ToListAsync(cancellationToken)).ToLookup(team => team.ProjectId);
        var waiting = await rollUps.Waiting(cancellationToken);
        var rolled = RolledUp.Nothing;

        await fence.Each("roll-up", projects, project => $"project {project.Id}", async (project, cancellation) =>
        {
            var dimensions = ProjectDimensions.Of(project, teams[project.Id]);
            var known = waiting.GetValueOrDefault(project.Id);
            var changed = known is null or { Marked: true } || known.Dimensions != dimensions.Fingerprint;
            if (changed)
                rolled += await rollUps.Run(dimensions, settled: true, again: null, cancellation);
            if (changed || known!.Untold)
                await queueDays.Publish(dimensions, cancellation);
        }, cancellationToken);

        if (rolled.Days > 0)
            log.LogInformation("Rolled up {Days} days, {ChangedDays} changed, {ChangedFigures} figures; node {Node}, recovering {Recovering}",
                rolled.Days, rolled.ChangedDays, rolled.ChangedFigures, context.Scheduler.SchedulerInstanceId, context.Recovering);
    }
}

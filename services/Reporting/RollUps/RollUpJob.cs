using Quartz;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// Rolls up what is marked and settled, then publishes the queues' days. Missed runs need no list: what is marked stays
/// marked until some node has rolled it up.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class RollUpJob(RollUps rollUps, QueueDays queueDays, ILogger<RollUpJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var rolled = await rollUps.Run(project: null, settled: true, again: null, cancellationToken);
        await queueDays.Publish(project: null, cancellationToken);

        if (rolled.Days > 0)
            log.LogInformation("Rolled up {Days} days, {ChangedDays} changed, {ChangedFigures} figures; node {Node}, recovering {Recovering}",
                rolled.Days, rolled.ChangedDays, rolled.ChangedFigures, context.Scheduler.SchedulerInstanceId, context.Recovering);
    }
}

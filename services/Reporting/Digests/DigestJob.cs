using CallCenter.EventSourcing;
using Quartz;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// Fires often and sends what is due and not sent. Which digests those are follows from the projects' calendars and from
/// what is stored, not from the trigger's history: a firing that was missed is made up for by the next one.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class DigestJob(DigestDesk desk) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        Actor.Current = Actor.Job("digests");
        await desk.Run(cancellationToken);
    }
}

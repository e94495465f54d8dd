using CallCenter.EventSourcing;
using Quartz;

namespace CallCenter.Jobs;

/// <summary>Says from time to time what was told, so that who lost some of it gets it again; and asks who has not answered.</summary>
internal sealed class ReconciliationJob(Reconciler reconciler, Erasures erasures) : IJob
{
    public const string Name = "reconciliation";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await reconciler.Round(cancellationToken);
        await erasures.AskAgain(cancellationToken);
    }
}

using CallCenter.EventSourcing;
using Quartz;

namespace CallCenter.Jobs;

/// <summary>Says from time to time what was told, so that who lost some of it gets it again.</summary>
internal sealed class ReconciliationJob(Reconciler reconciler) : IJob
{
    public const string Name = "reconciliation";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await reconciler.Round(cancellationToken);
}

/// <summary>Asks who has not answered an erasure, and tries again what could not be erased here.</summary>
internal sealed class ErasureJob(Erasures erasures, ErasedTexts texts) : IJob
{
    public const string Name = "erasures";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await texts.Retry(cancellationToken);
        await erasures.AskAgain(cancellationToken);
    }
}

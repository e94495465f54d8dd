using Quartz;

namespace CallCenter.Quality.Evaluations;

/// <summary>Keeps the rows that figures are made of behind what changes.</summary>
internal sealed class FigureJob(FigureRows rows) : IJob
{
    public const string Name = "figures";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await rows.Keep(cancellationToken);
}

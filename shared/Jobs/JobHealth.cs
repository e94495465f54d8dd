using CallCenter.EventSourcing;
using CallCenter.Health;
using Marten;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallCenter.Jobs;

/// <summary>
/// Names what is set aside and which job failed, and degrades the service's health by it. Reasons are in the log and in the
/// store: health is read without a token.
/// </summary>
internal sealed class JobHealth(IDocumentStore store, JobRuns runs) : IHealthCheck
{
    private const int Named = 10;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var (count, aside) = await Read(cancellationToken).WaitAsync(ServiceHealth.Deadline, cancellationToken);
            return Describe(count, aside, runs.Outcomes);
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return HealthCheckResult.Degraded("unknown: the database does not answer");
        }
    }

    private async Task<(int Count, IReadOnlyList<SetAside> Aside)> Read(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var aside = session.Query<SetAside>().Where(s => s.Skipped == null);
        return (await aside.CountAsync(cancellation), await aside.OrderBy(s => s.Since).Take(Named).ToListAsync(cancellation));
    }

    internal static HealthCheckResult Describe(int count, IReadOnlyList<SetAside> aside, IReadOnlyDictionary<string, JobOutcome> outcomes)
    {
        string[] wrong =
        [
            .. outcomes.Where(job => job.Value.Failures > 0).OrderBy(job => job.Key, StringComparer.Ordinal)
                .Select(job => $"{job.Key} failed {job.Value.Failures} times, last success {Written(job.Value.LastSuccess)}"),
            .. aside.Select(s =>
                $"{s.Work} of {s.Thing} set aside since {Written(s.Since)}, failed {s.Failures} times, next try {Written(s.NextTry)}"),
        ];
        if (wrong.Length == 0)
            return HealthCheckResult.Healthy(string.Join("; ", outcomes.OrderBy(job => job.Key, StringComparer.Ordinal)
                .Select(job => $"{job.Key} {Written(job.Value.LastSuccess)}")) is { Length: > 0 } last ? $"last success: {last}"
                    : "none ran here yet");

        var more = count - aside.Count;
        return HealthCheckResult.Degraded(string.Join("; ", wrong) + (more > 0 ? $"; and {more} more set aside" : ""));
    }

    private static string Written(DateTimeOffset? at) => at is { } known ? $"{known.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "never";
}

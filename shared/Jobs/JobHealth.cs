using CallCenter.EventSourcing;
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
            await using var session = store.QuerySession();
            var count = await session.Query<SetAside>().CountAsync(s => s.Skipped == null, cancellationToken);
            var aside = await session.Query<SetAside>().Where(s => s.Skipped == null).OrderBy(s => s.Since).Take(Named)
                .ToListAsync(cancellationToken);
            return Describe(count, aside, runs.Outcomes);
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return HealthCheckResult.Degraded("unknown: the database does not answer");
        }
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

using CallCenter.EventSourcing;
using CallCenter.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CallCenter.Web;

internal sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await Ask(cancellationToken).WaitAsync(ServiceHealth.Deadline, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }

    // Even to cancel it may take longer than anybody who probes waits.
    private async Task Ask(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellation);
    }
}

internal sealed class DaemonHealth(DaemonState daemon) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(daemon.Failure is { } failure
            ? HealthCheckResult.Degraded(failure)
            : HealthCheckResult.Healthy(daemon.Leading ? "leading" : "standing by"));
}

internal sealed class ConsumerHealth(ConsumerHost consumers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(consumers.Failure is { } failure ? HealthCheckResult.Degraded(failure)
            : HealthCheckResult.Healthy(consumers.Ready.IsCompleted ? "listening" : "connecting"));
}

using System.Diagnostics.Metrics;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallCenter.Reporting.Backups;

/// <summary>What has been made and what is due.</summary>
/// <param name="NewestId">The newest backup that succeeded.</param>
/// <param name="Last">When it began.</param>
/// <param name="LastFull">When the newest full one that succeeded began.</param>
/// <param name="LastInspection">The newest one, of whichever backup; null when there was none.</param>
/// <param name="NextDue">Null when one is due at once.</param>
/// <param name="NextInspection">When the product reads the backups again by itself; null while there are none.</param>
public sealed record BackupState(
    Guid? NewestId, DateTimeOffset? Last, DateTimeOffset? LastFull, Inspection? LastInspection,
    DateTimeOffset? NextDue, DateTimeOffset? NextInspection);

/// <summary>Reads it, and measures by what it read last how late the next one is.</summary>
internal sealed class BackupSchedule : IDisposable
{
    private readonly IDocumentStore store;
    private readonly BackupCadence cadence;
    private readonly Meter meter = new(Fence.MeterName);
    private readonly DateTimeOffset since;
    private DateTimeOffset? due;

    public BackupSchedule(IDocumentStore store, BackupCadence cadence, TimeProvider clock)
    {
        (this.store, this.cadence, since) = (store, cadence, clock.GetUtcNow());
        meter.CreateObservableGauge(
            "callcenter.backups.overdue", () => Math.Max(0, (clock.GetUtcNow() - (due ?? since)).TotalSeconds),
            unit: "s", description: "How long ago the next backup was due; 0 while it is not.");
    }

    /// <summary>When a backup that is due at once should have been made: this service knows no earlier moment than its start.</summary>
    public DateTimeOffset DueSince(BackupState state) => state.NextDue ?? since;

    public async Task<BackupState> Read(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var succeeded = session.Query<Backup>().Where(b => b.Status == BackupStatus.Succeeded);
        var newest = await succeeded.OrderByDescending(b => b.StartedAt).FirstOrDefaultAsync(cancellation);
        var full = await succeeded.Where(b => b.Kind == BackupKind.Full).OrderByDescending(b => b.StartedAt)
            .FirstOrDefaultAsync(cancellation);
        var inspected = await succeeded.Where(b => b.Inspections.Any()).OrderByDescending(b => b.StartedAt).Take(10)
            .ToListAsync(cancellation);
        var inspection = inspected.SelectMany(b => b.Inspections).MaxBy(i => i.At);
        var first = inspection is null ? await succeeded.OrderBy(b => b.StartedAt).FirstOrDefaultAsync(cancellation) : null;
        var state = new BackupState(newest?.Id, newest?.StartedAt, full?.StartedAt, inspection,
            cadence.NextDue(full?.StartedAt, newest?.StartedAt), (inspection?.At ?? first?.StartedAt) + cadence.Inspection);
        due = DueSince(state);

        return state;
    }

    public void Dispose() => meter.Dispose();
}

/// <summary>Degrades the service's health while a backup is late, or while the newest inspection says that it is damaged.</summary>
internal sealed class BackupHealth(BackupSchedule schedule, BackupCadence cadence, TimeProvider clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var state = await schedule.Read(cancellationToken);
            return Describe(state, schedule.DueSince(state), cadence, clock.GetUtcNow());
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return HealthCheckResult.Degraded("unknown: the database does not answer");
        }
    }

    internal static HealthCheckResult Describe(BackupState state, DateTimeOffset due, BackupCadence cadence, DateTimeOffset now)
    {
        var last = state.Last is { } at ? $"the last one that succeeded began {Written(at)}" : "none has succeeded yet";

        return now > due + cadence.Patience ? HealthCheckResult.Degraded($"the backup due {Written(due)} is missing; {last}")
            : state.LastInspection is { Passed: false } failed
                ? HealthCheckResult.Degraded($"the inspection of {Written(failed.At)} found the backup wanting; {last}")
            : HealthCheckResult.Healthy(last);
    }

    private static string Written(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}

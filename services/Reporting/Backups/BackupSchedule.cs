using CallCenter.EventSourcing;
using CallCenter.Health;
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

/// <summary>Reads it.</summary>
internal sealed class BackupSchedule(IDocumentStore store, BackupCadence cadence, TimeProvider clock)
{
    private readonly DateTimeOffset since = clock.GetUtcNow();

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

        return new BackupState(newest?.Id, newest?.StartedAt, full?.StartedAt, inspection,
            cadence.NextDue(full?.StartedAt, newest?.StartedAt), (inspection?.At ?? first?.StartedAt) + cadence.Inspection);
    }
}

/// <summary>Degrades the service's health while a backup is late, or while the newest inspection says that it is damaged.</summary>
/// <param name="commands">What makes them; nothing where this service makes none.</param>
internal sealed class BackupHealth(
    BackupSchedule schedule, BackupCadence cadence, IEnumerable<BackupCommand> commands, TimeProvider clock) : IHealthCheck, ISubject
{
    private static readonly Gauge Overdue = new("callcenter.backups.overdue", Gauge.Seconds,
        "How long ago the next backup was due; 0 while it is not, or where none are made by this service.");

    public static string Name => "backups";

    public static IReadOnlyList<Gauge> Gauges => [Overdue];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        if (!commands.Any())
            return new Measured([new(Overdue, 0)], []);

        var state = await schedule.Read(cancellation);
        var (due, now) = (schedule.DueSince(state), clock.GetUtcNow());
        var found = Describe(state, due, cadence, now);

        return new Measured([new(Overdue, Math.Max(0, (now - due).TotalSeconds))],
            found.Status is HealthStatus.Healthy ? [] : [new Standing(Name, found.Description!, due)]);
    }

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

using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;
using Quartz;
using static CallCenter.Reporting.Backups.BackupDecider;

namespace CallCenter.Reporting.Backups;

/// <summary>
/// Makes the backup that is due, and reads the backups again when that is due. What is due follows from the runs that are
/// stored; one that failed is tried again after a growing wait, and each try is a run of its own.
/// </summary>
internal sealed class BackupJob(
    IDocumentStore store, BackupCommand command, BackupCadence cadence, BackupSchedule schedule, Fence fence, TimeProvider clock,
    IHostApplicationLifetime application) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, application.ApplicationStopping);
        try
        {
            await DoWhatIsDue(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Quartz waits for a job that runs, and a backup may take hours: a service that ends does not wait for it.
        }
    }

    private async Task DoWhatIsDue(CancellationToken cancellation)
    {
        await GiveUpWhatWasCutOff(cancellation);

        var state = await schedule.Read(cancellation);
        var due = cadence.Due(state.LastFull, state.Last, clock.GetUtcNow());
        await fence.Each("backup", due is { } kind ? [kind] : Array.Empty<BackupKind>(), _ => "databases and files", Make, cancellation);

        state = await schedule.Read(cancellation);
        var inspect = state.NewestId is { } newest && state.NextInspection <= clock.GetUtcNow() ? [newest] : Array.Empty<Guid>();
        await fence.Each("backup-inspection", inspect, id => $"backup {id}", Inspect, cancellation);
        await schedule.Read(cancellation);
    }

    private async Task Make(BackupKind kind, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await Decide(id, state => BackupDecider.Decide(new StartBackup(id, kind, cadence, clock.GetUtcNow()), state), cancellation);

        var report = await command.Make(kind, cancellation);
        var now = clock.GetUtcNow();
        var ended = await Decide(id, state => BackupDecider.Decide(new RecordBackup(report, cadence, now), state), cancellation);
        if (ended.Status is BackupStatus.Failed)
            throw new InvalidOperationException(ended.Words);
    }

    private async Task Inspect(Guid id, CancellationToken cancellation)
    {
        var report = await command.Verify(cancellation);
        var inspection = new InspectBackup(
            Guid.CreateVersion7(), By: null, report.Failure is null, report.Failure ?? report.Words, Remark: null, clock.GetUtcNow());

        await Decide(id, state => BackupDecider.Decide(inspection, state), cancellation);
    }

    // No two instances run this job at once: what still runs in the books does not run any more.
    private async Task GiveUpWhatWasCutOff(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        foreach (var id in await query.Query<Backup>().Where(b => b.Status == BackupStatus.Running).Select(b => b.Id)
            .ToListAsync(cancellation))
            await Decide(id, state => BackupDecider.Decide(new GiveUpBackup(clock.GetUtcNow()), state), cancellation);
    }

    private async Task<Backup> Decide(Guid id, Func<Backup, object[]> decide, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.Start<Backup>(id, decide, cancellation);

        return (await session.LoadAsync<Backup>(id, cancellation))!;
    }
}

using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Jobs;
using CallCenter.Web;
using Marten;
using Npgsql;
using Quartz;

namespace CallCenter.Calls.Recordings;

/// <summary>
/// Clears away what a process that was killed leaves behind: half uploads in any folder, and audio that was kept and that no call was
/// told of.
/// </summary>
internal sealed class Leftovers(
    RecordingFolder recordings, IEnumerable<WatchedFolder> folders, Fence fence, IDocumentStore store, NpgsqlDataSource database,
    TimeProvider clock, ILogger<Leftovers> log) : IJob
{
    // Longer than a request may take: whoever wrote a file that long ago does not go on.
    private static readonly TimeSpan Dead = TimeSpan.FromMinutes(15);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Dead;
        await fence.Each("leftovers", [.. folders], folder => folder.Name, (folder, stopping) =>
            Task.Run(() => SweepUploads(folder, before), stopping), cancellationToken);
        foreach (var kept in recordings.Kept())
            foreach (var id in await Unfiled(kept, cancellationToken))
                await MoveAside(id, before, cancellationToken);
    }

    private void SweepUploads(WatchedFolder folder, DateTimeOffset before)
    {
        if (Upload.Sweep(folder.Path, before) is > 0 and var swept)
            log.LogWarning("Deleted {Count} half uploads from the folder of {Folder}", swept, folder.Name);
    }

    private async Task MoveAside(string id, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        // Whoever attaches the same audio at this moment holds the same, and their file is a new one.
        await session.Lock([Recording.IdOf(id)], cancellation);
        if (!recordings.IsOlder(id, before) || await session.Events.FetchStreamStateAsync(Recording.IdOf(id), cancellation) is not null)
            return;

        recordings.MoveAside(id, clock.GetUtcNow());
        log.LogWarning("Moved recording {RecordingId} aside: no call was ever told of it", id);
    }

    private async Task<IReadOnlyList<string>> Unfiled(string[] kept, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select kept from unnest($1) as kept where not exists (
                select from calls.mt_events where type = '{RecordingScrub.Index.EventType}' and data ->> 'RecordingId' = kept)
            """);
        command.Parameters.AddWithValue(kept);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var unfiled = new List<string>();
        while (await row.ReadAsync(cancellation))
            unfiled.Add(row.GetString(0));
        return unfiled;
    }
}

/// <summary>Audio that no call was told of, and that was moved aside.</summary>
internal sealed class UnclaimedRecordings(RecordingFolder recordings) : IRetained
{
    public static string Name => "UnclaimedRecordings";

    public static TimeSpan Period => TimeSpan.FromDays(30);

    public Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        var old = recordings.UnclaimedBefore(before);
        foreach (var file in old)
            file.Delete();
        return Task.FromResult((long)old.Count);
    }
}

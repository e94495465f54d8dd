using CallCenter.Calls.Intake;
using CallCenter.Health;
using CallCenter.Jobs;
using Marten;
using Npgsql;
using Quartz;

namespace CallCenter.Calls.Recordings;

/// <summary>How far the scrubber is in this round.</summary>
/// <param name="After">The recording that was looked at last; empty at the beginning.</param>
/// <param name="Began">When the round began.</param>
public sealed record ScrubProgress(string Id, string After, DateTimeOffset Began, bool Ended);

/// <summary>Settings <c>Scrub:*</c>.</summary>
internal sealed record ScrubOptions
{
    /// <summary>What is read at each run, at the least one recording.</summary>
    public long BytesPerRun { get; init; } = 64L << 20;

    /// <summary>A round begins no earlier than so long after the one before began.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>
/// Reads all recordings again and again, at a pace, and compares each with its name. One that is lost or damaged is set aside, and
/// looked at again by itself until its file is back.
/// </summary>
internal sealed class RecordingScrub(
    RecordingFolder folder, RecordingFaults faults, Fence fence, IDocumentStore store, NpgsqlDataSource database, ScrubOptions options,
    ServiceMeter meter, TimeProvider clock) : IJob
{
    public static readonly Count Verified = new("callcenter.recordings.verified", "{recording}",
        "Recordings that were read whole and found to be what was filed.");

    public static readonly EventIndex Index = new("recording_filed_by_recording", "recording_filed", nameof(RecordingFiled.RecordingId));

    private const string Progress = "recordings";
    private const int Page = 100;

    // One that is lost, or short, takes its time as well.
    private const long Least = 64 << 10;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await fence.Each(RecordingFaults.Work, await faults.Known(cancellationToken), id => id, LookAgain, cancellationToken);
        await GoOn(cancellationToken);
    }

    private async Task GoOn(CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var now = clock.GetUtcNow();
        var progress = await session.LoadAsync<ScrubProgress>(Progress, cancellation) ?? Begin(now);
        if (progress.Ended)
        {
            if (now - progress.Began < options.Round)
                return;
            progress = Begin(now);
        }

        for (var left = options.BytesPerRun; left > 0 && !progress.Ended;)
        {
            var filed = await Filed(progress.After, cancellation);
            foreach (var id in filed)
            {
                left -= Math.Max(Least, await Check(id, cancellation));
                progress = progress with { After = id };
                if (left <= 0)
                    break;
            }

            progress = progress with { Ended = filed.Count == 0 };
        }

        session.Store(progress);
        await session.SaveChangesAsync(cancellation);
    }

    // One that was asked for just while it was deleted is not lost.
    private async Task LookAgain(string recordingId, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var recording = await query.Histories<Recording>([Recording.IdOf(recordingId)], cancellation);
        if (!recording.Values.Any(known => known.State.IsErased))
            await folder.Check(recordingId, cancellation);
    }

    private static ScrubProgress Begin(DateTimeOffset now) => new(Progress, After: "", now, Ended: false);

    private async Task<long> Check(string recordingId, CancellationToken cancellation)
    {
        try
        {
            var bytes = await folder.Check(recordingId, cancellation);
            meter.Add(Verified);
            return bytes;
        }
        catch (RecordingFaultException fault)
        {
            await faults.Report(recordingId, fault, cancellation);
            return 0;
        }
    }

    private async Task<IReadOnlyList<string>> Filed(string after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select distinct data ->> 'RecordingId' from calls.mt_events filed
            where type = '{Index.EventType}' and data ->> 'RecordingId' > $1 and not exists (
                select from calls.mt_events erased
                where erased.stream_id = filed.stream_id and erased.type = 'recording_erased' and erased.version > filed.version)
            order by 1 limit {Page}
            """);
        command.Parameters.AddWithValue(after);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var filed = new List<string>();
        while (await row.ReadAsync(cancellation))
            filed.Add(row.GetString(0));
        return filed;
    }
}

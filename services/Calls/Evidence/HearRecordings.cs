using CallCenter.Calls.Intake;
using CallCenter.Calls.Recordings;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Sound.Speech;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Quartz;

namespace CallCenter.Calls.Evidence;

/// <summary>
/// Notes each recording as it is filed, by whatever version of the service; once more where it is filed to another call, and where it is
/// deleted: the version before knows nothing of what was heard.
/// </summary>
public sealed partial class RecordingsToHear : EventProjection
{
    /// <summary>It begins with the first recording, and not with the first event of all.</summary>
    public const string FromTheFirst = """
        insert into calls.mt_event_progression (name, last_seq_id)
        select 'RecordingsToHear:All', coalesce(
            (select min(seq_id) - 1 from calls.mt_events where type = 'recording_filed'), (select max(seq_id) from calls.mt_events))
        where exists (select from calls.mt_events) on conflict do nothing
        """;

    public RecordingsToHear() => Name = "RecordingsToHear";

    public static void Project(IEvent<RecordingFiled> e, IDocumentOperations operations) =>
        operations.Store(new ToHear(e.StreamId, e.Data.RecordingId, e.Version, e.Timestamp));

    public static void Project(IEvent<RecordingErased> e, IDocumentOperations operations) =>
        operations.Store(new ToHear(e.StreamId, e.Data.RecordingId, e.Version, e.Timestamp));
}

/// <summary>Settings <c>Evidence:*</c>.</summary>
internal sealed record EvidenceOptions
{
    /// <summary>How many recordings are listened to before it is looked for others; 0: none at all.</summary>
    public int AtOnce { get; init; } = 20;
}

/// <summary>
/// Listens to recordings that were filed, oldest first, and to those that were listened to by older rules. One that cannot be read is set
/// aside with an alarm, tried again, and in nobody's way.
/// </summary>
internal sealed class HearRecordings(
    RecordingEvidence evidence, RecordingFolder folder, EvidenceOptions options, Fence fence, IDocumentStore store) : IJob
{
    public const string Work = "hearing a recording";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        for (var going = options.AtOnce > 0; going;)
        {
            var (recordings, any) = await Next(cancellationToken);
            if (recordings.Count > 0)
                folder.RequireFolder(); // while it is away none is worse off than another
            await fence.Each(Work, recordings, id => id, evidence.Hear, cancellationToken);
            going = any;
        }
    }

    private async Task<(IReadOnlyCollection<string> Recordings, bool Any)> Next(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var aside = await query.Query<SetAside>().Where(s => s.Work == Work).Select(s => s.Thing).ToListAsync(cancellation);
        var filed = await query.Query<ToHear>().Where(t => !t.RecordingId.IsOneOf(aside.ToArray()))
            .OrderBy(t => t.FiledAt).Take(options.AtOnce).Select(t => t.RecordingId).ToListAsync(cancellation);
        var older = await query.Query<HeardRecording>()
            .Where(h => h.Edition < SpeechDetector.Edition && !h.RecordingId.IsOneOf(aside.ToArray()))
            .OrderBy(h => h.Id).Take(options.AtOnce).Select(h => h.RecordingId).ToListAsync(cancellation);
        return ([.. aside.Concat(filed).Concat(older).Distinct()], filed.Count + older.Count > 0);
    }
}

/// <summary>
/// Computes the figures of a project's recordings again where what it takes for dead air has changed since: a page of calls at a time,
/// from the frames that are kept.
/// </summary>
internal sealed class RecountEvidence(RecordingEvidence evidence, Fence fence, IDocumentStore store) : IJob
{
    private const int AtOnce = 200;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var policies = await query.Query<EvidencePolicy>().ToListAsync(cancellationToken);
        await fence.Each("counting evidence again", policies, policy => $"{policy.ProjectId}", Recount, cancellationToken);
    }

    // What is known of evidence follows its events at a distance: by its id the page after is found whatever has been counted since.
    private async Task Recount(EvidencePolicy policy, CancellationToken cancellation)
    {
        var (project, version, after) = (policy.ProjectId, policy.Version, Guid.Empty);
        while (true)
        {
            await using var query = store.QuerySession();
            var page = await query.Query<CallEvidence>()
                .Where(e => e.ProjectId == project && e.PolicyVersion < version && e.Figures != null && e.Id > after)
                .OrderBy(e => e.Id).Take(AtOnce).ToListAsync(cancellation);
            foreach (var old in page)
                await evidence.Recount(old, policy, cancellation);
            if (page.Count < AtOnce)
                return;
            after = page[^1].Id;
        }
    }
}

/// <summary>Listens, counts, and keeps what comes of it.</summary>
internal sealed class RecordingEvidence(RecordingFolder folder, IDocumentStore store, TimeProvider clock)
{
    /// <exception cref="RecordingFaultException">Its file is lost or damaged.</exception>
    /// <exception cref="Sound.Files.SoundException">It cannot be read.</exception>
    public async Task Hear(string recordingId, CancellationToken cancellation)
    {
        var id = Recording.IdOf(recordingId);
        var heard = await AsHeard(id, recordingId, cancellation);

        await using var session = store.LightweightSession();
        // Nobody deletes it meanwhile, or it is gone already and nothing of it is kept.
        await session.Lock([id], cancellation);
        var (recording, version) = (await session.Histories<Recording>([id], cancellation)).GetValueOrDefault(id);
        session.DeleteWhere<ToHear>(t => t.Id == id && t.Filed <= version);
        if (recording is { IsErased: true })
            await Forget(session, recording, by: Guid.Empty, cancellation);
        else if (heard is not null && recording is not null)
        {
            session.Store(heard);
            foreach (var call in recording.Calls.Where(call => recording.KeptFor.Contains(call.CallId)))
                await Count(session, call.CallId, heard, await session.EvidencePolicyOf(call.ProjectId, cancellation), call.ProjectId,
                    cancellation);
        }

        await session.SaveChangesAsync(cancellation);
    }

    /// <summary>
    /// What was heard of a recording goes with it. Whatever it is cut off at, it can be done again; saved by the caller.
    /// </summary>
    /// <param name="by">Who asked for it; empty where nobody did.</param>
    public async Task Forget(IDocumentSession session, Recording recording, Guid by, CancellationToken cancellation)
    {
        var of = await session.Histories<CallEvidence>(
            [.. recording.Calls.Select(call => CallEvidence.IdOf(call.CallId))], cancellation);
        var found = of.Where(one => one.Value.State is { IsErased: false } state && state.RecordingId == recording.RecordingId).ToList();
        await store.EraseTexts([.. found.Select(one => one.Key)], cancellation);
        session.Delete<HeardRecording>(Recording.IdOf(recording.RecordingId));
        session.Delete<SetAside>(SetAside.IdOf(HearRecordings.Work, recording.RecordingId));
        foreach (var (stream, (evidence, _)) in found)
            (await session.Events.FetchForWriting<CallEvidence>(stream, cancellation)).AppendMany(
                EvidenceDecider.Decide(new EraseEvidence(evidence.CallId, by, clock.GetUtcNow()), evidence));
    }

    /// <summary>By what the project takes for dead air now.</summary>
    public async Task Recount(CallEvidence old, EvidencePolicy policy, CancellationToken cancellation)
    {
        var id = Recording.IdOf(old.RecordingId);
        await using var session = store.LightweightSession();
        await session.Lock([id], cancellation);
        if (await session.LoadAsync<HeardRecording>(id, cancellation) is { } heard)
            await Count(session, old.CallId, heard, policy, old.ProjectId, cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    private async Task<HeardRecording?> AsHeard(Guid id, string recordingId, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        if (await query.LoadAsync<HeardRecording>(id, cancellation) is { Edition: SpeechDetector.Edition } known)
            return known;
        if ((await query.Histories<Recording>([id], cancellation)).GetValueOrDefault(id).State is not { IsErased: false })
            return null;

        using var sound = await folder.Sound(recordingId, cancellation);
        return await Task.Run(() => HeardRecording.Of(recordingId, Listening.Listen(sound, cancellation)), cancellation);
    }

    private async Task Count(
        IDocumentSession session, Guid callId, HeardRecording heard, EvidencePolicy policy, Guid projectId, CancellationToken cancellation)
    {
        var stream = await session.Events.FetchForWriting<CallEvidence>(CallEvidence.IdOf(callId), cancellation);
        var command = new FindEvidence(callId, projectId, heard.RecordingId, heard.Edition, policy.Version,
            () => EvidenceFigures.Of(heard, heard.Talk(policy.Terms)), clock.GetUtcNow());
        stream.AppendMany(EvidenceDecider.Decide(command, stream.Aggregate ?? new CallEvidence()));
    }
}

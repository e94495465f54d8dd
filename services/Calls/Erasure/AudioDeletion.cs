using CallCenter.Calls.Annotations;
using CallCenter.Calls.Contacts;
using CallCenter.Calls.Evidence;
using CallCenter.Calls.Intake;
using CallCenter.Calls.Playback;
using CallCenter.Calls.Recordings;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Calls.Erasure;

/// <summary>Deletes the audio of a recording, where nothing that it was filed to is in the way.</summary>
internal sealed class AudioDeletion(IDocumentStore store, RecordingFolder folder, RecordingEvidence evidence, TimeProvider clock)
{
    /// <param name="by">Who asked for it; empty where nobody did.</param>
    /// <param name="may">
    /// Whether it may go, by all the calls that it was filed to; asked when nobody can file it to another one any more.
    /// </param>
    /// <returns>Whether it is deleted now.</returns>
    public async Task<bool> Delete(
        string recordingId, Guid by, Func<Recording, IReadOnlyCollection<Call>, Task<bool>> may, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var id = Recording.IdOf(recordingId);
        await session.Lock([id], cancellation);
        if ((await session.Histories<Recording>([id], cancellation)).GetValueOrDefault(id).State is not { } filed)
            return false;

        var calls = await session.Histories<Call>([.. filed.Calls.Select(call => call.CallId)], cancellation);
        if (!await may(filed, [.. calls.Values.Select(call => call.State)]))
            return false;

        // The event comes last: cut off before it, all of it is done again. What is filed after the lock is another file, with its own
        // listeners.
        await store.EraseTexts([id, Recording.AccessesOf(recordingId)], cancellation);
        await store.EraseAnnotations(recordingId, cancellation);
        await evidence.Forget(session, filed, by, cancellation);
        folder.Delete(recordingId);
        session.DeleteWhere<RecordingPlay>(play => play.RecordingId == recordingId);
        session.Delete<SetAside>(SetAside.IdOf(RecordingFaults.Work, recordingId)); // it is not lost any more
        await session.Decide<Recording>(
            id, recording => RecordingDecider.Decide(new EraseRecording(recordingId, by, clock.GetUtcNow()), recording), cancellation);
        return true;
    }
}

using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Calls.Recordings;

/// <summary>Deletes the audio of a recording, where nothing that it was filed to is in the way.</summary>
internal sealed class AudioDeletion(IDocumentStore store, RecordingFolder folder, TimeProvider clock)
{
    /// <param name="by">Who asked for it; empty where nobody did.</param>
    /// <param name="may">Whether it may go, by all the calls that it was filed to.</param>
    /// <returns>Whether it is deleted now.</returns>
    public async Task<bool> Delete(
        string recordingId, Guid by, Func<Recording, IReadOnlyCollection<Call>, bool> may, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var id = Recording.IdOf(recordingId);
        await session.Lock([id], cancellation); // nobody files it to another call meanwhile
        if ((await session.Histories<Recording>([id], cancellation)).GetValueOrDefault(id).State is not { } filed)
            return false;

        var calls = await session.Histories<Call>([.. filed.Calls.Select(call => call.CallId)], cancellation);
        if (!may(filed, [.. calls.Values.Select(call => call.State)]))
            return false;

        folder.Delete(recordingId); // while the lock is held: what is filed after it is another file
        session.Delete<SetAside>(SetAside.IdOf(RecordingFaults.Work, recordingId)); // it is not lost any more
        await session.Decide<Recording>(
            id, recording => RecordingDecider.Decide(new EraseRecording(recordingId, by, clock.GetUtcNow()), recording), cancellation);
        await store.EraseTexts([id, Recording.AccessesOf(recordingId)], cancellation);
        return true;
    }
}

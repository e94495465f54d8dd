using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Sound.Files;
using CallCenter.Web;
using Marten;

namespace CallCenter.Calls.Recordings;

internal static class RecordingAttachment
{
    extension(IDocumentSession session)
    {
        /// <summary>
        /// Attaches the audio to the call, and the call to the audio, in one transaction. Its file is kept before that is stored, and
        /// not where it is refused: whatever it is cut off at, no call names audio that is not there.
        /// </summary>
        public async Task<long> Attach(
            Guid callId, Upload upload, SoundFormat sound, RecordingFolder folder, Caller caller, CancellationToken cancellation)
        {
            // Nobody takes the file for one that no call was told of until it is stored that one was.
            await session.Lock([Recording.IdOf(upload.Sha256)], cancellation);
            var call = await session.Events.FetchForWriting<Call>(callId, cancellation);
            var state = call.Aggregate ?? throw new StreamNotFoundException(callId);
            var attached = CallDecider.Decide(new AttachRecording(upload.Sha256, sound.Seconds, caller.Id, caller.Now), state);
            call.AppendMany(attached);
            folder.Keep(upload);

            var filed = new RecordingFiled(
                upload.Sha256, callId, state.ProjectId, sound.Seconds, upload.Bytes, caller.Id, caller.Now, sound.MediaType);
            await session.Start<Recording>(
                Recording.IdOf(upload.Sha256), recording => RecordingDecider.Decide(filed, recording), cancellation);

            return (call.StartingVersion ?? 0) + attached.Length;
        }

        /// <summary>
        /// The recording, and of the calls it was filed to those that the caller may know of: by these it is theirs to hear.
        /// </summary>
        /// <exception cref="StreamNotFoundException">404: by none.</exception>
        public async Task<(Recording Recording, IReadOnlyList<Guid> Calls)> MustHear(
            Caller caller, string recordingId, CancellationToken cancellation)
        {
            var id = Recording.IdOf(recordingId);
            var (recording, _) = (await session.Histories<Recording>([id], cancellation)).GetValueOrDefault(id);

            var heard = new List<Guid>();
            foreach (var filed in recording?.Calls.Where(c => caller.Sees(c.ProjectId)) ?? [])
                if (!caller.SeesOnlyOwn || (await session.Events.FetchLatest<Call>(filed.CallId, cancellation))?.Leg.AgentId == caller.Id)
                    heard.Add(filed.CallId);

            return heard.Count > 0 ? (recording!, heard) : throw new StreamNotFoundException(id);
        }
    }
}

using CallCenter.Calls.Contacts;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Calls.Recordings;

/// <summary>
/// Audio is kept for as long as the project says, from the day it was filed; that of several projects for as long as the last of them
/// says. A hold covers the audio of calls of its days.
/// </summary>
internal sealed class RecordingRetention(IDocumentStore store, AudioDeletion audio) : IRetainedByProject
{
    private const int AtOnce = 500;

    public static string Kind => RetainedKinds.Recordings;

    public async Task<Swept> Delete(RetainedProject project, CancellationToken cancellation)
    {
        var (id, before, swept) = (project.Id, project.Before, new Swept());
        await using var query = store.QuerySession();
        for (var after = Guid.Empty; ;)
        {
            var due = await query.Query<Recording>()
                .Where(r => r.ProjectId == id && !r.IsErased && r.FiledAt < before && r.Id > after)
                .OrderBy(r => r.Id).Take(AtOnce).ToListAsync(cancellation);
            foreach (var recording in due)
                swept += await audio.Delete(
                    recording.RecordingId, by: Guid.Empty, (filed, calls) => MayGo(filed, calls, project), cancellation)
                    ? new Swept(1, 0) : new Swept(0, 1);
            if (due.Count < AtOnce)
                return swept;
            after = due[^1].Id;
        }
    }

    private static bool MayGo(Recording filed, IReadOnlyCollection<Call> calls, RetainedProject project) => calls.All(call =>
        project.Other(call.ProjectId) is { } owner && filed.FiledAt < owner.Before && !owner.IsHeld(call.StartedAt ?? filed.FiledAt));
}

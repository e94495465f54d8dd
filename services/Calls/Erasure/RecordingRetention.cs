using CallCenter.Calls.Contacts;
using CallCenter.Calls.Recordings;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Calls.Erasure;

/// <summary>
/// Audio is kept for as long as the project says, from the day it was filed last; that of several projects for as long as the last of them
/// says. A hold covers the audio of calls of its days.
/// </summary>
internal sealed class RecordingRetention(IDocumentStore store, AudioDeletion audio) : IRetainedByProject
{
    private const int AtOnce = 200;

    /// <summary>What is known of recordings begins with the first, and not with the first event of all.</summary>
    public const string FromTheFirst = """
        insert into calls.mt_event_progression (name, last_seq_id)
        select 'Recording:All', coalesce(
            (select min(seq_id) - 1 from calls.mt_events where type = 'recording_filed'), (select max(seq_id) from calls.mt_events))
        where exists (select from calls.mt_events) on conflict do nothing
        """;

    public static string Kind => RetainedKinds.Recordings;

    private enum May { Go, BeKept, BeHeld }

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        var (project, before) = (sweep.Project.Id, sweep.Project.Before);
        await using var query = store.QuerySession();
        var all = query.Query<Recording>().Where(recording => recording.ProjectId == project && recording.KeptSince < before);
        if (sweep.Project.Held.AreAll)
            return new(new(0, await all.CountAsync(cancellation)));

        var (since, after) = sweep.Last;
        var due = await all.Where(recording => recording.KeptSince > since || (recording.KeptSince == since && recording.Id > after))
            .OrderBy(recording => recording.KeptSince).ThenBy(recording => recording.Id).Take(AtOnce).ToListAsync(cancellation);
        var calls = (await query.LoadManyAsync<Call>(cancellation, due.SelectMany(r => r.Calls.Select(call => call.CallId)).Distinct()))
            .ToLookup(call => call.Id);
        var swept = await sweep.Deletions.Each(due, recording => $"Recording {recording.RecordingId}", recording =>
            Delete(recording, [.. recording.Calls.SelectMany(call => calls[call.CallId])], sweep.Projects, cancellation), cancellation);

        return new(swept, due.Count < AtOnce ? null : new(due[^1].KeptSince!.Value, due[^1].Id));
    }

    // Asked before the lock, which what is held for long need not take each hour, and under it.
    private async Task<Swept> Delete(
        Recording recording, IReadOnlyCollection<Call> calls, RetainedProjects projects, CancellationToken cancellation)
    {
        var may = await Ask(recording, calls, projects, cancellation);
        var deleted = may is May.Go && await audio.Delete(recording.RecordingId, by: Guid.Empty,
            async (filed, of) => (may = await Ask(filed, of, projects, cancellation)) is May.Go, cancellation);
        return new Swept(deleted ? 1 : 0, may is May.BeHeld ? 1 : 0);
    }

    private static async Task<May> Ask(
        Recording filed, IReadOnlyCollection<Call> calls, RetainedProjects projects, CancellationToken cancellation)
    {
        var answer = May.Go;
        foreach (var of in calls.GroupBy(call => call.ProjectId))
            if (await projects.Find(of.Key, cancellation) is not { } owner || !(filed.KeptSince < owner.Before))
                answer = answer is May.BeHeld ? answer : May.BeKept;
            else if (of.Any(call => owner.Held.Include(call.StartedAt)))
                answer = May.BeHeld;

        return answer;
    }
}

using System.Runtime.CompilerServices;
using CallCenter.Calls.Contacts;
using CallCenter.Contracts.People;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Calls.Recordings;

/// <summary>
/// Audio is kept for as long as the project says, from the day it was filed last; that of several projects for as long as the last of them
/// says. A hold covers the audio of calls of its days.
/// </summary>
internal sealed class RecordingRetention(IDocumentStore store, AudioDeletion audio) : IRetainedByProject
{
    private const int AtOnce = 200;

    public static string Kind => RetainedKinds.Recordings;

    private enum May { Go, BeKept, BeHeld }

    /// <exception cref="AggregateException">Some could not be deleted; the others are.</exception>
    public async IAsyncEnumerable<Swept> Sweep(
        Guid project, RetainedProjects projects, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (passed, failures) = (0, new List<Exception>()); // what stays is at the beginning of what is due
        while (await projects.Due(project, cancellation) is { } owner)
        {
            await using var query = store.QuerySession();
            var before = owner.Before;
            var all = query.Query<Recording>().Where(recording => recording.ProjectId == project && recording.KeptSince < before);
            if (owner.IsHeldWhole)
            {
                yield return new Swept(0, await all.CountAsync(cancellation));
                break;
            }

            var due = await all.OrderBy(recording => recording.KeptSince).ThenBy(recording => recording.Id)
                .Skip(passed).Take(AtOnce).ToListAsync(cancellation);
            var calls = (await query.LoadManyAsync<Call>(cancellation, due.SelectMany(r => r.Calls.Select(call => call.CallId)).Distinct()))
                .ToLookup(call => call.Id);
            var swept = new Swept();
            foreach (var recording in due)
                try
                {
                    var may = await Ask(recording, [.. recording.Calls.SelectMany(call => calls[call.CallId])], projects, cancellation);
                    if (may is May.Go && !await audio.Delete(recording.RecordingId, by: Guid.Empty,
                        async (filed, of) => (may = await Ask(filed, of, projects, cancellation)) is May.Go, cancellation))
                        may = may is May.Go ? May.BeKept : may; // another has
                    swept += new Swept(may is May.Go ? 1 : 0, may is May.BeHeld ? 1 : 0);
                    passed += may is May.Go ? 0 : 1;
                }
                catch (Exception e) when (!cancellation.IsCancellationRequested)
                {
                    failures.Add(new InvalidOperationException($"Recording {recording.RecordingId} can't be deleted.", e));
                    passed++;
                }

            yield return swept;
            if (due.Count < AtOnce)
                break;
        }

        if (failures.Count > 0)
            throw new AggregateException(failures.Take(10));
    }

    private static async Task<May> Ask(
        Recording filed, IReadOnlyCollection<Call> calls, RetainedProjects projects, CancellationToken cancellation)
    {
        var answer = May.Go;
        foreach (var of in calls.GroupBy(call => call.ProjectId))
            if (await projects.Find(of.Key, cancellation) is not { } owner || !(filed.KeptSince < owner.Before))
                answer = answer is May.BeHeld ? answer : May.BeKept;
            else if (of.Any(call => owner.IsHeld(call.StartedAt)))
                answer = May.BeHeld;

        return answer;
    }
}

using System.Diagnostics;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Calls.Intake;

/// <summary>
/// Decides and appends for many requests in one transaction. A durable commit costs a disk flush whether it holds one
/// event or sixty; telephone systems send one event per request, so the requests that wait together are committed
/// together (docs/decisions/0051). Each is answered only after its commit, and each stands or falls by itself.
/// </summary>
internal sealed class GroupCommit<TState>(IDocumentStore store) where TState : class, IFolds<TState>, new()
{
    private const int Writers = 3;
    private const int LargestGroup = 64;
    private const int LongestQueue = 1024;
    private const int Attempts = 5;

    // The writer works for many requests at once: whose an event is, and which trace it belongs to, is the request's to say.
    private sealed record Waiting(Guid Id, Func<TState, object[]> Decide, TaskCompletionSource<long> Version, Actor? Actor, string? Trace);

    // A stream always goes to the same writer, so that the writers of one process never compete for it. When another
    // instance wrote to one of the streams, or the database was away: one by one, so that nobody waits for another's.
    private readonly Batcher<Waiting>[] writers =
    [
        .. Enumerable.Range(0, Writers).Select(_ => new Batcher<Waiting>(
            group => Conflict.Retry(group.Count == 1 ? Attempts : 1, () => Commit(store, group)),
            LargestGroup, alone: e => Conflict.Is(e) || Transient.Is(e), LongestQueue)),
    ];

    /// <returns>The stream's version once what was decided is on disk.</returns>
    /// <exception cref="BusyException">More waits than can be served in a moment.</exception>
    public async Task<long> Append(Guid id, Func<TState, object[]> decide, CancellationToken cancellation)
    {
        var waiting = new Waiting(
            id, decide, new(TaskCreationOptions.RunContinuationsAsynchronously), Actor.Current, Activity.Current?.Id);
        await writers[(uint)id.GetHashCode() % Writers].Add(waiting).WaitAsync(cancellation);

        return await waiting.Version.Task.WaitAsync(cancellation);
    }

    private static async Task<bool> Commit(IDocumentStore store, IReadOnlyList<Waiting> group)
    {
        await using var session = store.LightweightSession();

        // Always in the same order, so that two transactions never wait for each other in a circle.
        var streams = group.GroupBy(waiting => waiting.Id).OrderBy(g => g.Key).ToList();
        var histories = await session.Histories<TState>([.. streams.Select(s => s.Key)], CancellationToken.None);
        var answers = new List<Action>(group.Count);

        foreach (var stream in streams)
        {
            var (state, version) = histories.TryGetValue(stream.Key, out var found) ? found : (new TState(), 0);
            var events = new List<object>();

            foreach (var waiting in stream)
            {
                try
                {
                    foreach (var e in waiting.Decide(state))
                    {
                        var stored = session.Events.BuildEvent(e);
                        stored.Actor = waiting.Actor;
                        stored.Trace = waiting.Trace;
                        events.Add(stored);
                        state = state.Evolve(e);
                    }

                    var reached = version + events.Count;
                    answers.Add(() => waiting.Version.TrySetResult(reached));
                }
                catch (Exception e)
                {
                    // Refused: its sender's business, not the group's.
                    answers.Add(() => waiting.Version.TrySetException(e));
                }
            }

            if (events.Count > 0 && version == 0)
                session.Events.StartStream<TState>(stream.Key, events);
            else if (events.Count > 0)
                session.Events.Append(stream.Key, version + events.Count, events);
        }

        await session.SaveChangesAsync(CancellationToken.None);
        answers.ForEach(answer => answer());
        return true;
    }
}

internal static class Reading
{
    extension(IQuerySession session)
    {
        /// <summary>The states and versions of many streams, in one query. Streams that do not exist are left out.</summary>
        public async Task<Dictionary<Guid, (TState State, long Version)>> Histories<TState>(Guid[] ids, CancellationToken cancellation)
            where TState : IFolds<TState>, new()
        {
            var events = await session.Events.QueryAllRawEvents()
                .Where(e => e.StreamId.IsOneOf(ids)).OrderBy(e => e.Sequence).ToListAsync(cancellation);

            return events.GroupBy(e => e.StreamId).ToDictionary(
                g => g.Key, g => (g.Aggregate(new TState(), (state, e) => state.Evolve(e.Data)), g.Last().Version));
        }
    }
}

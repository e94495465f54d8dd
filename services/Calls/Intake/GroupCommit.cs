using System.Diagnostics;
using System.Threading.Channels;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Calls.Intake;

/// <summary>
/// Decides and appends for many requests in one transaction. A durable commit costs a disk flush whether it holds one
/// event or sixty; telephone systems send one event per request, so the requests that wait together are committed
/// together (docs/decisions/0051). Each is answered only after its commit, and each stands or falls by itself.
/// </summary>
internal sealed class GroupCommit<TState>(IDocumentStore store, ILogger<GroupCommit<TState>> log) : BackgroundService
    where TState : class, IFolds<TState>, new()
{
    private const int Writers = 3;
    private const int LargestGroup = 64;
    private const int LongestQueue = 1024;
    private const int Attempts = 5;

    // The writer works for many requests at once: whose an event is, and which trace it belongs to, is the request's to say.
    private sealed record Waiting(Guid Id, Func<TState, object[]> Decide, TaskCompletionSource<long> Version, Actor? Actor, string? Trace);

    // A stream always goes to the same writer, so that the writers of one process never compete for it.
    private readonly Channel<Waiting>[] queues =
        [.. Enumerable.Range(0, Writers).Select(_ => Channel.CreateBounded<Waiting>(LongestQueue))];

    /// <returns>The stream's version once what was decided is on disk.</returns>
    /// <exception cref="BusyException">More waits than can be served in a moment.</exception>
    public Task<long> Append(Guid id, Func<TState, object[]> decide)
    {
        var version = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = queues[(uint)id.GetHashCode() % Writers];

        return queue.Writer.TryWrite(new Waiting(id, decide, version, Actor.Current, Activity.Current?.Id))
            ? version.Task
            : throw new BusyException("More events arrive than can be stored; send this one again.");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(queues.Select(queue => Write(queue.Reader, stoppingToken)));

    private async Task Write(ChannelReader<Waiting> queue, CancellationToken stopping)
    {
        var group = new List<Waiting>(LargestGroup);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await queue.WaitToReadAsync(stopping))
                    return;

                while (group.Count < LargestGroup && queue.TryRead(out var waiting))
                    group.Add(waiting);

                await Commit(group);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // What is still queued was never acknowledged; its sender repeats it.
            }
            finally
            {
                group.Clear();
            }
        }
    }

    private async Task Commit(List<Waiting> group)
    {
        try
        {
            await Attempt(group);
        }
        catch (Exception e) when (Conflict.Is(e) || Transient.Is(e))
        {
            // Another instance wrote to one of the streams, or the database was away: one by one, so that nobody waits for another's.
            log.LogInformation("A group of {Count} is committed one by one: {Reason}", group.Count, e.Message);
            foreach (var waiting in group)
                await Alone(waiting);
        }
        catch (Exception e)
        {
            group.ForEach(waiting => waiting.Version.TrySetException(e));
        }
    }

    private async Task Alone(Waiting waiting)
    {
        for (var attempt = 1; !waiting.Version.Task.IsCompleted; attempt++)
        {
            try
            {
                await Attempt([waiting]);
            }
            catch (Exception e) when (attempt < Attempts && Conflict.Is(e))
            {
                // Read again and decide again.
            }
            catch (Exception e)
            {
                waiting.Version.TrySetException(e);
            }
        }
    }

    private async Task Attempt(IReadOnlyList<Waiting> group)
    {
        await using var session = store.LightweightSession();

        // Always in the same order, so that two transactions never wait for each other in a circle.
        var streams = group.GroupBy(waiting => waiting.Id).OrderBy(g => g.Key).ToList();
        var histories = await session.Histories<TState>([.. streams.Select(s => s.Key)], CancellationToken.None);
        var decided = new List<(Waiting, long)>(group.Count);

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

                    decided.Add((waiting, version + events.Count));
                }
                catch (Exception e)
                {
                    // Refused: its sender's business, not the group's.
                    waiting.Version.TrySetException(e);
                }
            }

            if (events.Count > 0 && version == 0)
                session.Events.StartStream<TState>(stream.Key, events);
            else if (events.Count > 0)
                session.Events.Append(stream.Key, version + events.Count, events);
        }

        await session.SaveChangesAsync(CancellationToken.None);
        decided.ForEach(d => d.Item1.Version.TrySetResult(d.Item2));
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

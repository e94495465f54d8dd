using CallCenter.Rules;

namespace CallCenter.EventSourcing;

/// <summary>
/// What arrives while others are being stored is stored next, together. At ease each is stored at once; under load one
/// commit, which costs a disk flush, serves as many as fit (docs/decisions/0008 and 0051).
/// </summary>
/// <param name="store">Stores a group, all or nothing.</param>
/// <param name="largest">Of a group.</param>
/// <param name="alone">
/// Whether after this failure each of the group is tried once more, by itself, so that none suffers for another; else it is
/// all of theirs.
/// </param>
/// <param name="longest">How many may wait.</param>
public sealed class Batcher<TItem>(
    Func<IReadOnlyList<TItem>, Task> store, int largest, Func<Exception, bool> alone, int longest = int.MaxValue)
{
    private sealed record Waiting(TItem Item, TaskCompletionSource Stored);

    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = [];
    private bool storing;
    private Task last = Task.CompletedTask;

    /// <returns>When the item is on disk.</returns>
    /// <exception cref="BusyException">More waits than can be served in a moment.</exception>
    public Task Add(TItem item)
    {
        var waiting = new Waiting(item, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (queue.Count >= longest)
                throw new BusyException("More arrives than can be stored; send this again.");

            queue.Enqueue(waiting);
            last = waiting.Stored.Task;
            if (storing)
                return waiting.Stored.Task;
            storing = true;
        }

        // The group belongs to nobody's trace: it serves many.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(StoreAll);
        return waiting.Stored.Task;
    }

    /// <summary>Ends when all that was added before has been stored, or has failed.</summary>
    public async Task Settled()
    {
        Task before;
        lock (gate)
            before = last;
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StoreAll()
    {
        while (Next() is { Count: > 0 } group)
            await Store(group, alone);
    }

    private List<Waiting> Next()
    {
        lock (gate)
        {
            var group = new List<Waiting>(Math.Min(queue.Count, largest));
            while (group.Count < largest && queue.TryDequeue(out var waiting))
                group.Add(waiting);
            storing = group.Count > 0;
            return group;
        }
    }

    private async Task Store(List<Waiting> group, Func<Exception, bool>? again)
    {
        try
        {
            await store([.. group.Select(waiting => waiting.Item)]);
            group.ForEach(waiting => waiting.Stored.SetResult());
        }
        catch (Exception e) when (again?.Invoke(e) != true)
        {
            group.ForEach(waiting => waiting.Stored.SetException(e));
        }
        catch (Exception)
        {
            foreach (var waiting in group)
                await Store([waiting], again: null);
        }
    }
}

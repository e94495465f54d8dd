using CallCenter.Contracts;

namespace CallCenter.EventSourcing;

/// <summary>
/// Facts that arrive while others are being stored are stored next, together. At ease each is stored at once; under load
/// one commit, which costs a disk flush, serves hundreds (docs/decisions/0008).
/// </summary>
internal sealed class FactGroup<TFact>(Func<IReadOnlyList<TFact>, Task> keep) where TFact : class, IFact
{
    private const int Largest = 250;

    private sealed record Waiting(TFact Fact, TaskCompletionSource Stored);

    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = [];
    private bool storing;

    /// <returns>When the fact is on disk.</returns>
    public Task Keep(TFact fact)
    {
        var waiting = new Waiting(fact, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            queue.Enqueue(waiting);
            if (storing)
                return waiting.Stored.Task;
            storing = true;
        }

        // The group belongs to nobody's trace: it serves many.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(StoreAll);
        return waiting.Stored.Task;
    }

    private async Task StoreAll()
    {
        while (Next() is { Count: > 0 } group)
            await Store(group);
    }

    private List<Waiting> Next()
    {
        lock (gate)
        {
            var group = new List<Waiting>(Math.Min(queue.Count, Largest));
            while (group.Count < Largest && queue.TryDequeue(out var waiting))
                group.Add(waiting);
            storing = group.Count > 0;
            return group;
        }
    }

    private async Task Store(List<Waiting> group)
    {
        try
        {
            // In one order everywhere, so that two instances never wait for each other in a circle.
            await keep([.. group.GroupBy(waiting => waiting.Fact.Id).OrderBy(same => same.Key)
                .Select(same => same.MaxBy(waiting => waiting.Fact.Version)!.Fact)]);
            group.ForEach(waiting => waiting.Stored.SetResult());
        }
        catch (Exception e) when (group.Count == 1 || Messaging.IsPassing(e))
        {
            group.ForEach(waiting => waiting.Stored.SetException(e));
        }
        catch (Exception)
        {
            // One of them can't be stored: by itself, so that it alone goes to the error queue.
            foreach (var waiting in group)
                await Store([waiting]);
        }
    }
}

using CallCenter.Contracts;

namespace CallCenter.EventSourcing;

/// <summary>Facts of one kind on their way to disk, in groups; of one thing the newest version (docs/decisions/0008).</summary>
internal sealed class BatchedConsumer<TFact>(Func<IReadOnlyList<TFact>, Task> keep) where TFact : class, IFact
{
    private const int Largest = 250;

    // In one order everywhere, so that two instances never wait for each other in a circle. An outage is everybody's; else
    // one of them can't be stored: by itself, so that it alone goes to the error queue.
    private readonly Batcher<TFact> batcher = new(
        facts => keep([.. facts.GroupBy(fact => fact.Id).OrderBy(same => same.Key).Select(same => same.MaxBy(fact => fact.Version)!)]),
        Largest, alone: Fault.IsOwn);

    /// <returns>When the fact is on disk.</returns>
    public Task Keep(TFact fact) => batcher.Add(fact);

    /// <summary>Ends when those that came before are on disk, or have failed.</summary>
    public Task Settled() => batcher.Settled();
}

using System.Reflection;
using CallCenter.Contracts;
using JasperFx.Events.Projections;
using Marten;

namespace CallCenter.EventSourcing;

/// <summary>A stream as of one version, folded from its events.</summary>
/// <param name="Version">The version of the last event folded in.</param>
public readonly record struct StreamAsOf<TState>(Guid Id, long Version, TState State);

/// <summary>Which streams of a service become facts for the others, and how.</summary>
public sealed class FactStreams
{
    private readonly Dictionary<Type, FactStream> byState = [];

    /// <summary>
    /// Each change of a <typeparamref name="TState"/> stream is published as <paramref name="toFact"/> of its new state; null keeps it to
    /// ourselves.
    /// </summary>
    public void Stream<TState>(Func<Guid, long, TState, IFact?> toFact) where TState : class, new() =>
        Stream<TState>((streams, _, _) => Task.FromResult(
            streams.Select(s => toFact(s.Id, s.Version, s.State)).OfType<IFact>().ToArray()));

    /// <summary>As above for facts that need documents too, which are then read once for a whole page of streams.</summary>
    public void Stream<TState>(Func<IReadOnlyList<StreamAsOf<TState>>, IQuerySession, Task<IFact[]>> toFacts)
        where TState : class, new() => Stream<TState>((streams, query, _) => toFacts(streams, query));

    public void Stream<TState>(Func<IReadOnlyList<StreamAsOf<TState>>, IQuerySession, CancellationToken, Task<IFact[]>> toFacts)
        where TState : class, new() => byState.Add(typeof(TState), new FactStream<TState>(toFacts));

    internal bool IsEmpty => byState.Count == 0;

    internal FactStream? For(Type? state) => state is null ? null : byState.GetValueOrDefault(state);
}

internal abstract class FactStream
{
    /// <param name="streams">Id, version and all events up to that version.</param>
    public abstract Task<IFact[]> ToFacts(
        IReadOnlyList<(Guid Id, long Version, IEnumerable<object> Events)> streams, IQuerySession query, CancellationToken cancellation);

    /// <summary>Folds one stream's document anew, where it is not written with the events and so can lack some.</summary>
    public abstract Task Rebuild(IDocumentStore store, Guid id, CancellationToken cancellation);
}

internal sealed class FactStream<TState>(
    Func<IReadOnlyList<StreamAsOf<TState>>, IQuerySession, CancellationToken, Task<IFact[]>> toFacts) : FactStream
    where TState : class, new()
{
    // The same method that Marten folds with, so a fact and a decision cannot disagree.
    private static readonly Func<TState, object, TState> Evolve =
        typeof(TState).GetMethod("Evolve", BindingFlags.Public | BindingFlags.Instance, [typeof(object)])
            ?.CreateDelegate<Func<TState, object, TState>>()
        ?? throw new InvalidOperationException($"{typeof(TState)} needs a public {typeof(TState).Name} Evolve(object).");

    public override Task<IFact[]> ToFacts(
        IReadOnlyList<(Guid Id, long Version, IEnumerable<object> Events)> streams, IQuerySession query, CancellationToken cancellation) =>
        toFacts([.. streams.Select(s => new StreamAsOf<TState>(s.Id, s.Version, s.Events.Aggregate(new TState(), Evolve)))], query,
            cancellation);

    public override Task Rebuild(IDocumentStore store, Guid id, CancellationToken cancellation) =>
        ((DocumentStore)store).Options.Projections.All.Any(
            p => p.Lifecycle is ProjectionLifecycle.Async && p.PublishedTypes().Contains(typeof(TState)))
            ? store.Advanced.RebuildSingleStreamAsync<TState>(id, cancellation)
            : Task.CompletedTask;
}

using System.Collections.Concurrent;
using System.Reflection;
using CallCenter.Contracts;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace CallCenter.EventSourcing;

/// <summary>Who tells what: a service owns the facts of its namespace in the contracts.</summary>
public static class FactOwners
{
    public static IReadOnlyList<Type> Facts { get; } =
        [.. typeof(IFact).Assembly.GetExportedTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IFact)))];

    /// <summary>All services that have something to tell.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. Facts.Select(OwnerOf).Distinct().Order(StringComparer.Ordinal)];

    public static string OwnerOf(Type fact) => fact.Namespace!.Split('.')[^1].ToLowerInvariant();
}

/// <summary>A stream as of one version, folded from its events.</summary>
/// <param name="Version">The version of the last event folded in.</param>
public readonly record struct StreamAsOf<TState>(Guid Id, long Version, TState State);

/// <summary>Which streams of a service become facts for the others, and how.</summary>
public sealed class FactStreams
{
    private readonly Dictionary<Type, FactStream> byState = [];
    private readonly Dictionary<string, Func<IServiceProvider, IReadOnlyList<Guid>, CancellationToken, Task>> others = [];
    private readonly ConcurrentDictionary<Type, FactStream?> ofEvent = new();

    /// <summary>
    /// Each change of a <typeparamref name="TState"/> stream is published as <paramref name="toFact"/> of its new state; null keeps it to
    /// ourselves.
    /// </summary>
    public void Stream<TState>(Func<Guid, long, TState, IFact?> toFact) where TState : class, new() =>
        Derived<TState>((streams, _, _) => Task.FromResult<IReadOnlyList<StreamFact>>(
            [.. streams.Select(s => toFact(s.Id, s.Version, s.State)).OfType<IFact>().Select(fact => new StreamFact(fact.Id, fact))]));

    /// <summary>As above for facts that need documents too, which are then read once for a whole page of streams.</summary>
    public void Stream<TState>(Func<IReadOnlyList<StreamAsOf<TState>>, IQuerySession, CancellationToken, Task<IFact[]>> toFacts)
        where TState : class, new() => Derived<TState>(async (streams, query, cancellation) =>
            [.. (await toFacts(streams, query, cancellation)).Select(fact => new StreamFact(fact.Id, fact))]);

    /// <summary>As above for streams that become facts about other things than themselves.</summary>
    public void Derived<TState>(
        Func<IReadOnlyList<StreamAsOf<TState>>, IQuerySession, CancellationToken, Task<IReadOnlyList<StreamFact>>> toFacts)
        where TState : class, new() => byState.Add(typeof(TState), new FactStream<TState>(toFacts));

    /// <summary>Facts that are made from no stream: the service tells them by itself, with <see cref="ToldFacts"/>.</summary>
    /// <param name="tellAgain">Gets what was given as their streams.</param>
    public void Other<TFact>(Func<IServiceProvider, IReadOnlyList<Guid>, CancellationToken, Task> tellAgain) where TFact : IFact =>
        others.Add(typeof(TFact).Name, tellAgain);

    internal bool IsEmpty => byState.Count == 0;

    internal FactStream? For(Type? state) => state is null ? null : byState.GetValueOrDefault(state);

    internal Func<IServiceProvider, IReadOnlyList<Guid>, CancellationToken, Task>? OtherBy(string fact) => others.GetValueOrDefault(fact);

    /// <summary>The events of streams that become facts, by kind and stream.</summary>
    internal async Task<Dictionary<FactStream, List<IGrouping<Guid, IEvent>>>> ByStream(
        IEnumerable<IEvent> events, IQuerySession query, CancellationToken cancellation)
    {
        var byStream = new Dictionary<FactStream, List<IGrouping<Guid, IEvent>>>();

        foreach (var group in events.GroupBy(e => e.StreamId))
        {
            var first = group.First();
            if (!ofEvent.TryGetValue(first.EventType, out var stream))
            {
                var state = await query.Events.FetchStreamStateAsync(group.Key, cancellation);
                stream = For(state?.AggregateType);
                ofEvent[first.EventType] = stream;
            }

            if (stream is null)
                continue;

            if (!byStream.TryGetValue(stream, out var groups))
                byStream[stream] = groups = [];
            groups.Add(group);
        }

        return byStream;
    }
}

internal abstract class FactStream
{
    /// <param name="streams">Id, version and all events up to that version.</param>
    public abstract Task<IReadOnlyList<StreamFact>> ToFacts(
        IReadOnlyList<(Guid Id, long Version, IEnumerable<object> Events)> streams, IQuerySession query, CancellationToken cancellation);

    /// <summary>Folds one stream's document anew, where it is not written with the events and so can lack some.</summary>
    public abstract Task Rebuild(IDocumentStore store, Guid id, CancellationToken cancellation);
}

internal sealed class FactStream<TState>(
    Func<IReadOnlyList<StreamAsOf<TState>>, IQuerySession, CancellationToken, Task<IReadOnlyList<StreamFact>>> toFacts) : FactStream
    where TState : class, new()
{
    // The same method that Marten folds with, so a fact and a decision cannot disagree.
    private static readonly Func<TState, object, TState> Evolve =
        typeof(TState).GetMethod("Evolve", BindingFlags.Public | BindingFlags.Instance, [typeof(object)])
            ?.CreateDelegate<Func<TState, object, TState>>()
        ?? throw new InvalidOperationException($"{typeof(TState)} needs a public {typeof(TState).Name} Evolve(object).");

    public override Task<IReadOnlyList<StreamFact>> ToFacts(
        IReadOnlyList<(Guid Id, long Version, IEnumerable<object> Events)> streams, IQuerySession query, CancellationToken cancellation) =>
        toFacts([.. streams.Select(s => new StreamAsOf<TState>(s.Id, s.Version, s.Events.Aggregate(new TState(), Evolve)))], query,
            cancellation);

    public override Task Rebuild(IDocumentStore store, Guid id, CancellationToken cancellation) =>
        ((DocumentStore)store).Options.Projections.All.Any(
            p => p.Lifecycle is ProjectionLifecycle.Async && p.PublishedTypes().Contains(typeof(TState)))
            ? store.Advanced.RebuildSingleStreamAsync<TState>(id, cancellation)
            : Task.CompletedTask;
}

using System.Collections.Concurrent;
using System.Reflection;
using CallCenter.Contracts;
using Marten;

namespace CallCenter.EventSourcing;

/// <param name="Stream">The stream that it was made from, and can be made from again.</param>
public readonly record struct StreamFact(Guid Stream, IFact Fact);

/// <summary>Tells facts, and remembers what was told: the others' share of it can be compared with that (docs/decisions/0016).</summary>
public sealed class ToldFacts(FactBus bus)
{
    // In one order everywhere, so that two never wait for each other in a circle.
    private const string Remember = """
        insert into told (fact, id, version, stream)
        select * from unnest(?, ?, ?, ?) as telling(fact, id, version, stream) order by fact, id
        on conflict (fact, bucket, id) do update set version = excluded.version, stream = excluded.stream
            where excluded.version > told.version
        """;

    /// <summary>Returns when the broker has confirmed every fact. What was told is stored with the session.</summary>
    /// <param name="facts">With the owner's own versions; each is told as of this epoch.</param>
    public Task Tell(IReadOnlyList<StreamFact> facts, IDocumentOperations session, CancellationToken cancellation) =>
        Tell([.. facts.Select(f => (f, (Guid?)null, (string?)null))], session, cancellation);

    /// <param name="facts">With the id of the event that made each, where one did: it is the message's id, so that whoever gets it twice
    /// knows it; else that follows from what is told.</param>
    internal async Task Tell(
        IReadOnlyList<(StreamFact Of, Guid? MessageId, string? Trace)> facts, IDocumentOperations session, CancellationToken cancellation)
    {
        if (facts.Count == 0)
            return;

        var epoch = (await session.AdvancedSql.QueryAsync<long>($"select {Epoch.Current}", cancellation)).Single();
        var telling = facts
            .Select(f => (Fact: FactVersion.At(f.Of.Fact, Epoch.Told(epoch, f.Of.Fact.Version)),
                f.MessageId ?? NameId.Of(f.Of.Fact.GetType().Name, f.Of.Fact.Id, f.Of.Fact.Version), f.Trace)).ToList();
        await bus.Publish(telling, cancellation);

        var newest = telling.Zip(facts, (told, f) => (told.Fact, f.Of.Stream))
            .GroupBy(f => (f.Fact.GetType().Name, f.Fact.Id), (_, same) => same.MaxBy(f => f.Fact.Version)).ToList();
        session.QueueSqlCommand(Remember,
            newest.Select(f => f.Fact.GetType().Name).ToArray(), newest.Select(f => f.Fact.Id).ToArray(),
            newest.Select(f => f.Fact.Version).ToArray(), newest.Select(f => f.Stream).ToArray());
    }
}

/// <summary>The same fact as of another version.</summary>
internal static class FactVersion
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly ConcurrentDictionary<Type, PropertyInfo> Property = new();

    public static IFact At(IFact fact, long version)
    {
        if (fact.Version == version)
            return fact;

        var copy = (IFact)Clone.Invoke(fact, null)!;
        Property.GetOrAdd(fact.GetType(), type => type.GetProperty(nameof(IFact.Version))!).SetValue(copy, version);
        return copy;
    }
}

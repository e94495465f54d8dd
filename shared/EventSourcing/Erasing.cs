using CallCenter.Contracts;
using CallCenter.Health;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>Where a service keeps what tells of people, and how it lets go of it (docs/decisions/0019).</summary>
public sealed class Erasing
{
    private readonly List<Place> places = [];

    private sealed record Place(string Name, Type Of, Func<IServiceProvider, IErasure, CancellationToken, Task<long>> Erase);

    /// <summary>One place that has to do with such an erasure. Whatever it does, it may do again.</summary>
    /// <param name="name">What is kept there, in lower case with hyphens.</param>
    /// <param name="erase">Returns how many things were erased.</param>
    public void From<TErasure>(string name, Func<IServiceProvider, TErasure, CancellationToken, Task<long>> erase)
        where TErasure : IErasure =>
        places.Add(new Place(
            name, typeof(TErasure), (services, erasure, cancellation) => erase(services, (TErasure)erasure, cancellation)));

    /// <summary>Streams whose events bear what people wrote about somebody, as one more place.</summary>
    public void FromTexts(TextsAbout texts)
    {
        Texts.Add(texts);
        From<IErasure>(texts.Name, async (services, erasure, cancellation) =>
        {
            await using var query = services.GetRequiredService<IDocumentStore>().QuerySession();
            var streams = await texts.Find(query, erasure.About, cancellation);
            await texts.Erase(services, streams, cancellation);
            return streams.Count;
        });
    }

    internal List<TextsAbout> Texts { get; } = [];

    /// <summary>How the owner does again what a restore has undone.</summary>
    internal Func<IServiceProvider, ErasureStandsV1, CancellationToken, Task>? Again { get; private set; }

    /// <summary>What the owner of a kind of erasure does where it was restored to a time before one of them.</summary>
    public void OnceMore(Func<IServiceProvider, ErasureStandsV1, CancellationToken, Task> again) => Again = again;

    internal async Task<IReadOnlyList<ErasedPlace>> Erase(IServiceProvider services, IErasure erasure, CancellationToken cancellation)
    {
        var erased = new List<ErasedPlace>();
        foreach (var place in places.Where(place => place.Of.IsInstanceOfType(erasure)))
            erased.Add(new ErasedPlace(place.Name, await place.Erase(services, erasure, cancellation)));

        return erased;
    }
}

/// <summary>What a service has answered to an erasure.</summary>
/// <param name="Fact">The kind of erasure.</param>
public sealed record ErasureAnswer(
    Guid Id, string Fact, Guid Erasure, string Service, IReadOnlyList<ErasedPlace> Places, DateTimeOffset At)
{
    public static ErasureAnswer Of(ErasureAnsweredV1 said) =>
        new(NameId.Of("erasure-answer", said.Fact, said.Id, said.Service), said.Fact, said.Id, said.Service, said.Places, said.At);
}

/// <summary>Does what erasures ask of this service, and keeps what the others answer to those that it has asked for.</summary>
public sealed class Erasures
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly string service;
    private readonly Erasing places;
    private readonly IDocumentStore store;
    private readonly NpgsqlDataSource database;
    private readonly FactBus bus;
    private readonly Retelling retelling;
    private readonly IServiceProvider services;
    private readonly TimeProvider clock;

    internal Erasures(
        string service, Erasing places, IDocumentStore store, NpgsqlDataSource database, FactBus bus, Retelling retelling,
        IServiceProvider services, TimeProvider clock)
    {
        (this.service, this.places, this.store, this.database, this.bus) = (service, places, store, database, bus);
        (this.retelling, this.services, this.clock) = (retelling, services, clock);
    }

    /// <summary>All kinds.</summary>
    internal static IReadOnlyList<Type> Kinds { get; } =
        [.. FactOwners.Facts.Where(fact => fact.IsAssignableTo(typeof(IErasure)))];

    /// <summary>Erases, remembers that it did, and says so. In this order: cut off anywhere, all of it is done again.</summary>
    internal async Task Erase<TErasure>(TErasure erasure, CancellationToken cancellation) where TErasure : class, IErasure
    {
        await ErasedTexts.Mark(database, erasure.About, cancellation);
        var erased = await places.Erase(services, erasure, cancellation);

        await using var session = store.LightweightSession();
        session.TryUpdateRevision(erasure, erasure.Version);
        await session.SaveChangesAsync(cancellation);
        await bus.Say(new ErasureAnsweredV1(service, typeof(TErasure).Name, erasure.Id, erased, clock.GetUtcNow()), cancellation);
    }

    /// <summary>The owner has forgotten them by a restore. Nobody comes back by that: it is told.</summary>
    internal async Task Insist<TErasure>(FactsGoneV1 gone, CancellationToken cancellation) where TErasure : class, IErasure
    {
        await using var session = store.QuerySession();
        foreach (var erasure in await session.LoadManyAsync<TErasure>(cancellation, gone.Ids.ToArray()))
            await bus.Say(
                new ErasureStandsV1(
                    typeof(TErasure).Name, erasure.Id, (erasure as Contracts.Calls.CustomerErasedV1)?.ProjectId, erasure.About, erasure.By,
                    erasure.RequestedAt),
                cancellation);
    }

    internal async Task Hear(ErasureStandsV1 stands, CancellationToken cancellation)
    {
        if (IsOurs(stands.Fact) && places.Again is { } again)
            await again(services, stands, cancellation);
    }

    internal async Task Hear(ErasureAnsweredV1 said, CancellationToken cancellation)
    {
        if (!IsOurs(said.Fact))
            return;

        await using var session = store.LightweightSession();
        var answer = ErasureAnswer.Of(said);
        if (await session.LoadAsync<ErasureAnswer>(answer.Id, cancellation) is { } earlier && earlier.At >= answer.At)
            return;
        session.Store(answer);
        await session.SaveChangesAsync(cancellation);
    }

    private bool IsOurs(string fact) => Kinds.Any(kind => kind.Name == fact && FactOwners.OwnerOf(kind) == service);

    /// <summary>Those of ours that somebody owes an answer to for an hour are told again.</summary>
    public async Task AskAgain(CancellationToken cancellation) =>
        await retelling.Tell((await Unanswered(clock.GetUtcNow() - Patience, cancellation)).Select(erasure => erasure.Id), cancellation);

    /// <returns>Those of ours that were asked for before an instant and are not answered by all.</returns>
    internal async Task<IReadOnlyList<(Guid Id, DateTimeOffset RequestedAt)>> Unanswered(
        DateTimeOffset before, CancellationToken cancellation)
    {
        var unanswered = new List<(Guid, DateTimeOffset)>();
        foreach (var kind in Kinds.Where(kind => FactOwners.OwnerOf(kind) == service))
        {
            await using var command = database.CreateCommand($"""
                select id, (data ->> 'RequestedAt')::timestamptz from {TableOf(kind)} erasure
                where (data ->> 'RequestedAt')::timestamptz < $1 and $2 > (
                    select count(*) from {TableOf(typeof(ErasureAnswer))}
                    where (data ->> 'Erasure')::uuid = erasure.id and data ->> 'Fact' = $3)
                """);
            command.Parameters.AddWithValue(before.ToUniversalTime());
            command.Parameters.AddWithValue(FactOwners.Services.Count);
            command.Parameters.AddWithValue(kind.Name);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                unanswered.Add((row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1)));
        }

        return unanswered;
    }

    internal string HeldOf<TErasure>() => Consumers.HeldOf<TErasure>(store);

    private string TableOf(Type document) => store.Options.FindOrResolveDocumentType(document).TableName.QualifiedName;
}

/// <summary>Erasures that a service asked for and that not all have answered in a day: somebody may be known somewhere.</summary>
internal sealed class ErasureHealth(Erasures erasures, TimeProvider clock) : ISubject
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly Gauge Waiting = new("callcenter.erasures.unanswered", "{erasure}",
        "Erasures that were asked for here more than a day ago and that some service has not answered.");

    public static string Name => "erasures";

    public static IReadOnlyList<Gauge> Gauges => [Waiting];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        var late = await erasures.Unanswered(clock.GetUtcNow() - Longest, cancellation);
        return new Measured(
            [new Reading(Waiting, late.Count)],
            late.Count == 0 ? [] : [new Standing("erasures unanswered", $"{late.Count} erasures are not answered by every service.",
                late.Min(erasure => erasure.RequestedAt))]);
    }
}

using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using Marten.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>Streams whose events bear what people wrote about somebody.</summary>
/// <param name="Name">As a place of an erasure.</param>
/// <param name="Events">Those that bear texts, and those that say what a stream is about.</param>
/// <param name="About">Whom, or which calls, a stream is about, by the events that say so; of other events nothing.</param>
/// <param name="Find">The streams that are about some of these.</param>
/// <param name="Documents">Takes the texts out of what was folded from the streams; saved by the caller.</param>
public sealed record TextsAbout(
    string Name, IReadOnlyList<Type> Events, Func<object, IEnumerable<Guid>> About,
    Func<IQuerySession, IReadOnlyList<Guid>, CancellationToken, Task<IReadOnlyList<Guid>>> Find,
    Func<IDocumentSession, IReadOnlyList<Guid>, CancellationToken, Task>? Documents = null)
{
    // Marked first: what is written from now on is met by the subscription.
    internal async Task Erase(IServiceProvider services, IReadOnlyList<Guid> streams, CancellationToken cancellation)
    {
        await ErasedTexts.Mark(services.GetRequiredService<NpgsqlDataSource>(), streams, cancellation);
        await TakeOut(services.GetRequiredService<IDocumentStore>(), streams, cancellation);
    }

    /// <summary>Takes the texts out of events, and of documents last, for streams are found by these: cut off in between, the events are
    /// masked once more.</summary>
    public async Task TakeOut(IDocumentStore store, IReadOnlyList<Guid> streams, CancellationToken cancellation)
    {
        await store.EraseTexts(streams, cancellation);
        if (Documents is null)
            return;

        await using var session = store.LightweightSession();
        await Documents(session, streams, cancellation);
        await session.SaveChangesAsync(cancellation);
    }
}

public static class EventTexts
{
    private const int AtOnce = 200;

    /// <summary>
    /// Takes out of the events of streams what people wrote into them: members, by the service's masking rules, and reasons of requests.
    /// </summary>
    public static async Task EraseTexts(this IDocumentStore store, IReadOnlyList<Guid> streams, CancellationToken cancellation)
    {
        foreach (var some in streams.Chunk(AtOnce))
        {
            await using var session = store.LightweightSession();
            await store.Advanced.ApplyEventDataMasking(masking =>
            {
                foreach (var stream in some)
                    masking.IncludeStream(stream);
            }, cancellation);

            session.QueueSqlCommand(
                $"update {store.Options.Events.DatabaseSchemaName}.mt_events set headers = headers - ? where stream_id = any(?)",
                EventActor.Reason, some);
            await session.SaveChangesAsync(cancellation);
        }
    }
}

/// <summary>
/// What is written about somebody after they were erased: a draft that is finished, a call that is evaluated late. Each event that bears
/// texts passes here once, in whatever version of the service it was written.
/// </summary>
public sealed class ErasedTexts(Erasing places, NpgsqlDataSource database, IServiceProvider services, TimeProvider clock)
{
    /// <summary>What is done with streams: <see cref="SetAside.Work"/>.</summary>
    public const string Work = "erasing texts";

    internal static async Task Mark(NpgsqlDataSource database, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("insert into erased select unnest($1) on conflict do nothing");
        command.Parameters.AddWithValue(ids.ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal async Task EraseIn(IReadOnlyList<IEvent> events, IDocumentOperations operations, CancellationToken cancellation)
    {
        foreach (var texts in places.Texts)
        {
            var of = events.Where(e => texts.Events.Contains(e.EventType)).ToList();
            var about = of.SelectMany(e => texts.About(e.Data).Append(e.StreamId).Select(id => (id, e.StreamId))).ToList();
            var erased = await Erased([.. about.Select(one => one.id).Distinct()], cancellation);
            Guid[] streams = [.. about.Where(one => erased.Contains(one.id)).Select(one => one.StreamId).Distinct()];
            try
            {
                await Erase(texts, streams, cancellation);
            }
            catch (Exception e) when (Fault.IsOwn(e))
            {
                foreach (var stream in streams)
                    try
                    {
                        await Erase(texts, [stream], cancellation);
                    }
                    catch (Exception own) when (Fault.IsOwn(own))
                    {
                        operations.Store(SetAside.After(null, Work, $"{stream}", own, clock.GetUtcNow()));
                    }
            }
        }
    }

    /// <summary>Tries again the streams that could not be erased, each when its time has come.</summary>
    public async Task Retry(CancellationToken cancellation)
    {
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        var asides = await session.Query<SetAside>().Where(aside => aside.Work == Work).ToListAsync(cancellation);
        await session.Retry(asides, clock, async aside =>
        {
            foreach (var texts in places.Texts)
                await Erase(texts, [Guid.Parse(aside.Thing)], cancellation);
        }, cancellation);
    }

    // The store is resolved there: it is being built while the subscription is.
    private Task Erase(TextsAbout texts, Guid[] streams, CancellationToken cancellation) =>
        streams.Length == 0 ? Task.CompletedTask : texts.Erase(services, streams, cancellation);

    private async Task<HashSet<Guid>> Erased(Guid[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select id from erased where id = any($1)");
        command.Parameters.AddWithValue(ids);
        var erased = new HashSet<Guid>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            erased.Add(row.GetGuid(0));

        return erased;
    }
}

/// <summary>Lets pass by <see cref="ErasedTexts"/> the events that bear texts, with a progress of its own.</summary>
internal sealed class ErasedTextsSubscription : SubscriptionBase
{
    private readonly ErasedTexts texts;

    public ErasedTextsSubscription(ErasedTexts texts, Erasing places)
    {
        this.texts = texts;
        Name = "erased-texts";
        foreach (var type in places.Texts.SelectMany(one => one.Events).Distinct())
            IncludeType(type);
    }

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        await texts.EraseIn(page.Events, operations, cancellationToken);
        return NullChangeListener.Instance;
    }
}

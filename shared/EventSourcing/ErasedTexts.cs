using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>Streams whose events bear what people wrote about somebody.</summary>
/// <param name="Name">As a place of an erasure.</param>
/// <param name="About">Whom, or which calls, a stream is about, by the events that say so; of other events nothing.</param>
/// <param name="Find">The streams that are about some of these.</param>
/// <param name="Documents">Takes the texts out of what was folded from the streams; saved by the caller.</param>
public sealed record TextsAbout(
    string Name, Func<object, IEnumerable<Guid>> About,
    Func<IQuerySession, IReadOnlyList<Guid>, CancellationToken, Task<IReadOnlyList<Guid>>> Find,
    Func<IDocumentSession, IReadOnlyList<Guid>, CancellationToken, Task>? Documents = null)
{
    /// <summary>Takes the texts out of streams, for good: of what is written into them later too.</summary>
    public async Task Erase(IDocumentStore store, IReadOnlyList<Guid> streams, CancellationToken cancellation)
    {
        await store.EraseTexts(streams, cancellation, Name);
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
    /// Takes out of the events of streams what people wrote into them: members, by the service's masking rules, and reasons of requests;
    /// and of those that are written to them later (<see cref="ErasedTexts"/>).
    /// </summary>
    public static async Task EraseTexts(
        this IDocumentStore store, IReadOnlyList<Guid> streams, CancellationToken cancellation, string place = "")
    {
        foreach (var some in streams.Chunk(AtOnce))
        {
            await using var session = store.LightweightSession();
            session.QueueSqlCommand(ErasedTexts.Insert, place, some);
            await session.SaveChangesAsync(cancellation); // first: what is written from now on is seen to by the publisher

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
/// What is written about somebody after they were erased: a draft that is finished, a call that is evaluated late. It is taken out when
/// the events are told to the others, which is when every event passes once.
/// </summary>
internal sealed class ErasedTexts(Erasing places, NpgsqlDataSource database, IServiceProvider services)
{
    /// <summary>Remembers who was erased and which streams are about them, by name of the texts; of place and ids.</summary>
    public const string Insert = """
        insert into erased (place, id) select ?, id from unnest(?) as id
        on conflict (id) do update set place = excluded.place where erased.place = '' and excluded.place <> ''
        """;

    public static async Task Mark(NpgsqlDataSource database, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("insert into erased (place, id) select '', unnest($1) on conflict do nothing");
        command.Parameters.AddWithValue(ids.ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task EraseIn(IReadOnlyList<IEvent> events, PageFence aside, CancellationToken cancellation)
    {
        var about = events.SelectMany(e => places.Texts.SelectMany(texts => texts.About(e.Data).Select(id => (id, e.StreamId, texts.Name))))
            .ToList();
        var erased = await Erased([.. events.Select(e => e.StreamId).Concat(about.Select(one => one.id)).Distinct()], cancellation);
        var byPlace = about.Where(one => erased.ContainsKey(one.id)).Select(one => (one.StreamId, Place: one.Name))
            .Concat(events.Where(e => erased.ContainsKey(e.StreamId)).Select(e => (e.StreamId, Place: erased[e.StreamId])))
            .DistinctBy(one => one.StreamId).ToLookup(one => one.Place, one => one.StreamId);

        foreach (var streams in byPlace)
            try
            {
                await Erase(streams.Key, [.. streams], cancellation);
            }
            catch (Exception e) when (Fault.IsOwn(e))
            {
                foreach (var stream in streams)
                    try
                    {
                        await Erase(streams.Key, [stream], cancellation);
                    }
                    catch (Exception own) when (Fault.IsOwn(own))
                    {
                        aside.Fail(stream, own);
                    }
            }
    }

    private Task Erase(string place, IReadOnlyList<Guid> streams, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IDocumentStore>(); // here, since it is being built while this is
        return places.Texts.Find(texts => texts.Name == place) is { } texts
            ? texts.Erase(store, streams, cancellation) : store.EraseTexts(streams, cancellation);
    }

    private async Task<Dictionary<Guid, string>> Erased(Guid[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select id, place from erased where id = any($1)");
        command.Parameters.AddWithValue(ids);
        var erased = new Dictionary<Guid, string>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            erased.Add(row.GetGuid(0), row.GetString(1));

        return erased;
    }
}

using CallCenter.EventSourcing;
using JasperFx.Events;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace CallCenter.Calls.Intake;

/// <summary>A new stream and its first events.</summary>
internal sealed record NewStream(Guid Id, IReadOnlyList<object> Events);

/// <summary>
/// Opens many streams in one statement of the caller's transaction. Marten's own bulk insert cannot be used beside live
/// traffic: it commits by itself, fails when a stream exists, and moves the daemon's high-water mark past events that
/// other transactions have not committed yet, which are then never published (docs/decisions/0052).
/// </summary>
internal sealed class BulkAppend<TState>(IDocumentStore store)
{
    private readonly ISerializer serializer = store.Options.Serializer();
    private readonly Marten.Events.EventGraph events = ((DocumentStore)store).Events;
    private readonly string sql = Statement(store.Options.Events.DatabaseSchemaName);

    /// <returns>Those of the streams that existed already. Nothing was written to them.</returns>
    public async Task<IReadOnlySet<Guid>> Insert(
        NpgsqlTransaction transaction, IReadOnlyList<NewStream> streams, CancellationToken cancellation)
    {
        var count = streams.Sum(s => s.Events.Count);
        var (ids, streamIds, versions) = (new Guid[count], new Guid[count], new long[count]);
        var (types, dotnetTypes, data) = (new string[count], new string[count], new string[count]);

        var row = 0;
        foreach (var stream in streams)
            for (var i = 0; i < stream.Events.Count; i++, row++)
            {
                var type = events.EventMappingFor(stream.Events[i].GetType());
                (ids[row], streamIds[row], versions[row]) = (Guid.CreateVersion7(), stream.Id, i + 1);
                (types[row], dotnetTypes[row], data[row]) = (type.EventTypeName, type.DotNetTypeName, serializer.ToJson(stream.Events[i]));
            }

        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = streams.Select(s => s.Id).ToArray() });
        command.Parameters.Add(new() { Value = streams.Select(s => (long)s.Events.Count).ToArray() });
        command.Parameters.Add(new() { Value = events.AggregateAliasFor(typeof(TState)) });
        command.Parameters.Add(new() { Value = ids });
        command.Parameters.Add(new() { Value = streamIds });
        command.Parameters.Add(new() { Value = versions });
        command.Parameters.Add(new() { Value = types });
        command.Parameters.Add(new() { Value = dotnetTypes });
        command.Parameters.Add(new() { Value = data, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = serializer.ToJson(Actor.Required.Headers), NpgsqlDbType = NpgsqlDbType.Jsonb });

        var existing = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            existing.Add(reader.GetGuid(0));

        return existing;
    }

    // Streams in order of id, so that two transactions never wait for each other in a circle; events in the order given,
    // and a sequence number only for what is really inserted: a number never used would hold the daemon up.
    private static string Statement(string schema) => $"""
        with asked as (
            select * from unnest($1, $2) as s(id, version)
        ), opened as (
            insert into {schema}.mt_streams (id, type, version, is_archived)
            select id, $3, version, false from asked order by id
            on conflict do nothing
            returning id
        ), stored as (
            insert into {schema}.mt_events (seq_id, id, stream_id, version, type, mt_dotnet_type, data, headers, timestamp, tenant_id, is_archived)
            select nextval('{schema}.mt_events_sequence'), e.id, e.stream_id, e.version, e.type, e.dotnet_type, e.data, $10,
                transaction_timestamp(), '*DEFAULT*', false
            from (
                select r.* from unnest($4, $5, $6, $7, $8, $9) with ordinality
                    as r(id, stream_id, version, type, dotnet_type, data, place)
                join opened on opened.id = r.stream_id order by place
            ) e
        )
        select id from asked where id not in (select id from opened)
        """;
}

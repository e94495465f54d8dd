using CallCenter.Health;
using Marten;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>How far projections and publisher are behind the events, and whether anybody leads.</summary>
internal sealed class EventHealth(
    IDocumentStore store, NpgsqlDataSource database, DaemonState daemon, IConfiguration configuration) : ISubject
{
    private const string Publishing = $"{FactPublisher.Shard}:All";

    private static readonly Gauge Leads = new("callcenter.instance.leading", "{instance}",
        "1 where this instance runs the projections and publishes, 0 where it stands by.");
    private static readonly Gauge Behind = new("callcenter.events.lag.count", "{event}",
        "Events that a projection, or the publisher (facts), has not taken yet.", "shard");
    private static readonly Gauge Late = new("callcenter.events.lag.duration", Gauge.Seconds,
        "How long ago the oldest of them was stored; 0 where there is none.", "shard");
    private static readonly Gauge Unpublished = new("callcenter.facts.unpublished.age", Gauge.Seconds,
        "How long ago the oldest event was stored whose fact the broker has not confirmed; 0 where there is none.");

    private readonly TimeSpan limit = configuration.GetValue("Health:Late", TimeSpan.FromMinutes(2));
    private readonly string[] shards = [.. ((StoreOptions)store.Options).Projections.AllShards().Select(shard => shard.Name.Identity)];

    public static string Name => "events";

    public static IReadOnlyList<Gauge> Gauges => [Leads, Behind, Late, Unpublished];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(shards);
        await using var row = await command.ExecuteReaderAsync(cancellation);

        var (readings, standing) = (new List<Reading> { new(Leads, daemon.Leading ? 1 : 0) }, new List<Standing>());
        while (await row.ReadAsync(cancellation))
        {
            if (!row.GetBoolean(0))
                standing.Add(new Standing("leader absent", "No instance runs the projections and publishes."));
            if (await row.IsDBNullAsync(1, cancellation))
                continue; // a service without projections of its own

            var (shard, behind, since) = (row.GetString(1), row.GetInt64(2), await row.IsDBNullAsync(3, cancellation)
                ? (DateTimeOffset?)null : await row.GetFieldValueAsync<DateTimeOffset>(3, cancellation));
            var late = since is { } oldest ? row.GetFieldValue<DateTimeOffset>(4) - oldest : TimeSpan.Zero;
            readings.Add(new(Behind, behind, shard));
            readings.Add(new(Late, late.TotalSeconds, shard));
            if (shard == Publishing)
                readings.Add(new(Unpublished, late.TotalSeconds));
            if (late > limit)
                standing.Add(new Standing(shard == Publishing ? "publishing late" : $"projection {shard} late",
                    $"{behind} events wait, the oldest for {late.TotalSeconds:0} s.", since));
        }

        return new Measured(readings, standing);
    }

    // A shard that never ran has no progress yet. The lock is looked for in the server, whoever of the instances holds it.
    private string Sql => $"""
        select leader.present, shard, newest.seq_id - coalesce(progress.last_seq_id, 0), oldest.timestamp, clock_timestamp()
        from (select exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
            and database = (select oid from pg_database where datname = current_database())
            and (classid::bigint << 32 | objid::bigint) = {LockKey.Leader}) as present) as leader
        left join unnest($1) as shard on true
        left join {Table("mt_event_progression")} as progress on progress.name = shard
        left join lateral (select coalesce(max(seq_id), 0) as seq_id from {Table("mt_events")}) as newest on shard is not null
        left join lateral (select timestamp from {Table("mt_events")} where seq_id > coalesce(progress.last_seq_id, 0)
            order by seq_id limit 1) as oldest on shard is not null
        """;

    private string Table(string name) => $"{store.Options.Events.DatabaseSchemaName}.{name}";
}

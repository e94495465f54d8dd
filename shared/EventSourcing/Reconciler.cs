using CallCenter.Contracts;
using CallCenter.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// Makes those who hold facts agree with their owner, whatever was lost: by the broker, by a restore of one or of the other. The owner
/// says what it has told, in buckets; who holds something else says what; the owner tells that again, or that it is no more
/// (docs/decisions/0016).
/// </summary>
public sealed class Reconciler
{
    internal static readonly Count Forgotten = new("callcenter.facts.forgotten", "{fact}",
        "Facts that were said to be no more, whether they were held or not.");

    /// <summary>Counts and hashes of rows with <c>id</c> and <c>version</c>, by bucket.</summary>
    private const string Sums = """
        count(*), bit_xor(hashtextextended(id::text || ' ' || version, 0))
        """;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    // Long enough that the first has been heard by most before they ask.
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(5);

    private readonly string service;
    private readonly NpgsqlDataSource database;
    private readonly FactStreams streams;
    private readonly FactBus bus;
    private readonly Retelling retelling;
    private readonly IServiceProvider services;
    private readonly TimeProvider clock;
    private readonly ILogger<Reconciler> log;
    private long asked; // ticks of UTC

    internal Reconciler(
        string service, NpgsqlDataSource database, FactStreams streams, FactBus bus, Retelling retelling, IServiceProvider services,
        TimeProvider clock, ILogger<Reconciler> log)
    {
        (this.service, this.database, this.streams, this.bus, this.retelling) = (service, database, streams, bus, retelling);
        (this.services, this.clock, this.log) = (services, clock, log);
    }

    /// <summary>Says that this database is not where it was, once for each epoch; the owners answer with a round, as we do.</summary>
    internal Task Announce(CancellationToken cancellation) => UntilTold(
        async () =>
        {
            if (await Epoch.Unannounced(database, cancellation) is not { } epoch)
                return;
            await services.GetRequiredService<ConsumerHost>().Ready.WaitAsync(cancellation);
            await retelling.AllTold(cancellation); // else we would not know of it when we are asked
            await bus.Say(new RestoredV1(service, epoch), cancellation);
            await Epoch.Announced(database, epoch, cancellation);
        },
        cancellation);

    /// <summary>Asks all owners for a round, since what they have told was lost on its way.</summary>
    public Task AskAgain(CancellationToken cancellation) => UntilTold(
        async () => await bus.Say(new RestoredV1(service, await Epoch.Now(database, cancellation)), cancellation), cancellation);

    /// <summary>
    /// The same where others have lost as much, as with a broker: a round is for everybody, and who hears that somebody else asks for
    /// one need not. Seven who ask at once would have all owners say all seven times, to all, and be answered for each.
    /// </summary>
    internal async Task AskTogether(CancellationToken cancellation)
    {
        var since = clock.GetUtcNow().UtcTicks;
        await Task.Delay(Together * Random.Shared.NextDouble(), clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Volatile.Read(ref asked) < since)
            await AskAgain(cancellation);
    }

    /// <summary>Somebody asks for a round.</summary>
    /// <param name="at">When, by their clock.</param>
    internal async Task Hear(DateTimeOffset at, CancellationToken cancellation)
    {
        Volatile.Write(ref asked, Math.Max(asked, at.UtcTicks));
        await Round(cancellation);
    }

    /// <summary>Tells streams again, as they are by now. One that can't be told is left out: the publisher has set it aside.</summary>
    public Task TellAgain(IEnumerable<Guid> streams, CancellationToken cancellation) => retelling.Tell(streams, cancellation);

    private async Task UntilTold(Func<Task> tell, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
            try
            {
                await tell();
                return;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning(e, "Nobody could be told that something is missing here; trying again");
                await Task.Delay(Wait, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    internal static string QueueOf(string service) => $"{service}-reconciliation";

    /// <summary>Says what was told. Who holds the same does nothing.</summary>
    public async Task Round(CancellationToken cancellation)
    {
        foreach (var kind in (await Told(cancellation)).GroupBy(sum => sum.Fact, sum => sum.Bucket))
            await bus.Say(new FactsToldV1(service, kind.Key, [.. kind.OfType<FactBucket>()]), cancellation);
    }

    // Of every kind that this service owns: of one of which nothing was told, others may hold what a restore has taken from us.
    private async Task<IReadOnlyList<(string Fact, FactBucket? Bucket)>> Told(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select fact, bucket, {Sums} from told full join unnest($1) as owned(fact) using (fact) group by fact, bucket
            """);
        command.Parameters.AddWithValue(FactOwners.Facts.Where(f => FactOwners.OwnerOf(f) == service).Select(f => f.Name).ToArray());
        var sums = new List<(string, FactBucket?)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            sums.Add((rows.GetString(0), rows.IsDBNull(1) ? null : new FactBucket(rows.GetInt16(1), rows.GetInt64(2), rows.GetInt64(3))));

        return sums;
    }

    /// <summary>
    /// Compares what is held of a kind with what its owner has told, and sends the owner what it holds of a bucket that differs.
    /// </summary>
    /// <param name="rowsHeld">SQL that answers <c>id</c> and <c>version</c> of each.</param>
    /// <returns>Whether it is the same.</returns>
    internal async Task<bool> Compare(FactsToldV1 told, string rowsHeld, CancellationToken cancellation)
    {
        var owners = told.Buckets.ToDictionary(bucket => bucket.Bucket);
        var held = (await Held(rowsHeld, cancellation)).ToDictionary(bucket => bucket.Bucket);
        var different = owners.Keys.Union(held.Keys).Where(n => owners.GetValueOrDefault(n) != held.GetValueOrDefault(n)).Order().ToList();

        foreach (var bucket in different)
            await bus.Say(new FactsHeldV1(told.Owner, told.Fact, bucket, await Held(rowsHeld, bucket, cancellation)), cancellation);
        return different.Count == 0;
    }

    private async Task<IReadOnlyList<FactBucket>> Held(string rowsHeld, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {BucketOf}, {Sums} from ({rowsHeld}) held group by 1");
        var sums = new List<FactBucket>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            sums.Add(new FactBucket(rows.GetInt32(0), rows.GetInt64(1), rows.GetInt64(2)));

        return sums;
    }

    private async Task<IReadOnlyList<HeldFact>> Held(string rowsHeld, int bucket, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select id, version from ({rowsHeld}) held where {BucketOf} = $1");
        command.Parameters.AddWithValue(bucket);
        var held = new List<HeldFact>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            held.Add(new HeldFact(rows.GetGuid(0), rows.GetInt64(1)));

        return held;
    }

    private const string BucketOf = "get_byte(uuid_send(id), 15)";

    /// <param name="Told">Null where we do not know it.</param>
    /// <param name="Held">Null where they do not have it.</param>
    /// <param name="Stream">Of which it was made.</param>
    internal readonly record struct Difference(Guid Id, long? Told, long? Held, Guid? Stream);

    /// <summary>Tells again what somebody lacks, and what they have of a history that a restore has undone.</summary>
    internal async Task Answer(FactsHeldV1 held, CancellationToken cancellation)
    {
        if (held.Owner != service)
            return;

        var (epoch, differences) = await Differences(held, cancellation);
        var (again, gone) = Mend(differences, epoch);
        if (again.Count == 0 && gone.Count == 0)
            return;

        log.LogInformation("Of {Fact} in bucket {Bucket}, somebody lacks {Lacking} and has {Gone} that are no more: they are told",
            held.Fact, held.Bucket, again.Count, gone.Count);
        if (gone.Count > 0)
            await bus.Say(new FactsGoneV1(held.Fact, gone, Epoch.First(epoch)), cancellation);
        if (streams.OtherBy(held.Fact) is { } tellAgain)
            await tellAgain(services, again, cancellation);
        else
            await retelling.Tell(again, cancellation);
    }

    /// <returns>The streams to tell again, and the facts that are no more.</returns>
    internal static (IReadOnlyList<Guid> Again, IReadOnlyList<Guid> Gone) Mend(IReadOnlyList<Difference> differences, long epoch)
    {
        // Of this epoch, they may have heard of it before it was stored that it was told.
        var undone = differences.Where(d => d.Held is null || d.Held < d.Told || Epoch.Of(d.Held.Value) < epoch)
            .ToLookup(d => d.Told is null);
        return ([.. undone[false].Select(d => d.Stream!.Value).Distinct().Order()], [.. undone[true].Select(d => d.Id)]);
    }

    private async Task<(long Epoch, IReadOnlyList<Difference>)> Differences(FactsHeldV1 held, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select {Epoch.Current}, id, told.version, held.version, told.stream
            from (select * from told where fact = $1 and bucket = $2) told
            full join unnest($3, $4) as held(id, version) using (id)
            where told.version is distinct from held.version
            """);
        command.Parameters.AddWithValue(held.Fact);
        command.Parameters.AddWithValue((short)held.Bucket);
        command.Parameters.AddWithValue(held.Held.Select(fact => fact.Id).ToArray());
        command.Parameters.AddWithValue(held.Held.Select(fact => fact.Version).ToArray());

        var (epoch, differences) = (0L, new List<Difference>());
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            epoch = rows.GetInt64(0);
            differences.Add(new Difference(
                rows.GetGuid(1), rows.IsDBNull(2) ? null : rows.GetInt64(2), rows.IsDBNull(3) ? null : rows.GetInt64(3),
                rows.IsDBNull(4) ? null : rows.GetGuid(4)));
        }

        return (epoch, differences);
    }
}

using CallCenter.Health;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// Tells what streams say by now once more, beside the publisher, so that what has just happened waits for nothing: those that somebody
/// lacks, or all of them.
/// </summary>
internal sealed class Retelling(
    IDocumentStore store, NpgsqlDataSource database, FactStreams streams, ToldFacts told, ServiceMeter meter, ILogger<Retelling> log)
{
    public static readonly Count Retold = new("callcenter.facts.retold", "{fact}", "Facts that were told again.");

    private const int Page = 200;

    private readonly string schema = store.Options.Events.DatabaseSchemaName;

    /// <summary>Tells streams again. One that can't be told is left out: the publisher has set it aside.</summary>
    public async Task Tell(IEnumerable<Guid> ids, CancellationToken cancellation)
    {
        foreach (var page in ids.Chunk(Page))
            await TellPage(page, cancellation);
    }

    private async Task TellPage(Guid[] page, CancellationToken cancellation)
    {
        try
        {
            await using var session = store.LightweightSession();
            var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(page)).OrderBy(e => e.Sequence)
                .ToListAsync(cancellation);
            foreach (var (stream, histories) in await streams.ByStream(events, session, cancellation))
            {
                var facts = await stream.ToFacts(
                    [.. histories.Select(h => (h.Key, h.Last().Version, h.Select(e => e.Data)))], session, cancellation);
                await told.Tell(facts, session, cancellation);
                meter.Add(Retold, facts.Count);
            }

            await session.SaveChangesAsync(cancellation);
        }
        catch (Exception e) when (Fault.IsOwn(e))
        {
            if (page is [var alone])
                log.LogWarning(e, "Stream {Stream} can't be told again", alone);
            else
                foreach (var one in page)
                    await TellPage([one], cancellation);
        }
    }

    /// <summary>Waits until the publisher has told, or set aside, what is stored by now.</summary>
    public Task AllTold(CancellationToken cancellation) =>
        streams.IsEmpty ? Task.CompletedTask : database.CaughtUp(schema, $"{FactPublisher.Shard}:All", cancellation);

    /// <summary>
    /// Tells all streams again if somebody has asked for it. How far it has come is stored, so that another leader goes on from there.
    /// </summary>
    public async Task Republish(CancellationToken cancellation)
    {
        try
        {
            while (await Next(cancellation) is { } page)
            {
                await Tell(page.Streams, cancellation);
                await Reached(page, cancellation);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(e, "Publishing all facts again has come to a halt, and goes on from there");
        }
    }

    /// <param name="Request">When it was asked for: whoever asks meanwhile gets a republication of their own.</param>
    private sealed record Wanted(DateTime Request, Guid[] Streams);

    private async Task<Wanted?> Next(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select requested_at, array(
                select id from {schema}.mt_streams where told_through is null or id > told_through order by id limit {Page})
            from republication order by requested_at limit 1
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new Wanted(row.GetDateTime(0), row.GetFieldValue<Guid[]>(1)) : null;
    }

    private async Task Reached(Wanted page, CancellationToken cancellation)
    {
        if (page.Streams.Length < Page)
            log.LogInformation("All facts have been published again, as was asked for at {Request}", page.Request);
        await using var command = database.CreateCommand(page.Streams.Length < Page
            ? "delete from republication where requested_at = $1"
            : "update republication set told_through = $2 where requested_at = $1");
        command.Parameters.AddWithValue(page.Request);
        command.Parameters.AddWithValue(page.Streams.LastOrDefault());
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

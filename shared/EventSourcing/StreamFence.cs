using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CallCenter.EventSourcing;

/// <summary>
/// Streams that can't be told to the others, because an event of theirs can't be read or what they say makes no fact: each is set aside
/// with the reason and tried again after a growing wait, and all others go on (docs/decisions/0014).
/// </summary>
internal sealed class StreamFence(
    IServiceProvider services, FactStreams streams, ToldFacts told, TimeProvider clock, ILogger<StreamFence> log)
{
    /// <summary>What is done with streams: <see cref="SetAside.Work"/>.</summary>
    public const string Work = "telling a stream";

    // Nothing is asked of an idle service: what is set aside is looked for when leading begins and while there is some.
    private volatile bool some = true;

    /// <summary>What is known when a page of events is taken up, and which of its events the store could not read.</summary>
    public async Task<PageFence> Of(EventRange page, IQuerySession query, CancellationToken cancellation)
    {
        var fence = new PageFence(await All(query, cancellation), clock.GetUtcNow());
        var schema = query.DocumentStore.Options.Events.DatabaseSchemaName;
        var inPage = $"from {schema}.mt_events where seq_id > ? and seq_id <= ? and not is_archived";
        object[] range = [page.SequenceFloor, page.SequenceCeiling];

        var stored = await query.AdvancedSql.QueryAsync<long>($"select count(*) {inPage}", cancellation, range);
        if (stored.Single() == page.Events.Count)
            return fence;

        var unread = await query.AdvancedSql.QueryAsync<Unread>($"""
            select jsonb_build_object('Stream', stream_id, 'Sequence', seq_id, 'Type', type) {inPage} and seq_id <> all(?)
            """, cancellation, [.. range, page.Events.Select(e => e.Sequence).ToArray()]);
        foreach (var e in unread)
            fence.Fail(e.Stream, new InvalidOperationException($"Event {e.Sequence}, a {e.Type}, can't be read."));

        return fence;
    }

    /// <summary>Remembers with the page what failed in it: either both are stored or neither.</summary>
    public void Store(PageFence fence, IDocumentOperations operations)
    {
        foreach (var aside in fence.Met)
        {
            operations.Store(aside);
            some = true;
        }

        foreach (var aside in fence.Failed)
            log.LogError("ALARM: stream {Stream} is set aside, the others go on: {Reason}", aside.Thing, aside.Reason);
    }

    /// <summary>A new leader does not know what its predecessor set aside.</summary>
    public void Forget() => some = true;

    /// <summary>Tries again those whose time has come. What keeps all of them from being told is waited out.</summary>
    public async Task Retry(CancellationToken cancellation)
    {
        if (!some)
            return;

        try
        {
            await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
            var all = await All(session, cancellation);
            some = all.Count > 0;
            await session.Retry(all.Values, clock, async aside =>
            {
                await Tell(Guid.Parse(aside.Thing), session, cancellation);
                log.LogInformation("Stream {Stream} was set aside and is told again", aside.Thing);
            }, cancellation);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "Streams that were set aside could not be tried again");
        }
    }

    // A page that meets the stream while it is told stores it as set aside once more, and so it is told again from its end.
    private async Task Tell(Guid id, IDocumentSession session, CancellationToken cancellation)
    {
        var events = await session.Events.FetchStreamAsync(id, token: cancellation);
        var aggregate = (await session.Events.FetchStreamStateAsync(id, cancellation))?.AggregateType;
        if (events.Count == 0 || aggregate is null)
            return;

        if (streams.For(aggregate) is { } stream)
        {
            var facts = await stream.ToFacts([(id, events[^1].Version, events.Select(e => e.Data))], session, cancellation);
            await told.Tell(facts, session, cancellation);
            await stream.Rebuild(session.DocumentStore, id, cancellation);
        }
    }

    private static async Task<Dictionary<Guid, SetAside>> All(IQuerySession query, CancellationToken cancellation) =>
        (await query.Query<SetAside>().Where(aside => aside.Work == Work).ToListAsync(cancellation))
            .ToDictionary(aside => Guid.Parse(aside.Thing));

    private sealed record Unread(Guid Stream, long Sequence, string Type);
}

/// <summary>The streams of one page that are not told.</summary>
/// <param name="aside">What was set aside before.</param>
internal sealed class PageFence(Dictionary<Guid, SetAside> aside, DateTimeOffset now)
{
    private readonly Dictionary<Guid, SetAside> met = [];

    /// <summary>Those that this page set aside, and those that it met again.</summary>
    public IReadOnlyCollection<SetAside> Met => met.Values;

    /// <summary>Those that this page set aside.</summary>
    public IEnumerable<SetAside> Failed => met.Where(one => !aside.ContainsKey(one.Key)).Select(one => one.Value);

    /// <summary>Whether nothing of the stream is told now.</summary>
    public bool Holds(Guid stream)
    {
        if (aside.TryGetValue(stream, out var known))
            met[stream] = known;
        return met.ContainsKey(stream);
    }

    public void Fail(Guid stream, Exception failure)
    {
        if (!Holds(stream))
            met[stream] = SetAside.After(null, StreamFence.Work, stream.ToString(), failure, now);
    }
}

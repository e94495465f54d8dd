using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using Marten.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.EventSourcing;

/// <summary>
/// The event store is the outbox. Marten feeds committed events here in order and stores how far it got only after the
/// broker has confirmed, so nothing between commit and broker is lost; what is sent twice is the same fact twice.
/// A page that fails is never skipped: its shard stops, the leader raises the alarm and tries it again. A stream that fails
/// by itself is set aside in the same transaction, and the others go on.
/// </summary>
internal sealed class FactPublisher : SubscriptionBase
{
    public const string Shard = "facts";

    private readonly FactStreams streams;
    private readonly ToldFacts told;
    private readonly DaemonWakeup wakeup;
    private readonly StreamFence fence;
    private readonly IServiceProvider services;

    public FactPublisher(FactStreams streams, ToldFacts told, DaemonWakeup wakeup, StreamFence fence, IServiceProvider services)
    {
        (this.streams, this.told, this.wakeup, this.fence, this.services) = (streams, told, wakeup, fence, services);
        Name = Shard;
        Options.BatchSize = 1000;
        Options.MaximumHopperSize = 2000; // a backlog is read as it is sent: what waits in memory is what an import needs
    }

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        wakeup.PageBegun();
        // Resolved here: the store is being built while this subscription is.
        await using var query = services.GetRequiredService<IDocumentStore>().QuerySession();

        var aside = await fence.Of(page, query, cancellationToken);
        var tellable = page.Events.Where(e => !aside.Holds(e.StreamId));
        var telling = new List<(StreamFact, Guid?, string?)>();
        foreach (var (stream, touched) in await streams.ByStream(tellable, query, cancellationToken))
        {
            var facts = await Facts(stream, touched, page, aside, query, cancellationToken);
            var cause = touched.ToDictionary(g => g.Key, g => g.Last());
            telling.AddRange(facts.Select(f => Addressed(f, cause)));
        }

        await told.Tell(telling, operations, cancellationToken);
        fence.Store(aside, operations);
        return new PageListener(wakeup);
    }

    // All at once; if that fails for what lies in a stream, each by itself.
    private static async Task<IReadOnlyList<StreamFact>> Facts(
        FactStream stream, List<IGrouping<Guid, IEvent>> touched, EventRange page, PageFence aside, IQuerySession query,
        CancellationToken cancellation)
    {
        try
        {
            return await stream.ToFacts(await Histories(touched, page, query, cancellation), query, cancellation);
        }
        catch (Exception e) when (Fault.IsOwn(e))
        {
            var facts = new List<StreamFact>();
            foreach (var one in touched)
                try
                {
                    facts.AddRange(await stream.ToFacts(await Histories([one], page, query, cancellation), query, cancellation));
                }
                catch (Exception own) when (Fault.IsOwn(own))
                {
                    aside.Fail(one.Key, own);
                }

            return facts;
        }
    }

    // A fact about the stream itself carries the id of the event that made it; one derived from it (a day of a roster) its own.
    private static (StreamFact, Guid?, string?) Addressed(StreamFact of, Dictionary<Guid, IEvent> cause) =>
        cause.TryGetValue(of.Fact.Id, out var e) ? (of, e.Id, e.Trace) : (of, null, null);

    // A stream that began in this page is folded from it alone; the older ones are read in one query.
    private static async Task<List<(Guid, long, IEnumerable<object>)>> Histories(
        List<IGrouping<Guid, IEvent>> touched, EventRange page, IQuerySession query, CancellationToken cancellation)
    {
        var started = touched.Where(g => g.First().Version > 1).Select(g => g.Key).ToArray();
        var earlier = started.Length == 0
            ? null
            : (await query.Events.QueryAllRawEvents()
                .Where(e => e.StreamId.IsOneOf(started) && e.Sequence <= page.SequenceFloor)
                .OrderBy(e => e.Sequence)
                .ToListAsync(cancellation)).ToLookup(e => e.StreamId);

        return [.. touched.Select(g => (
            g.Key,
            g.Last().Version,
            (earlier?[g.Key] ?? []).Concat(g).Select(e => e.Data)))];
    }
}

using CallCenter.Jobs;
using Marten;
using Quartz;

namespace CallCenter.Scheduling.Exchanges;

/// <summary>Closes offers whose time is over, and gives their places to those who asked.</summary>
internal sealed class OfferClosing(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "offer-closing";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var query = store.QuerySession();
        var due = await query.Query<ShiftOffer>().Where(offer => offer.Status == OfferStatus.Open && offer.ClosesAt <= now)
            .Select(offer => offer.Id).ToListAsync(cancellationToken);

        await fence.Each(Name, due, id => $"{id}", (id, stopping) => store.Award(id, Guid.Empty, now, stopping), cancellationToken);
    }
}

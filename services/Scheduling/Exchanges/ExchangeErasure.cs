using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Exchanges;

/// <summary>Why shifts were swapped or offered may tell of who works them: the reasons of the requests are taken out.</summary>
internal static class ExchangeErasure
{
    public static readonly TextsAbout Swaps = new(
        "swap-texts", [typeof(SwapOffered), typeof(SwapTaken), typeof(SwapApproved), typeof(SwapDeclined), typeof(SwapWithdrawn)],
        @event => @event switch
        {
            SwapOffered e => [e.AgentId],
            SwapTaken e => [e.AgentId],
            _ => [],
        },
        async (query, about, cancellation) =>
        {
            var found = new HashSet<Guid>();
            foreach (var agent in about)
                found.UnionWith(await query.Query<ShiftSwap>().Where(swap => swap.AgentId == agent || swap.TakerId == agent)
                    .Select(swap => swap.Id).ToListAsync(cancellation));
            return [.. found];
        });
}

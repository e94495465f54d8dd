using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;
using Quartz;
using static CallCenter.Scheduling.Exchanges.SwapDecider;

namespace CallCenter.Scheduling.Exchanges;

/// <summary>
/// Ends swaps of shifts that are no more what was offered, and of those that have begun: nobody can take them, and they stand in
/// everybody's list.
/// </summary>
internal sealed class SwapClosing(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "swap-closing";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var query = store.QuerySession();
        var open = await query.Query<ShiftSwap>()
            .Where(swap => swap.Status == SwapStatus.Offered || swap.Status == SwapStatus.Taken).ToListAsync(cancellationToken);
        var days = (await query.LoadManyAsync<PublishedDay>(cancellationToken, [.. open.SelectMany(Days).Distinct()]))
            .ToDictionary(day => day.Id);
        var over = open.Where(swap => EndOf(swap, days, now) is not null).Select(swap => swap.Id).ToList();

        await fence.Each(Name, over, id => $"{id}", (id, stopping) => Close(id, now, stopping), cancellationToken);
    }

    internal async Task Close(Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        if (await session.LoadAsync<ShiftSwap>(id, cancellation) is not { } seen)
            return;

        await session.LockDays(seen.ProjectId, [seen.AgentId, seen.TakerId ?? seen.AgentId], cancellation);
        var swap = (await session.LoadAsync<ShiftSwap>(id, cancellation))!;
        var days = (await session.LoadManyAsync<PublishedDay>(cancellation, [.. Days(swap)])).ToDictionary(day => day.Id);
        if (swap.Status is not (SwapStatus.Offered or SwapStatus.Taken) || EndOf(swap, days, now) is not { } reason)
            return;

        foreach (var agent in new[] { swap.AgentId, swap.TakerId }.OfType<Guid>())
            session.Tell(swap.ProjectId, agent, NoticeKind.SwapDeclined, $"/shift-swaps/{id}", swap.Shift.Date, now);
        await session.Decide<ShiftSwap>(id, swap.Version, state => Decide(new WithdrawSwap(Guid.Empty, now, reason), state), cancellation);
    }

    private static IEnumerable<Guid> Days(ShiftSwap swap) => Shifts(swap).Select(of => of.Day);

    private static IEnumerable<(Guid Day, RosterShift Shift)> Shifts(ShiftSwap swap)
    {
        yield return (PublishedDay.IdOf(swap.ProjectId, swap.AgentId, swap.Shift.Date), swap.Shift);
        if (swap is { TakerId: { } taker, TakerShift: { } back })
            yield return (PublishedDay.IdOf(swap.ProjectId, taker, back.Date), back);
    }

    /// <summary>Why the swap is over; null while it is not.</summary>
    internal static string? EndOf(ShiftSwap swap, IReadOnlyDictionary<Guid, PublishedDay> days, DateTimeOffset now) =>
        Shifts(swap).Any(of => !of.Shift.IsSameAs(days.GetValueOrDefault(of.Day)?.Shift)) ? ShiftChanged
        : Shifts(swap).Any(of => of.Shift.StartsAt <= now) ? ShiftBegun : null;
}

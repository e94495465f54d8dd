using CallCenter.Contracts;
using CallCenter.Contracts.People;
using Marten;

namespace CallCenter.EventSourcing;

/// <summary>When all that is held of a kind of facts was last what its owner had told.</summary>
/// <param name="Id">The kind, by the name of its record.</param>
/// <param name="At">When the owner said what it had told.</param>
public sealed record FactAgreement(string Id, DateTimeOffset At);

/// <summary>A legal hold that was in force and that its owner does not know any more: kept until it has said what became of it.</summary>
public sealed record UndoneHold(Guid Id, Guid ProjectId, DateOnly? From, DateOnly? Through);

/// <summary>
/// What projects say of how long things are kept, as this service has heard it. Who would delete by it must have heard all of it not long
/// ago; and a hold that a restore has taken from its owner is told back to them (docs/decisions/0020).
/// </summary>
public sealed class HeardRetention(IDocumentStore store, FactBus bus, Reconciler reconciler, TimeProvider clock)
{
    /// <summary>How old what was heard may be: three rounds of those that owners say what they have told in.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <exception cref="TimeoutException">What was heard last is too old to delete anything by.</exception>
    public async Task Require(CancellationToken cancellation)
    {
        if (!await IsFresh(cancellation))
            throw new TimeoutException(
                "It is not known which legal holds there are: People has not said for half an hour, or something else than is held here.");
    }

    /// <summary>As above; where it is too old, it is asked for and waited for.</summary>
    public async Task Ask(CancellationToken cancellation)
    {
        if (await IsFresh(cancellation))
            return;

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await reconciler.AskAgain(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The broker hangs: it is asked for next time.
        }

        for (var looks = 0; looks * BetweenLooks < Patience && !await IsFresh(cancellation); looks++)
            await Task.Delay(BetweenLooks, cancellation);
        await Require(cancellation);
    }

    private async Task<bool> IsFresh(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var agreement = await query.LoadAsync<FactAgreement>(nameof(RetentionV1), cancellation);
        return clock.GetUtcNow() - agreement?.At < Longest && !await query.Query<UndoneHold>().AnyAsync(cancellation);
    }

    internal string Held => Consumers.HeldOf<RetentionV1>(store);

    internal async Task Keep(IReadOnlyList<RetentionV1> facts)
    {
        await using var session = store.LightweightSession();
        var held = (await session.LoadManyAsync<RetentionV1>([.. facts.Select(fact => fact.Id)])).ToDictionary(fact => fact.Id);
        await Insist(facts.SelectMany(fact => Undone(held.GetValueOrDefault(fact.Id), fact)), session);
        foreach (var fact in facts)
        {
            session.TryUpdateRevision(fact, fact.Version); // unless a newer one is held
            if (fact.Version <= held.GetValueOrDefault(fact.Id)?.Version)
                continue; // what comes again of the history that was undone settles nothing

            foreach (var known in fact.LegalHolds.Select(hold => hold.Id).Concat(fact.Released ?? []))
                session.Delete<UndoneHold>(known);
        }

        await session.SaveChangesAsync();
    }

    internal async Task Forget(FactsGoneV1 gone)
    {
        await using var session = store.LightweightSession();
        var held = await session.LoadManyAsync<RetentionV1>([.. gone.Ids]);
        await Insist(held.Where(fact => fact.Version < gone.Before).SelectMany(fact => fact.LegalHolds.Select(hold => Stands(fact, hold))),
            session);
        Consumers.Forget<RetentionV1>(session, gone);
        await session.SaveChangesAsync();
    }

    // A clock of the owner's that is ahead makes nothing younger than it is.
    internal async Task Agree(DateTimeOffset said)
    {
        await using var session = store.LightweightSession();
        if (await session.Query<UndoneHold>().ToListAsync() is [_, ..] undone)
        {
            foreach (var hold in undone)
                await bus.Say(new HoldStandsV1(hold.ProjectId, hold.Id, hold.From, hold.Through), CancellationToken.None);
            return;
        }

        var now = clock.GetUtcNow();
        session.Store(new FactAgreement(nameof(RetentionV1), said < now ? said : now));
        await session.SaveChangesAsync();
    }

    /// <summary>Holds that were in force in a history that a restore has undone, and that the owner does not name any more.</summary>
    internal static IEnumerable<HoldStandsV1> Undone(RetentionV1? held, RetentionV1 now) =>
        held is null || Epoch.Of(now.Version) <= Epoch.Of(held.Version) ? []
            : held.LegalHolds.ExceptBy(now.LegalHolds.Select(hold => hold.Id).Concat(now.Released ?? []), hold => hold.Id)
                .Select(hold => Stands(held, hold));

    private static HoldStandsV1 Stands(RetentionV1 held, LegalHold hold) => new(held.Id, hold.Id, hold.From, hold.Through);

    // Until the owner has said what became of it, it is not known here what is held.
    private async Task Insist(IEnumerable<HoldStandsV1> undone, IDocumentSession session)
    {
        foreach (var hold in undone)
        {
            session.Store(new UndoneHold(hold.HoldId, hold.ProjectId, hold.From, hold.Through));
            await bus.Say(hold, CancellationToken.None);
        }
    }
}

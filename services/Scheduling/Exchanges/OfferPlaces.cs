using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;
using static CallCenter.Scheduling.Exchanges.OfferDecider;

namespace CallCenter.Scheduling.Exchanges;

/// <summary>Whether somebody may have a place of an offer.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Rule">Code of the rule in the way; null where they may.</param>
public sealed record OfferCandidate(Guid AgentId, string Name, string? Rule);

/// <summary>Who may have the places of offers, and who gets them.</summary>
internal static class OfferPlaces
{
    // What counts as lately, of places had and of evaluations.
    private static readonly TimeSpan Lately = TimeSpan.FromDays(90);

    extension(IQuerySession session)
    {
        /// <summary>Everybody of the roster and of the project's teams, and what is in their way.</summary>
        public async Task<IReadOnlyList<OfferCandidate>> Candidates(ShiftOffer offer, CancellationToken cancellation)
        {
            var roster = await session.LoadAsync<Roster>(offer.RosterId, cancellation) ?? throw new StreamNotFoundException(offer.RosterId);
            var agents = (await session.Query<TeamV1>().Where(team => team.ProjectId == offer.ProjectId).ToListAsync(cancellation))
                .SelectMany(team => team.Members).Concat(roster.Agents.Keys).Distinct().Order().ToList();
            roster = agents.Aggregate(roster, (state, id) => state.With(id));
            var context = await RosterContext.For(roster, session, cancellation);
            context = offer.Kind is OfferKind.Overtime ? context.WithOvertime() : context;

            return
            [
                .. agents.Select(id => new OfferCandidate(id, context.NameOf(id), RuleFor(id)))
                    .OrderBy(candidate => candidate.Name, StringComparer.Ordinal),
            ];

            string? RuleFor(Guid id)
            {
                try
                {
                    return DayChanges.Broken(roster, [Change(offer, id, context, roster)], context.Frame, context.Problem)
                        is [var broken, ..] ? broken.Rule : null;
                }
                catch (Exception refused) when (refused.Rule is not null)
                {
                    return refused.Rule;
                }
            }
        }

        /// <summary>What is compared of those who asked.</summary>
        public async Task<IReadOnlyList<Bidder>> Bidders(ShiftOffer offer, DateTimeOffset now, CancellationToken cancellation)
        {
            var ids = offer.Bids.Select(bid => bid.AgentId).ToArray();
            var people = (await session.LoadManyAsync<EmployeeV1>(cancellation, ids)).ToDictionary(person => person.Id);
            var since = now - Lately;
            var had = (await session.Query<ShiftOffer>().Where(other => other.ProjectId == offer.ProjectId && other.Kind == offer.Kind
                && other.ClosesAt >= since).ToListAsync(cancellation)).Where(other => other.Id != offer.Id)
                .SelectMany(other => other.Given).CountBy(id => id).ToDictionary();
            var scores = offer.Order is not OfferOrder.Score ? [] : (await session.Query<EvaluationV1>()
                .Where(e => e.AgentId.IsOneOf(ids) && e.ProjectId == offer.ProjectId && e.SubmittedAt >= since).ToListAsync(cancellation))
                .Where(e => e is { Kind: "standard", Score: not null, Status: not "draft" }).GroupBy(e => e.AgentId)
                .ToDictionary(own => own.Key, own => own.Average(e => e.Score!.Value));

            return
            [
                .. offer.Bids.Where(bid => people.ContainsKey(bid.AgentId)).Select(bid => new Bidder(bid.AgentId, bid.At,
                    had.GetValueOrDefault(bid.AgentId), people[bid.AgentId].HiredOn,
                    scores.TryGetValue(bid.AgentId, out var score) ? score : null)),
            ];
        }
    }

    /// <summary>Gives the places of an offer to those who asked, in its order, and closes it.</summary>
    public static async Task Award(this IDocumentStore store, Guid id, Guid by, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        if (await query.LoadAsync<ShiftOffer>(id, cancellation) is not { Status: OfferStatus.Open } offer)
            return;

        var bidders = await query.Bidders(offer, now, cancellation);
        while (offer is { Status: OfferStatus.Open, IsFull: false } && Next(offer, bidders) is { } next)
            offer = await store.Turn(offer, next, by, now, cancellation);

        await using var session = store.LightweightSession();
        await session.Lock([id], cancellation);
        offer = (await session.LoadAsync<ShiftOffer>(id, cancellation))!;
        foreach (var bid in offer.Bids.Where(bid => !offer.Given.Contains(bid.AgentId)))
            session.Tell(offer.ProjectId, bid.AgentId, NoticeKind.PlaceNotGiven, $"/shift-offers/{id}", offer.Slot.Date, now);
        await session.Decide<ShiftOffer>(id, state => Decide(new CloseOffer(by, now), state), cancellation);
    }

    // In a transaction of its own: whose turn a rule is in the way of is passed over, and keeps nobody else's place.
    private static async Task<ShiftOffer> Turn(
        this IDocumentStore store, ShiftOffer offer, Guid agent, Guid by, DateTimeOffset now, CancellationToken cancellation)
    {
        string? rule = null;
        try
        {
            await using var session = store.LightweightSession();
            await session.LockDays(offer.ProjectId, [offer.Id, agent], cancellation);
            var events = Decide(new GivePlace(agent, null, by, now), (await session.LoadAsync<ShiftOffer>(offer.Id, cancellation))!);
            if (events is not [])
                await session.GivePlace(offer, agent, by, now, cancellation);
            await PublicationStore.InOnePlace(() => session.Decide<ShiftOffer>(offer.Id, _ => events, cancellation));
        }
        catch (Exception refused) when (refused.Rule is not null)
        {
            rule = refused.Rule;
        }

        await using var after = store.LightweightSession();
        if (rule is not null)
            await after.Decide<ShiftOffer>(offer.Id, state => Decide(new GivePlace(agent, rule, by, now), state), cancellation);
        return (await after.LoadAsync<ShiftOffer>(offer.Id, cancellation))!;
    }

    extension(IDocumentSession session)
    {
        /// <summary>Adds to the session the day of somebody who gets a place. Whoever calls it holds the lock.</summary>
        /// <exception cref="RefusedException">With the code of the rule that is in the way.</exception>
        public async Task GivePlace(ShiftOffer offer, Guid agent, Guid by, DateTimeOffset now, CancellationToken cancellation)
        {
            await session.ChangePublished(offer.RosterId, (context, roster) => [Change(offer, agent, context, roster)], [agent], offer.Id,
                overtime: offer.Kind is OfferKind.Overtime, by, now, cancellation);
            session.Tell(offer.ProjectId, agent, NoticeKind.PlaceGiven, $"/shift-offers/{offer.Id}", offer.Slot.Date, now);
            session.TellSchedulers(offer.ProjectId, NoticeKind.PlaceGiven, $"/shift-offers/{offer.Id}", offer.Slot.Date, now);
        }
    }

    private static ShiftChange Change(ShiftOffer offer, Guid agent, RosterContext context, Roster roster)
    {
        var slot = offer.Kind is OfferKind.TimeOff || offer.Slot.Code == ShiftReading.ByHand ? offer.Slot
            : ShiftReading.Read(new ShiftRequest(offer.Slot.Code), agent, offer.Slot.Date, roster, context);
        return new(agent, offer.Slot.Date, DayWith(offer, roster.ShiftOf(agent, offer.Slot.Date), slot));
    }
}

using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using CallCenter.Scheduling.Projects;
using CallCenter.Scheduling.Rosters;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using static CallCenter.Scheduling.Exchanges.OfferDecider;

namespace CallCenter.Scheduling.Exchanges;

/// <param name="RosterId">A published roster.</param>
/// <param name="Kind">A shift within the contract, hours over it, or voluntary time off.</param>
/// <param name="Shift">Code of a shift of that day.</param>
/// <param name="StartsAt">Instead of a code: by the wall clock of the project, or with an offset.</param>
/// <param name="EndsAt">With <paramref name="StartsAt"/>: the first instant after it. Of time off both may be left out for the whole
/// shift.</param>
/// <param name="Breaks">With <paramref name="StartsAt"/>: none when left out.</param>
/// <param name="ClosesAt">When nobody asks any more: by the wall clock of the project, or with an offset.</param>
/// <param name="Places">How many get it.</param>
/// <param name="Order">Who gets a place: who comes first, or at the closing by fairness, seniority or score.</param>
public sealed record OfferRequest(
    Guid RosterId, OfferKind Kind, DateOnly Date, [Required, VisibleText, MaxLength(35)] string ClosesAt,
    [MaxLength(30)] string? Shift = null, [MaxLength(35)] string? StartsAt = null, [MaxLength(35)] string? EndsAt = null,
    [MaxLength(10)] IReadOnlyList<BreakRequest>? Breaks = null, [Range(1, 1000)] int Places = 1, OfferOrder Order = OfferOrder.FirstCome);

internal static class OfferEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapOffers()
        {
            var offers = routes.MapGroup("/shift-offers").WithTag("Offers",
                "Open shifts, overtime and voluntary time off that are offered to those who may have them.");

            offers.MapPost("/", Open).Describe(
                "Offer a shift, overtime or time off; those who may have it are told",
                new OfferRequest(Guid.Parse("0199aaaa-0000-7000-8000-000000000004"), OfferKind.Overtime, new(2026, 3, 9), "2026-03-08T12:00",
                    StartsAt: "2026-03-09T17:00", EndsAt: "2026-03-09T20:00", Places: 2, Order: OfferOrder.Fairness),
                ["roster-not-published", "outside-roster", "shift-unknown", "shift-unclear", "shift-length", "other-day", "not-a-time",
                    "time-skipped", "time-occurs-twice", "closing-out-of-range", "offer-exists", "hours-offered"]);
            offers.MapGet("/", List).Describe("The offers of a project");
            offers.MapGet("/{id:guid}", Get).Describe("Read an offer: who asked, who has a place, whom a rule kept from one");
            offers.MapHistory("/{id:guid}", Get);
            offers.MapGet("/{id:guid}/candidates", GetCandidates).Describe("Who may have a place by the roster's rules, and what keeps others");
            offers.MapPost("/{id:guid}/bids", Bid).Describe(
                "Ask for a place for oneself: where the first comes first it is given at once, if no rule is in the way",
                problems: ["offer-full", "offer-closed", "no-shift", "works-that-day", .. SwapEndpoints.Rules]);
            offers.MapDelete("/{id:guid}/bids", Leave).Describe("Ask for a place no more", problems: ["place-given"]);
            offers.MapPost("/{id:guid}/closing", Close).Describe("Close an offer now: its places are given to those who asked, in its order");
        }
    }

    private static readonly Visibility<ShiftOffer> Visible = new(
        (offer, projects) => offer.ProjectId.IsOneOf(projects), own: (_, _) => true);

    private static async Task<WriteResult> Open(
        OfferRequest request, NewId id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var roster = await session.LoadAsync<Roster>(request.RosterId, cancellation) ?? throw new StreamNotFoundException(request.RosterId);
        caller.MustSee(roster.ProjectId);
        if (roster.Publication == 0)
            throw new RefusedException("roster-not-published", "Hours of a roster are offered once it is published.");
        var context = await RosterContext.For(roster, session, cancellation);
        var calendar = context.Frame.Calendar;
        if (request.Date < roster.From || request.Date > roster.To)
            throw new InvalidException("/date", "outside-roster", $"The roster covers {roster.From:yyyy-MM-dd} to {roster.To:yyyy-MM-dd}.");

        var whole = request is { Kind: OfferKind.TimeOff, Shift: null, StartsAt: null, EndsAt: null };
        var slot = whole
            ? new RosterShift(request.Date, ShiftReading.ByHand, default, calendar.StartOf(request.Date), calendar.EndOf(request.Date), [])
            : ShiftReading.Slot(new(request.Shift, request.StartsAt, request.EndsAt, request.Breaks), request.Date, context);
        var command = new OpenOffer(id.Value, roster.ProjectId, roster.Id, request.Kind, slot, whole, request.Places, request.Order,
            calendar.Read("/closesAt", request.ClosesAt), caller.Id, caller.Now);

        await session.Lock([roster.Id], cancellation);
        if ((await session.Query<ShiftOffer>().Where(offer => offer.RosterId == roster.Id && offer.Status == OfferStatus.Open)
            .ToListAsync(cancellation)).FirstOrDefault(offer => offer.Id != id.Value && offer.Slot.IsSameAs(slot)
                && (offer.Kind, offer.Whole, offer.Order) == (request.Kind, whole, request.Order)) is { } same)
            throw new RefusedException("hours-offered", "The same hours are offered already; an offer has as many places as are needed.",
                $"/shift-offers/{same.Id}");
        var opened = Decide(command, await session.LoadAsync<ShiftOffer>(id.Value, cancellation) ?? new());
        var offer = opened.Aggregate(new ShiftOffer(), (state, e) => state.Evolve(e));
        if (opened is not [])
            foreach (var candidate in (await session.Candidates(offer, cancellation)).Where(candidate => candidate.Rule is null))
                session.Tell(roster.ProjectId, candidate.AgentId, NoticeKind.OfferMade, $"/shift-offers/{id.Value}", request.Date, caller.Now);

        return new(await session.Start<ShiftOffer>(id.Value, state => Decide(command, state), cancellation), $"/shift-offers/{id.Value}");
    }

    private static async Task<Page<ShiftOffer>> List(
        Guid projectId, Caller caller, PageRequest page, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        return await session.Query<ShiftOffer>().Where(offer => offer.ProjectId == projectId).ToPage(page, offer => offer.Id, cancellation);
    }

    private static async Task<Versioned<ShiftOffer>> Get(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var offer = caller.MustSee(await session.LoadAsync<ShiftOffer>(id, cancellation), Visible);
        return new(offer, offer.Version);
    }

    private static async Task<Ok<IReadOnlyList<OfferCandidate>>> GetCandidates(
        Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) => TypedResults.Ok(await session.Candidates(
            caller.MustSee(await session.LoadAsync<ShiftOffer>(id, cancellation), Visible), cancellation));

    private static async Task<WriteResult> Bid(Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var seen = caller.MustSee(await session.LoadAsync<ShiftOffer>(id, cancellation), Visible);
        await session.Person(caller.Id, caller, cancellation);
        await session.LockDays(seen.ProjectId, [id, caller.Id], cancellation);
        var offer = (await session.LoadAsync<ShiftOffer>(id, cancellation))!;
        var decided = Decide(new AskForPlace(caller.Id, caller.Id, caller.Now), offer);
        if (decided.OfType<PlaceGiven>().Any())
            await session.GivePlace(offer, caller.Id, caller.Id, caller.Now, cancellation);
        else if (decided is not []
            && (await session.Candidates(offer, cancellation)).FirstOrDefault(c => c.AgentId == caller.Id)?.Rule is { } rule)
            throw new RefusedException(rule, "A rule is in the way of your having a place.");

        return await PublicationStore.InOnePlace(async () =>
            new WriteResult(await session.Decide<ShiftOffer>(id, _ => decided, cancellation)));
    }

    private static async Task<WriteResult> Leave(Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<ShiftOffer>(id, cancellation), Visible);
        await session.Lock([id], cancellation);
        return new(await session.Decide<ShiftOffer>(
            id, state => Decide(new LeavePlace(caller.Id, caller.Id, caller.Now), state), cancellation));
    }

    private static async Task<NoContent> Close(
        Guid id, Caller caller, IDocumentStore store, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(await session.LoadAsync<ShiftOffer>(id, cancellation), Visible);
        await store.Award(id, caller.Id, caller.Now, cancellation);
        return TypedResults.NoContent();
    }
}

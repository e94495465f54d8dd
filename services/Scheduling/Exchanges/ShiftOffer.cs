using System.Collections.Immutable;
using CallCenter.Rules;
using CallCenter.Scheduling.Rosters;

namespace CallCenter.Scheduling.Exchanges;

// ---- Values

/// <summary>What is offered: a shift within the contract, hours over it, or voluntary time off.</summary>
public enum OfferKind { Shift, Overtime, TimeOff }

/// <summary>Who gets a place: whoever comes first, or at the closing by what is compared.</summary>
public enum OfferOrder { FirstCome, Fairness, Seniority, Score }

/// <param name="At">When the place was asked for.</param>
public sealed record OfferBid(Guid AgentId, DateTimeOffset At);

/// <param name="Rule">Code of the rule that was in the way.</param>
public sealed record PassedOver(Guid AgentId, string Rule);

/// <summary>What is compared of somebody who asked for a place.</summary>
/// <param name="At">When they asked.</param>
/// <param name="Had">How many places of the same kind they had lately.</param>
/// <param name="HiredOn">First day of work.</param>
/// <param name="Score">Mean of their evaluations lately; null where there is none.</param>
public sealed record Bidder(Guid AgentId, DateTimeOffset At, int Had, DateOnly HiredOn, decimal? Score);

// ---- Events

/// <param name="Slot">What is worked; of time off when nothing is. Of a shift of the project by its code the breaks are placed for each who
/// gets it.</param>
/// <param name="Whole">Of time off: the whole shift, whenever it is.</param>
public sealed record OfferOpened(
    Guid OfferId, Guid ProjectId, Guid RosterId, OfferKind Kind, RosterShift Slot, bool Whole, int Places, OfferOrder Order,
    DateTimeOffset ClosesAt, Guid By, DateTimeOffset At);

public sealed record PlaceAskedFor(Guid AgentId, Guid By, DateTimeOffset At);

public sealed record PlaceLeft(Guid AgentId, Guid By, DateTimeOffset At);

/// <param name="Because">By what it was decided: first-come, fairness, seniority or score.</param>
public sealed record PlaceGiven(Guid AgentId, string Because, Guid By, DateTimeOffset At);

/// <param name="Rule">Code of the rule that was in the way when it was their turn.</param>
public sealed record BidPassedOver(Guid AgentId, string Rule, DateTimeOffset At);

/// <param name="By">Empty where its time was over.</param>
public sealed record OfferClosed(Guid By, DateTimeOffset At);

// ---- Commands

public sealed record OpenOffer(
    Guid OfferId, Guid ProjectId, Guid RosterId, OfferKind Kind, RosterShift Slot, bool Whole, int Places, OfferOrder Order,
    DateTimeOffset ClosesAt, Guid By, DateTimeOffset Now);

public sealed record AskForPlace(Guid AgentId, Guid By, DateTimeOffset Now);

public sealed record LeavePlace(Guid AgentId, Guid By, DateTimeOffset Now);

/// <summary>The turn of somebody who asked, when bids are compared.</summary>
/// <param name="Rule">Code of the rule that is in the way; null where none is.</param>
public sealed record GivePlace(Guid AgentId, string? Rule, Guid By, DateTimeOffset Now);

public sealed record CloseOffer(Guid By, DateTimeOffset Now);

// ---- State

public enum OfferStatus { None, Open, Closed }

/// <summary>Hours that are offered to those who may work them, or may have them off.</summary>
public sealed record ShiftOffer
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid ProjectId { get; init; }

    /// <summary>The roster that they are of.</summary>
    public Guid RosterId { get; init; }

    /// <summary>Shift, overtime or time off.</summary>
    public OfferKind Kind { get; init; }

    /// <summary>What is worked; of time off when nothing is.</summary>
    public RosterShift Slot { get; init; } = null!;

    /// <summary>Of time off: the whole shift of the day, whenever it is.</summary>
    public bool Whole { get; init; }

    /// <summary>How many get it.</summary>
    public int Places { get; init; }

    /// <summary>Who gets a place.</summary>
    public OfferOrder Order { get; init; }

    /// <summary>The first instant at which nobody asks any more.</summary>
    public DateTimeOffset ClosesAt { get; init; }

    public OfferStatus Status { get; init; }

    /// <summary>Who asked for a place, in that order.</summary>
    public ImmutableArray<OfferBid> Bids { get; init; } = [];

    /// <summary>Who has one.</summary>
    public ImmutableArray<Guid> Given { get; init; } = [];

    /// <summary>Whose turn a rule was in the way of.</summary>
    public ImmutableArray<PassedOver> PassedOver { get; init; } = [];

    /// <summary>Whether every place is given.</summary>
    public bool IsFull => Given.Length >= Places;

    public ShiftOffer Evolve(object @event) => @event switch
    {
        OfferOpened e => this with
        {
            Id = e.OfferId,
            ProjectId = e.ProjectId,
            RosterId = e.RosterId,
            Kind = e.Kind,
            Slot = e.Slot,
            Whole = e.Whole,
            Places = e.Places,
            Order = e.Order,
            ClosesAt = e.ClosesAt,
            Status = OfferStatus.Open,
        },
        PlaceAskedFor e => this with { Bids = Bids.Add(new(e.AgentId, e.At)) },
        PlaceLeft e => this with { Bids = [.. Bids.Where(bid => bid.AgentId != e.AgentId)] },
        PlaceGiven e => this with { Given = Given.Add(e.AgentId) },
        BidPassedOver e => this with { PassedOver = PassedOver.Add(new(e.AgentId, e.Rule)) },
        OfferClosed _ => this with { Status = OfferStatus.Closed },
        _ => this,
    };
}

// ---- Decisions

public static class OfferDecider
{
    public static object[] Decide(OpenOffer command, ShiftOffer state)
    {
        if (state.Status is not OfferStatus.None)
            return (state.RosterId, state.Kind, state.Slot.Date) == (command.RosterId, command.Kind, command.Slot.Date)
                ? [] : throw new RefusedException("offer-exists", "There is another offer under this id.");
        if (command.ClosesAt <= command.Now || command.ClosesAt > command.Slot.StartsAt)
            throw new InvalidException("/closesAt", "closing-out-of-range", "An offer closes later than now, and before its hours begin.");

        return
        [
            new OfferOpened(command.OfferId, command.ProjectId, command.RosterId, command.Kind, command.Slot, command.Whole, command.Places,
                command.Order, command.ClosesAt, command.By, command.Now),
        ];
    }

    public static object[] Decide(AskForPlace command, ShiftOffer state)
    {
        if (state.Given.Contains(command.AgentId))
            return [];
        if (state.IsFull)
            throw new RefusedException("offer-full", "Every place is given.");
        if (state.Status is OfferStatus.Closed || command.Now >= state.ClosesAt)
            throw new RefusedException("offer-closed", "Nobody asks for a place any more.");
        if (state.Bids.Any(bid => bid.AgentId == command.AgentId))
            return [];

        var asked = new PlaceAskedFor(command.AgentId, command.By, command.Now);
        return state.Order is OfferOrder.FirstCome
            ? [asked, .. Give(command.AgentId, Guid.Empty, command.Now, state)] : [asked];
    }

    public static object[] Decide(LeavePlace command, ShiftOffer state) =>
        state.Given.Contains(command.AgentId) ? throw new RefusedException("place-given", "The place is given; ask your scheduler.")
        : state.Bids.Any(bid => bid.AgentId == command.AgentId) ? [new PlaceLeft(command.AgentId, command.By, command.Now)] : [];

    public static object[] Decide(GivePlace command, ShiftOffer state) =>
        state.Status is not OfferStatus.Open || state.IsFull || state.Given.Contains(command.AgentId) ? []
        : command.Rule is { } rule ? [new BidPassedOver(command.AgentId, rule, command.Now)]
        : Give(command.AgentId, command.By, command.Now, state);

    public static object[] Decide(CloseOffer command, ShiftOffer state) =>
        state.Status is OfferStatus.Open ? [new OfferClosed(command.By, command.Now)] : [];

    private static object[] Give(Guid agent, Guid by, DateTimeOffset now, ShiftOffer state)
    {
        var given = new PlaceGiven(agent, state.Order.Code, by, now);
        return state.Given.Length + 1 < state.Places ? [given] : [given, new OfferClosed(by, now)];
    }

    /// <summary>Whose turn it is: null where nobody is left.</summary>
    public static Guid? Next(ShiftOffer state, IEnumerable<Bidder> bidders)
    {
        var left = bidders.Where(bidder => state.Bids.Any(bid => bid.AgentId == bidder.AgentId)
            && !state.Given.Contains(bidder.AgentId) && state.PassedOver.All(passed => passed.AgentId != bidder.AgentId));

        return (state.Order switch
        {
            OfferOrder.Fairness => left.OrderBy(bidder => bidder.Had).ThenBy(bidder => bidder.At),
            OfferOrder.Seniority => left.OrderBy(bidder => bidder.HiredOn).ThenBy(bidder => bidder.At),
            OfferOrder.Score => left.OrderByDescending(bidder => bidder.Score ?? decimal.MinValue).ThenBy(bidder => bidder.At),
            _ => left.OrderBy(bidder => bidder.At),
        }).ThenBy(bidder => bidder.AgentId).FirstOrDefault()?.AgentId;
    }

    /// <summary>The day of somebody who gets a place.</summary>
    /// <param name="slot">With breaks, where it is a shift of the project.</param>
    /// <exception cref="RefusedException"><c>no-shift</c> or <c>works-that-day</c></exception>
    public static RosterShift? DayWith(ShiftOffer offer, RosterShift? worked, RosterShift slot)
    {
        if (offer.Kind is OfferKind.TimeOff)
            return worked is null || (!offer.Whole && (worked.EndsAt <= slot.StartsAt || slot.EndsAt <= worked.StartsAt))
                ? throw new RefusedException("no-shift", "There is no shift then that could be taken off.")
                : offer.Whole ? null : worked.Cut(slot.StartsAt, slot.EndsAt, paid: false);
        if (worked is null)
            return slot;

        return offer.Kind is OfferKind.Overtime && (worked.EndsAt == slot.StartsAt || slot.EndsAt == worked.StartsAt)
            ? worked with
            {
                StartsAt = worked.StartsAt < slot.StartsAt ? worked.StartsAt : slot.StartsAt,
                EndsAt = worked.EndsAt > slot.EndsAt ? worked.EndsAt : slot.EndsAt,
                Breaks = [.. worked.Breaks.Concat(slot.Breaks).OrderBy(pause => pause.From)],
            }
            : throw new RefusedException("works-that-day", "There is another shift on that day; overtime follows it or goes before it.");
    }
}

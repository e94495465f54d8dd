using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Exchanges;
using CallCenter.Scheduling.Rosters;
using static CallCenter.Scheduling.Exchanges.OfferDecider;
using static CallCenter.Scheduling.Exchanges.SwapDecider;

namespace CallCenter.Scheduling.Tests.Exchanges;

public sealed class ExchangeRuleTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid A = Guid.CreateVersion7();
    private static readonly Guid B = Guid.CreateVersion7();
    private static readonly Guid C = Guid.CreateVersion7();
    private static readonly ExchangePolicy Policy = new();

    [Fact]
    public void a_shift_is_given_away_and_somebody_approves_it()
    {
        var swap = Offered(Offer());
        Refusal(() => Decide(new ApproveSwap(C, Now), swap)).Should().Be("swap-not-taken");

        swap = Evolve(swap, Decide(Take(B), swap));
        swap.Status.Should().Be(SwapStatus.Taken);
        swap.Changes.Should().Equal(new ShiftChange(A, Monday, null), new ShiftChange(B, Monday, Shift(0)));
        Decide(Take(B), swap).Should().BeEmpty("it is theirs already");
        Refusal(() => Decide(Take(C), swap)).Should().Be("swap-taken");
        Refusal(() => Decide(new ApproveSwap(A, Now), swap)).Should().Be("own-swap");
        Refusal(() => Decide(new ApproveSwap(B, Now), swap)).Should().Be("own-swap");

        swap = Evolve(swap, Decide(new ApproveSwap(C, Now), swap));
        swap.Status.Should().Be(SwapStatus.Approved);
        Decide(new ApproveSwap(C, Now), swap).Should().BeEmpty();
        Refusal(() => Decide(new WithdrawSwap(A, Now), swap)).Should().Be("swap-closed");
    }

    [Fact]
    public void shifts_are_exchanged_and_decided_at_once_where_the_project_says_so()
    {
        var swap = Offered(Offer() with { InReturn = true });
        FluentActions.Invoking(() => Decide(Take(B), swap)).Should().Throw<InvalidException>().Which.Errors[0].Code.Should().Be("swap-unclear");

        var decided = Decide(Take(B) with { Shift = Shift(2), Policy = Policy with { AtOnce = true } }, swap);
        swap = Evolve(swap, decided);
        (swap.Status, swap.DecidedBecause).Should().Be((SwapStatus.Approved, "decided-at-once"));
        swap.Changes.Select(change => (change.AgentId, change.Date, change.Shift is null)).Should().BeEquivalentTo([
            (A, Monday, true), (B, Monday.AddDays(2), true), (B, Monday, false), (A, Monday.AddDays(2), false),
        ]);
        (swap with { TakerShift = Shift(0) }).Changes.Should().HaveCount(2, "on one day each has the other's");
    }

    [Fact]
    public void what_the_policy_does_not_allow_is_refused_by_its_code()
    {
        OfferRefusal(Offer() with { Policy = Policy with { GiveAway = false } }).Should().Be("swap-not-allowed");
        OfferRefusal(Offer() with { InReturn = true, Policy = Policy with { Exchange = false } }).Should().Be("swap-not-allowed");
        OfferRefusal(Offer() with { Now = Shift(0).StartsAt.AddHours(-23) }).Should().Be("swap-too-late");
        OfferRefusal(Offer() with { Policy = Policy with { MostAMonth = 2 }, Offered = 2 }).Should().Be("too-many-swaps");
        OfferRefusal(Offer() with { ToAgentId = A }).Should().Be("own-swap");

        var swap = Offered(Offer() with { ToAgentId = B });
        Refusal(() => Decide(Take(C), swap)).Should().Be("swap-for-another");
        Refusal(() => Decide(Take(B) with { Skills = ["billing"] }, swap)).Should().Be("skill-missing");
        Decide(Take(B) with { Skills = ["billing"], Policy = Policy with { SameSkills = false } }, swap).Should().ContainSingle();
        Refusal(() => Decide(Take(B) with { Now = Shift(0).StartsAt }, swap)).Should().Be("swap-too-late");
        Refusal(() => Decide(Take(A), Offered(Offer()))).Should().Be("own-swap");
        Refusal(() => Decide(Take(B), Evolve(swap, Decide(new WithdrawSwap(A, Now), swap)))).Should().Be("swap-closed");

        string OfferRefusal(OfferSwap command) => Refusal(() => Decide(command, new ShiftSwap()));
    }

    [Fact]
    public void who_comes_first_has_the_place_and_the_last_one_closes_the_offer()
    {
        var offer = Opened(places: 2);
        offer = Evolve(offer, Decide(Ask(A), offer));
        offer.Given.Should().Equal(A);
        Decide(Ask(A), offer).Should().BeEmpty();

        offer = Evolve(offer, Decide(Ask(B), offer));
        (offer.Status, offer.IsFull).Should().Be((OfferStatus.Closed, true));
        Refusal(() => Decide(Ask(C), offer)).Should().Be("offer-full");
        Refusal(() => Decide(new LeavePlace(A, A, Now), offer)).Should().Be("place-given");
        Refusal(() => Decide(Ask(C) with { Now = offer.ClosesAt }, Opened(places: 1))).Should().Be("offer-closed");
    }

    [Theory]
    [InlineData(OfferOrder.Fairness, "CAB")]
    [InlineData(OfferOrder.Seniority, "BAC")]
    [InlineData(OfferOrder.Score, "ACB")]
    public void places_go_by_what_is_compared(OfferOrder order, string turns)
    {
        var offer = new[] { A, B, C }.Aggregate(Opened(places: 3, order), (state, agent) => Evolve(state, Decide(Ask(agent), state)));
        offer.Given.Should().BeEmpty("it is not closed yet");
        Bidder[] bidders =
        [
            new(A, Now, Had: 1, new(2021, 1, 1), Score: 92), new(B, Now.AddHours(1), Had: 1, new(2020, 1, 1), Score: null),
            new(C, Now.AddHours(2), Had: 0, new(2022, 1, 1), Score: 80),
        ];

        var went = "";
        while (Next(offer, bidders) is { } next)
        {
            went += next == A ? "A" : next == B ? "B" : "C";
            offer = Evolve(offer, Decide(new GivePlace(next, next == B ? "rest-too-short" : null, Guid.Empty, Now), offer));
        }

        went.Should().Be(turns);
        offer.Given.Should().BeEquivalentTo([A, C]);
        offer.PassedOver.Should().Equal(new PassedOver(B, "rest-too-short"));
    }

    [Fact]
    public void a_place_is_left_again_and_an_offer_closes_before_its_hours()
    {
        var offer = Opened(places: 1, OfferOrder.Fairness);
        offer = Evolve(offer, Decide(Ask(A), offer));
        Evolve(offer, Decide(new LeavePlace(A, A, Now), offer)).Bids.Should().BeEmpty();
        FluentActions.Invoking(() => Decide(Open(1, OfferOrder.Score) with { ClosesAt = Shift(0).EndsAt }, new ShiftOffer()))
            .Should().Throw<InvalidException>().Which.Errors[0].Code.Should().Be("closing-out-of-range");
    }

    [Fact]
    public void overtime_lengthens_a_shift_and_time_off_takes_some_of_it()
    {
        var worked = Shift(0);
        var evening = worked with { Code = "custom", StartsAt = worked.EndsAt, EndsAt = worked.EndsAt.AddHours(2) };
        var overtime = Opened(1) with { Kind = OfferKind.Overtime, Slot = evening };

        DayWith(overtime, worked, evening)!.PaidHours.Should().Be(10);
        DayWith(overtime, null, evening).Should().Be(evening);
        Refusal(() => DayWith(overtime, worked, evening with { StartsAt = evening.StartsAt.AddHours(1) })).Should().Be("works-that-day");
        Refusal(() => DayWith(overtime with { Kind = OfferKind.Shift }, worked, evening)).Should().Be("works-that-day");

        var off = overtime with { Kind = OfferKind.TimeOff, Slot = worked with { StartsAt = worked.EndsAt.AddHours(-2) } };
        DayWith(off, worked, off.Slot)!.PaidHours.Should().Be(6);
        DayWith(off with { Whole = true }, worked, off.Slot).Should().BeNull();
        Refusal(() => DayWith(off, null, off.Slot)).Should().Be("no-shift");
        Refusal(() => DayWith(off, worked, evening)).Should().Be("no-shift");
    }

    private static RosterShift Shift(int day) => new(Monday.AddDays(day), "D", ShiftKind.Day,
        new(Monday.AddDays(day), new(8, 0), TimeSpan.Zero), new(Monday.AddDays(day), new(16, 0), TimeSpan.Zero), []);

    private static OfferSwap Offer() => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), A, Shift(0), null, false, Policy, 0, A, Now);

    private static ShiftSwap Offered(OfferSwap command) => Evolve(new ShiftSwap(), Decide(command, new ShiftSwap()));

    private static TakeSwap Take(Guid agent) => new(agent, null, [], Policy, agent, Now);

    private static OpenOffer Open(int places, OfferOrder order) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), OfferKind.Shift, Shift(0), false, places, order,
        Now.AddDays(2), C, Now);

    private static ShiftOffer Opened(int places, OfferOrder order = OfferOrder.FirstCome) =>
        Evolve(new ShiftOffer(), Decide(Open(places, order), new ShiftOffer()));

    private static AskForPlace Ask(Guid agent) => new(agent, agent, Now);

    private static ShiftSwap Evolve(ShiftSwap state, object[] events) => events.Aggregate(state, (s, e) => s.Evolve(e));

    private static ShiftOffer Evolve(ShiftOffer state, object[] events) => events.Aggregate(state, (s, e) => s.Evolve(e));

    private static string Refusal(Action decide) => FluentActions.Invoking(decide).Should().Throw<RefusedException>().Which.Code;
}

using CallCenter.People.Retention;
using CallCenter.Testing;
using static CallCenter.People.Retention.RetentionDecider;

namespace CallCenter.People.Tests.Retention;

public class RetentionTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Ops = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void the_same_periods_in_another_order_change_nothing() =>
        Given(new RetentionSet(Project, new Dictionary<string, int> { ["recordings"] = 180, ["leave-texts"] = 30 }, Ops, Now))
            .When(state => Decide(new SetRetention(
                Project, new Dictionary<string, int> { ["leave-texts"] = 30, ["recordings"] = 180 }, Ops, Now), state))
            .ThenNothing();

    [Fact]
    public void a_hold_is_in_force_until_somebody_else_releases_it()
    {
        var placed = new LegalHoldPlaced(Project, Guid.CreateVersion7(), "Claim", new(2026, 3, 1), null, Ops, Now);
        var release = new ReleaseLegalHold(placed.HoldId, "Settled", Guid.CreateVersion7(), Now);
        var released = new LegalHoldReleased(placed.HoldId, "Settled", release.By, Now);

        Given(placed).When(state => Decide(release with { By = Ops }, state)).ThenRefused("hold-second-person");
        Given(placed).When(state => Decide(release with { HoldId = Project }, state)).ThenRefused("hold-unknown");
        Given(placed).When(state => Decide(release, state)).Then(released);
        Given(placed, released).When(state => Decide(release, state)).ThenNothing();
        new ProjectRetention().Evolve(placed).HoldsInForce.Should().ContainSingle();
        new ProjectRetention().Evolve(placed).Evolve(released).HoldsInForce.Should().BeEmpty();
    }

    [Fact]
    public void placing_a_hold_again_changes_nothing_and_another_can_not_take_its_id()
    {
        var place = new PlaceLegalHold(Project, Guid.CreateVersion7(), "Claim", null, new(2026, 3, 1), Ops, Now);
        var placed = new LegalHoldPlaced(Project, place.HoldId, "Claim", null, new(2026, 3, 1), Ops, Now);

        Given().When(state => Decide(place, state)).Then(placed);
        Given(placed).When(state => Decide(place, state)).ThenNothing();
        Given(placed).When(state => Decide(place with { Through = null }, state)).ThenRefused("hold-exists");
    }

    private static Spec<ProjectRetention> Given(params object[] events) =>
        new(new ProjectRetention(), (state, e) => state.Evolve(e), events);
}

using CallCenter.Calls.Contacts;
using CallCenter.Testing;

namespace CallCenter.Calls.Tests.Contacts;

public sealed class ForgottenCustomerTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Erasure = Guid.CreateVersion7();
    private static readonly Guid Admin = Guid.CreateVersion7();
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static CallOffered Offered(string? customer = "C-1") => new(
        Project, "switch", "1", Nine, "billing", "inbound", "voice", customer, null,
        References: customer is null ? null : new References { ["order"] = "o-1" });

    private static CallWrappedUp WrappedUp(bool about = true) => new(
        Project, "switch", "1", Nine.AddSeconds(90), "sold", References: about ? new References { ["ticket"] = "t-1" } : null);

    private static CallImported Imported(string? customer = "C-1") => new(Project, "switch", "1", Guid.Empty, new Leg(
        "billing", "inbound", "voice", customer, Nine, null, Nine.AddSeconds(10), Nine.AddSeconds(80), 0, 0, CallOutcome.Answered,
        null, null, null,
        References: customer is null ? null : new References { ["order"] = "o-2" }));

    private static CustomerForgotten Forgotten => new(Erasure, Admin, Nine.AddDays(1));

    [Fact]
    public void a_customer_is_forgotten_once() =>
        Given(Offered()).When(Forget).Then(Forgotten);

    [Fact]
    public void a_customer_who_is_forgotten_is_not_forgotten_again() =>
        Given(Offered(), Forgotten).When(Forget).ThenNothing();

    [Fact]
    public void a_call_that_a_restore_has_lost_is_forgotten_before_it_is_reported_again() =>
        Given().When(Forget).Then(Forgotten);

    [Fact]
    public void a_call_of_nobody_tells_of_nobody_and_keeps_its_times()
    {
        var before = Fold(Offered(), WrappedUp(), Imported());
        var after = before.Evolve(Forgotten);

        (before.Leg.CustomerId, before.Leg.References!.Count).Should().Be(("C-1", 2));
        after.Leg.Should().Be(before.Leg with { CustomerId = null, References = null });
        (after.Offered, after.WrappedUp, after.Imported).Should().Be((Offered(null), WrappedUp(about: false), Imported(null)));
    }

    [Fact]
    public void what_is_reported_of_a_call_of_nobody_is_stored_without_them() =>
        Given(Forgotten, new CallQueued(Project, "switch", "1", Nine, "billing")).When(state => CallDecider.Decide(Offered(), state))
            .Then(Offered(null));

    [Fact]
    public void what_is_imported_of_a_call_of_nobody_is_stored_without_them() =>
        Given(Offered(), Forgotten).When(state => CallDecider.Decide(Imported(), state)).Then(Imported(null));

    [Fact]
    public void what_the_agent_says_of_a_call_of_nobody_is_stored_without_references() =>
        Given(Offered(), new CallAnswered(Project, "switch", "1", Nine.AddSeconds(5), Admin), Forgotten)
            .When(state => CallDecider.Decide(
                new WrapUp(Admin, "sold", Nine.AddSeconds(90), References: new References { ["ticket"] = "t-1" }), state))
            .Then(WrappedUp(about: false));

    [Fact]
    public void no_audio_is_attached_to_a_call_of_nobody() =>
        Given(Offered(), Forgotten).When(state => CallDecider.Decide(new AttachRecording("aa", 1, Admin, Nine), state))
            .ThenRefused("customer-erased");

    private static object[] Forget(Call state) => CallDecider.Decide(new ForgetCustomer(Erasure, Admin, Nine.AddDays(1)), state);

    private static Call Fold(params object[] events) => events.Aggregate(new Call(), (call, e) => call.Evolve(e));

    private static Spec<Call> Given(params object[] events) => new(new Call(), (state, e) => state.Evolve(e), events);
}

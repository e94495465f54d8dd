using CallCenter.Depot.Gadgets;
using CallCenter.Rules;
using static CallCenter.Depot.Gadgets.GadgetDecider;

namespace CallCenter.Depot.Tests.Gadgets;

public sealed class GadgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Gadget Opened = new Gadget().Evolve(new GadgetOpened(Id, Project, "First", Now));

    [Fact]
    public void what_does_not_exist_yet_is_opened() =>
        Decide(new OpenGadget(Id, Project, "First", Now), new Gadget()).Should().Equal(new GadgetOpened(Id, Project, "First", Now));

    [Fact]
    public void the_same_request_again_changes_nothing() =>
        Decide(new OpenGadget(Id, Project, "First", Now), Opened).Should().BeEmpty();

    [Fact]
    public void another_one_under_the_same_id_is_refused() =>
        FluentActions.Invoking(() => Decide(new OpenGadget(Id, Project, "Other", Now), Opened))
            .Should().Throw<InvalidException>().Which.Errors.Should().Equal(
                new Error("Idempotency-Key", "idempotency-key-reused", "This key was used with another body."));

    [Fact]
    public void it_is_renamed_once() =>
        Decide(new RenameGadget("First", Now), Opened).Should().BeEmpty("it has that name already");
}

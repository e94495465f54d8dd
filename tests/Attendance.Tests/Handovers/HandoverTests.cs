using CallCenter.Attendance.Handovers;
using CallCenter.Rules;
using static CallCenter.Attendance.Handovers.HandoverDecider;

namespace CallCenter.Attendance.Tests.Handovers;

public sealed class HandoverTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 17, 0, 0, TimeSpan.Zero);
    private static readonly Guid Early = Guid.CreateVersion7();
    private static readonly Guid Next = Guid.CreateVersion7();
    private static readonly Matter Switch = new("Switch", "Line 3 is out.", Key: true);
    private static readonly Matter Promise = new("Promise", "Call back Mr Li by six.", Key: false);
    private static readonly WriteHandover Command = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), null, new(2026, 3, 9), [Switch], Early, Now);
    private static readonly Handover Written = new Handover().Evolve(Decide(Command, new Handover())[0]);

    [Fact]
    public void the_next_shift_takes_note_and_not_who_wrote_it()
    {
        FluentActions.Invoking(() => Decide(new AcknowledgeHandover(Early, Now), Written))
            .Should().Throw<RefusedException>().Which.Code.Should().Be("own-handover");
        var noted = Written.Evolve(Decide(new AcknowledgeHandover(Next, Now), Written)[0]);

        noted.Acknowledged.Should().BeTrue();
        Decide(new AcknowledgeHandover(Next, Now), noted).Should().BeEmpty("they have taken note already");
    }

    [Fact]
    public void what_is_added_is_to_be_noted_again()
    {
        var noted = Written.Evolve(new HandoverAcknowledged(Next, Now));
        var added = noted.Evolve(Decide(new AddMatter(Promise, Early, Now), noted)[0]);

        (added.Acknowledged, added.Matters.Length).Should().Be((false, 2));
        Decide(new AddMatter(Promise, Early, Now), added).Should().BeEmpty("it says so already");
        Decide(new AcknowledgeHandover(Next, Now), added).Should().ContainSingle();
    }

    [Fact]
    public void the_same_request_again_changes_nothing_also_when_something_was_added()
    {
        Decide(Command, Written.Evolve(new MatterAdded(Promise, Early, Now))).Should().BeEmpty();
        FluentActions.Invoking(() => Decide(Command with { Matters = [Promise] }, Written)).Should().Throw<InvalidException>();
    }

    [Fact]
    public void a_handover_that_grows_for_ever_is_refused()
    {
        var full = Written with { Matters = [.. Enumerable.Range(0, 50).Select(i => Promise with { Subject = $"{i}" })] };

        FluentActions.Invoking(() => Decide(new AddMatter(Switch, Early, Now), full))
            .Should().Throw<RefusedException>().Which.Code.Should().Be("too-many-matters");
    }

    [Fact]
    public void a_day_is_reviewed_once()
    {
        var command = new ReviewDay(
            Guid.CreateVersion7(), Guid.CreateVersion7(), new(2026, 3, 9), new(10, 1, 2, 0, 0, 0, 1, 0), "Begin with line 2.", InTime: true,
            Early, Now);
        var reviewed = new DayReview().Evolve(DayReviewDecider.Decide(command, new DayReview())[0]);

        DayReviewDecider.Decide(command with { Figures = new(9, 0, 0, 0, 0, 0, 0, 0) }, reviewed).Should().BeEmpty("it was said already");
        FluentActions.Invoking(() => DayReviewDecider.Decide(command with { Findings = "Nothing." }, reviewed))
            .Should().Throw<RefusedException>().Which.Code.Should().Be("day-reviewed");
    }
}

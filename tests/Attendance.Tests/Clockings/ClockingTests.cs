using CallCenter.Attendance.Clockings;
using CallCenter.Rules;
using static CallCenter.Attendance.Clockings.ClockingDecider;

namespace CallCenter.Attendance.Tests.Clockings;

public sealed class ClockingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly Clock Command = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), ClockingKind.In, Now, null, Now);
    private static readonly Clocking Known = new Clocking().Evolve(Decide(Command, new Clocking())[0]);

    [Fact]
    public void who_came_is_told_once() => Decide(Command with { Device = "Gate 2" }, Known).Should().BeEmpty();

    [Fact]
    public void the_same_moment_is_the_same_clocking_in_whatever_zone_it_is_written() =>
        Clocking.IdOf(Command.ProjectId, Command.AgentId, ClockingKind.In, Now)
            .Should().Be(Clocking.IdOf(Command.ProjectId, Command.AgentId, ClockingKind.In, Now.ToOffset(TimeSpan.FromHours(8))));

    [Fact]
    public void what_was_voided_is_not_voided_again()
    {
        var voided = Known.Evolve(Decide(new VoidClocking("The card of somebody else.", Now), Known)[0]);

        voided.Voided.Should().Be("The card of somebody else.");
        FluentActions.Invoking(() => Decide(new VoidClocking("Again.", Now), voided))
            .Should().Throw<RefusedException>().Which.Code.Should().Be("clocking-voided");
    }
}

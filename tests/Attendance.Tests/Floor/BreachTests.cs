using CallCenter.Attendance.Floor;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;

namespace CallCenter.Attendance.Tests.Floor;

public sealed class BreachTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    private static DateTimeOffset At(int hour, int minute = 0) => new DateTimeOffset(2026, 3, 9, 0, 0, 0, TimeSpan.FromHours(8))
        .AddHours(hour).AddMinutes(minute);

    // Nine to five; the source told something of somebody every half hour.
    private static SheetLine Line(params AgentSegment[] states)
    {
        var day = new RosterHistory(Guid.CreateVersion7(), 1, Guid.NewGuid(), Guid.CreateVersion7(), Monday,
            [new(1, At(0), [new("work", At(9), At(17), Paid: true)], "D8", "day")]);
        DateTimeOffset[] signs = [.. Enumerable.Range(0, 48).Select(i => At(0, 30 * i))];
        var evidence = new ShiftEvidence(day.Versions, states, signs, [], OnLeave: false, [], At(20));
        return new(day, evidence, ShiftTolerances.Default, ShiftAttendance.Of(evidence, ShiftTolerances.Default));
    }

    private static BreachesOfDay Of(params SheetLine[] lines)
    {
        var coverage = new CoverageDayV1(Guid.NewGuid(), 1, Guid.NewGuid(), Guid.NewGuid(), "billing", Monday,
            [.. Enumerable.Range(0, 32).Select(i => new CoverageInterval(At(9, 15 * i), 15, 4, 4, 11, 240))],
            new CoverageGoal(0.8, 20, "answered-of-offered", 120, 0));
        var project = new ProjectV1(Guid.NewGuid(), 1, "Acme", "Acme", "Asia/Shanghai", DayOfWeek.Monday, [],
            [new("billing", "Billing", "voice", 20)], [], []);
        var queues = FloorQueues.Planned(project, new() { ["billing"] = coverage }, At(0), At(24));

        return BreachEndpoints.Of(project.Id, Monday, lines, _ => ["billing"], queues, At(0), At(24), CancellationToken.None);
    }

    private static SheetLine There => Line(new AgentSegment("busy", At(9), At(17)));

    [Fact]
    public void what_is_missed_is_rostered_work_of_which_it_is_known_that_there_was_none()
    {
        var line = Line(new("ready", At(9, 20), At(12)), new("break", At(12), At(13)), new("busy", At(13), At(17)));

        ShiftAttendance.MissedWork(line.Evidence, line.Tolerances)
            .Should().Equal(new Stretch(At(9), At(9, 20)), new Stretch(At(12), At(13)));
        ShiftAttendance.MissedWork(line.Evidence with { States = [], Signs = [] }, line.Tolerances).Should().BeEmpty("nobody knows");
    }

    [Fact]
    public void a_longer_breach_costs_more_and_two_at_once_are_told_together_as_well()
    {
        var (late, half) = (Line(new AgentSegment("busy", At(10), At(17))), Line(new AgentSegment("busy", At(13), At(17))));
        var day = Of(There, There, late, half);

        day.Breaches.Select(b => (b.AgentId, b.Seconds)).Should().Equal((half.Day.AgentId, 4 * 3600), (late.Day.AgentId, 3600));
        day.Breaches.Should().OnlyContain(b => b.Effect.Low > 0);
        day.Together!.Gained.Should().BeGreaterThan(day.Breaches[0].Effect.Gained);
        day.Sum.Should().BeApproximately(day.Breaches.Sum(b => b.Effect.Gained), 1e-9).And.NotBe(day.Together.Gained);
    }

    [Fact]
    public void a_day_without_breaches_costs_nothing() => Of(There, There).Together.Should().BeNull();
}

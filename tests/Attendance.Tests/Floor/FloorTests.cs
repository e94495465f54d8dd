using CallCenter.Attendance.Floor;
using CallCenter.Attendance.Rosters;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;

namespace CallCenter.Attendance.Tests.Floor;

public sealed class FloorTests
{
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly DateOnly Monday = new(2026, 3, 9);

    private static DateTimeOffset At(int hour, int minute, int day = 0) =>
        new DateTimeOffset(2026, 3, 9, hour, minute, 0, TimeSpan.FromHours(8)).AddDays(day);

    private static RosterHistory Rostered(DateOnly date, params RosterActivity[] activities) => new(
        Guid.CreateVersion7(), 1, Guid.NewGuid(), Agent, date, [new(1, At(9, 0, -7), activities, "D8", "day")]);

    private static readonly RosterHistory Day = Rostered(Monday,
        new("work", At(9, 0), At(12, 0), true), new("meal", At(12, 0), At(13, 0), false), new("work", At(13, 0), At(17, 0), true));

    private static FloorAgent Row(DateTimeOffset now, RosterHistory day, DateTimeOffset[] signs, params AgentSegment[] states)
    {
        var evidence = new ShiftEvidence(day.Versions, states, signs, [], OnLeave: false, [], now);
        var line = new SheetLine(day, evidence, ShiftTolerances.Default, ShiftAttendance.Of(evidence, ShiftTolerances.Default));
        return FloorRows.Row(line, null, now);
    }

    [Fact]
    public void an_agent_does_what_their_last_state_says_and_it_fits_what_is_rostered_now()
    {
        var row = Row(At(10, 0), Day, [At(9, 0), At(9, 40)], new("ready", At(9, 0), At(9, 40)), new("busy", At(9, 40), null));

        (row.State, row.Since, row.Scheduled, row.Until, row.Fits).Should().Be(("busy", At(9, 40), "work", At(12, 0), true));
        (row.Presence, row.LateSeconds, row.Adherence).Should().Be((ShiftPresence.Present, 0, 1));

        var atNoon = Row(At(12, 5), Day, [At(12, 0)], new AgentSegment("busy", At(12, 0), null));
        (atNoon.Scheduled, atNoon.Until, atNoon.Fits).Should().Be(("meal", At(13, 0), false));
    }

    [Fact]
    public void a_source_that_falls_silent_turns_a_row_to_unknown_and_never_to_offline()
    {
        AgentSegment[] busy = [new("busy", At(9, 0), null)];

        Row(At(10, 0), Day, [At(9, 0)], busy).State.Should().Be("busy", "an hour of silence is usual");
        var silent = Row(At(11, 0), Day, [At(9, 0)], busy);
        (silent.State, silent.Since, silent.Fits).Should().Be(("unknown", At(10, 0), null));
        silent.Presence.Should().Be(ShiftPresence.Present, "they had come");
        Row(At(10, 0), Day, []).Presence.Should().Be(ShiftPresence.Unknown, "nobody was heard of");
        Row(At(10, 0), Day, [At(9, 55)]).Should().Match<FloorAgent>(row =>
            row.State == "offline" && row.Presence == ShiftPresence.Awaited && row.Fits == false, "of another the source has told");
    }

    [Fact]
    public void what_was_rostered_yesterday_over_midnight_is_on_the_floor_until_it_ends()
    {
        var night = Rostered(Monday, new RosterActivity("work", At(22, 0), At(6, 0, 1), true));
        var next = Rostered(Monday.AddDays(1), new RosterActivity("work", At(22, 0, 1), At(6, 0, 2), true));

        FloorRows.Now([night, next], Monday.AddDays(1), At(5, 59, 1)).Should().Be(night);
        FloorRows.Now([night, next], Monday.AddDays(1), At(6, 0, 1)).Should().Be(next);
        FloorRows.Now([night], Monday.AddDays(1), At(6, 0, 1)).Should().BeNull();
    }

    [Fact]
    public void who_waits_and_may_still_be_answered_in_time_is_not_counted_yet()
    {
        var tally = new QueueTally("billing", 3, At(9, 0), 1, Offered: 12,
            Answered: 8, Abandoned: 1, Counted: 10, InTime: 6, LeftInTime: 1);

        tally.ServiceLevel("answered-of-offered").Should().Be(0.6m);
        tally.ServiceLevel("answered-of-answered").Should().Be(0.75m);
        tally.ServiceLevel("answered-of-patient").Should().Be(0.6667m);
        tally.ServiceLevel("not-waiting-of-offered").Should().Be(0.7m);
        QueueTally.Empty("billing").ServiceLevel("answered-of-offered").Should().BeNull("nothing is not nought");
    }

    [Fact]
    public void a_queue_is_told_beside_what_was_published_for_it()
    {
        var coverage = new CoverageDayV1(Guid.NewGuid(), 1, Guid.NewGuid(), Guid.NewGuid(), "billing", Monday,
        [
            new(At(9, 0), 15, 4, 5, Contacts: 30, HandleSeconds: 240), new(At(9, 15), 15, 6, 5.5m, Contacts: 40, HandleSeconds: 240),
        ], new CoverageGoal(0.8, 20, "answered-of-patient", 120, 0.1));
        var queue = new ProjectQueue("billing", "Billing", "voice", 30);

        var row = FloorQueues.Row(queue, QueueTally.Empty("billing"), coverage, there: 4, At(9, 18));
        (row.Required, row.Scheduled, row.There, row.Goal, row.WithinSeconds).Should().Be((6, 5.5m, 4, 0.8, 20));
        row.Expected.Should().Be(38, "of the second interval a fifth has passed");
        FloorQueues.Row(queue, QueueTally.Empty("billing"), null, 4, At(9, 18)).Should().Match<FloorQueue>(bare =>
            bare.Required == null && bare.Expected == null && bare.WithinSeconds == 30);
    }

    [Theory]
    [InlineData(0, null, null)] // nobody has come: it may be early, or nothing is heard
    [InlineData(6, 5, 0.886)] // few say little
    [InlineData(60, 15, 1.545)]
    [InlineData(600, 15, 2.0)]
    [InlineData(3, 15, 0.509)]
    public void a_day_is_as_busy_as_what_has_come_by_the_last_contact_says(int offered, int? last, double? busyness)
    {
        var coverage = new CoverageDayV1(Guid.NewGuid(), 1, Guid.NewGuid(), Guid.NewGuid(), "billing", Monday,
            [new(At(9, 0), 15, 4, 5, Contacts: 30, HandleSeconds: 240)], new CoverageGoal(0.8, 20, "answered-of-patient", 120, 0.1));
        var tally = QueueTally.Empty("billing") with { Offered = offered, LastCame = last is { } minute ? At(9, minute) : null };

        // Three hours in which nothing is heard make no quiet day.
        FloorQueues.Row(new("billing", "Billing", "voice", 30), tally, coverage, there: 4, At(12, 15)).Busyness.Should().Be(busyness);
        FloorQueues.Row(new("billing", "Billing", "voice", 30), tally, null, there: 4, At(12, 15)).Busyness.Should().BeNull();
    }

    [Fact]
    public void a_change_names_those_of_whom_there_is_news_and_who_is_gone()
    {
        var row = Row(At(10, 0), Day, [At(9, 0)], new AgentSegment("busy", At(9, 0), null));
        var other = row with { AgentId = Guid.CreateVersion7() };
        var before = new FloorView(Guid.NewGuid(), At(10, 0), At(9, 0), [row, other], []);
        var moved = row with { State = "break" };

        var change = FloorChange.Between(before, before with { AsOf = At(10, 1), Agents = [moved] });
        change.Agents.Should().Equal(moved);
        change.Gone.Should().Equal(other.AgentId);
        FloorChange.Between(null, before).Agents.Should().HaveCount(2);
    }
}

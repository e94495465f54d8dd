using System.Collections.Immutable;
using CallCenter.Contracts.Scheduling;
using CallCenter.Planning.Rostering;
using CallCenter.Scheduling.Feeds;
using CallCenter.Scheduling.Rosters;
using CallCenter.Time;
using Ical.Net.CalendarComponents;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class PublishedDayTests
{
    private static readonly Guid Project = Guid.CreateVersion7();
    private static readonly Guid Ada = Guid.CreateVersion7();
    private static readonly DateOnly Monday = new(2026, 3, 2);
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void publishing_the_same_again_changes_nothing_for_the_agent()
    {
        var day = Day(1, Shift(Morning)).After(null);

        Day(2, Shift(Morning)).After(day).Should()
            .BeEquivalentTo(new { Publication = 2L, Changes = 0, day.ChangedAt, Cancelled = (RosterShift?)null });
    }

    [Fact]
    public void a_shift_taken_back_stays_visible_as_cancelled_until_there_is_another()
    {
        var first = Day(1, Shift(Morning)).After(null);
        var off = Day(2, null).After(first);
        var stillOff = Day(3, null).After(off);
        var back = Day(4, Shift(Morning.AddHours(2))).After(stillOff);

        off.Should().Match<PublishedDay>(d => d.Changes == 1 && d.Cancelled == first.Shift);
        stillOff.Should().Match<PublishedDay>(d => d.Changes == 1 && d.Cancelled == first.Shift);
        back.Should().Match<PublishedDay>(d => d.Changes == 2 && d.Cancelled == null);
        back.ToFact().Version.Should().Be(4);
    }

    [Fact]
    public void the_calendar_is_read_back_as_it_was_meant()
    {
        var zone = LocalCalendar.Of("Europe/Berlin");
        var day = Day(1, Shift(Morning)).After(null);
        var moved = Day(2, Shift(Morning.AddHours(2)) with { Code = "x;y,z\\\r\nBEGIN:VEVENT" }).After(day);
        var off = Day(3, null).After(moved);

        var (first, second, third) = (Read(day), Read(moved), Read(off));

        first.Uid.Should().Be(second.Uid).And.Be(third.Uid);
        new[] { first.Sequence, second.Sequence, third.Sequence }.Should().Equal(0, 1, 2);
        first.Start!.AsUtc.Should().Be(Morning.UtcDateTime);
        second.Start!.AsUtc.Should().Be(Morning.AddHours(2).UtcDateTime);
        first.Summary.Should().Be("Shift 09:00–17:30");
        first.Status.Should().Be("CONFIRMED");
        third.Status.Should().Be("CANCELLED");

        CalendarEvent Read(PublishedDay published)
        {
            var text = RosterCalendar.Of([new CalendarDay(published, zone)]);
            text.Should().Contain("REFRESH-INTERVAL;VALUE=DURATION:PT1H").And.Contain("X-PUBLISHED-TTL:PT1H").And.Contain("METHOD:PUBLISH");
            text.Split("\r\n").Should().OnlyContain(line => System.Text.Encoding.UTF8.GetByteCount(line) <= 75);
            return Ical.Net.Calendar.Load(text)!.Events.Should().ContainSingle().Subject;
        }
    }

    private static RosterShift Shift(DateTimeOffset start) => new(Monday, "D", ShiftKind.Day, start, start.AddHours(8.5), []);

    private static PublishedDay Day(long publication, RosterShift? shift) => new(
        PublishedDay.IdOf(Project, Ada, Monday), publication, Guid.CreateVersion7(), Project, Ada, Monday, shift,
        shift is null ? [] : [new RosterActivity("work", shift.StartsAt, shift.EndsAt, true)], null, 0, Morning.AddDays(-publication));
}

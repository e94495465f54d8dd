using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;
using CallCenter.Web;

namespace CallCenter.Scheduling.Tests.Calendars;

public sealed class LocalCalendarTests
{
    private static readonly LocalCalendar NewYork = LocalCalendar.Of("America/New_York");

    [Theory]
    [InlineData("America/New_York", "2026-03-08", 92)]
    [InlineData("America/New_York", "2026-11-01", 100)]
    [InlineData("America/New_York", "2026-07-01", 96)]
    [InlineData("Europe/Berlin", "2026-03-29", 92)]
    [InlineData("Asia/Shanghai", "2026-03-29", 96)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", 98)]
    [InlineData("Australia/Lord_Howe", "2026-10-04", 94)]
    [InlineData("America/Santiago", "2026-09-06", 92)]
    [InlineData("Asia/Kathmandu", "2026-01-01", 96)]
    public void a_day_has_as_many_quarter_hours_as_its_zone_gives_it(string zone, string date, int quarters)
    {
        var calendar = LocalCalendar.Of(zone);
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);

        var starts = calendar.QuartersOf(day);

        starts.Should().HaveCount(quarters).And.BeInAscendingOrder();
        starts.Should().OnlyContain(s => calendar.DateOf(s) == day);
        calendar.DateOf(starts[0].AddTicks(-1)).Should().Be(day.AddDays(-1));
    }

    [Fact]
    public void a_time_that_occurs_twice_is_its_first_and_one_that_is_skipped_moves_on()
    {
        NewYork.At(new(2026, 11, 1), new(1, 30)).Should().Be(DateTimeOffset.Parse("2026-11-01T01:30:00-04:00", null));
        NewYork.At(new(2026, 3, 8), new(2, 30)).Should().Be(DateTimeOffset.Parse("2026-03-08T03:30:00-04:00", null));
    }

    [Theory]
    [InlineData("2026-11-01T01:30", "time-occurs-twice")]
    [InlineData("2026-03-08T02:30", "time-skipped")]
    [InlineData("2026-02-29T10:00", "not-a-time")]
    [InlineData("2026-02-20T24:00", "not-a-time")]
    [InlineData("2026-02-20T10:00:60", "not-a-time")]
    [InlineData("2026-02-20T10:00+5:3", "not-a-time")]
    [InlineData("20/02/2026 10:00", "not-a-time")]
    public void what_names_no_instant_is_refused(string text, string code) =>
        FluentActions.Invoking(() => NewYork.Read("/endsAt", text)).Should().Throw<InvalidException>()
            .Which.Errors.Should().ContainSingle(e => e.Code == code && e.Pointer == "/endsAt");

    [Theory]
    [InlineData("2026-11-01T01:30-04:00", "2026-11-01T05:30:00Z")]
    [InlineData("2026-11-01T01:30-05:00", "2026-11-01T06:30:00Z")]
    [InlineData("2026-11-01T06:30Z", "2026-11-01T06:30:00Z")]
    [InlineData("2026-11-01T00:30", "2026-11-01T04:30:00Z")]
    [InlineData("2026-07-01T09:00:00", "2026-07-01T13:00:00Z")]
    public void what_names_one_is_read(string text, string instant) =>
        NewYork.Read("/endsAt", text).Should().Be(DateTimeOffset.Parse(instant, null));
}

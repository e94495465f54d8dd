using System.Globalization;
using CallCenter.Time;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace CallCenter.Shared.Tests.Time;

public sealed class LocalCalendarTests
{
    private static readonly LocalCalendar Berlin = LocalCalendar.Of("Europe/Berlin");

    // Those whose clocks do something uncommon, and two that do nothing.
    private static readonly string[] Zones =
    [
        "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Antarctica/Troll",
        "Africa/Casablanca", "America/Havana", "Africa/Cairo", "America/Sao_Paulo", "Asia/Jerusalem", "Pacific/Apia", "America/St_Johns",
    ];

    [Theory]
    [InlineData("Asia/Shanghai", "2026-03-29", 96)]
    [InlineData("America/New_York", "2026-03-08", 92)]
    [InlineData("America/New_York", "2026-07-01", 96)]
    [InlineData("America/New_York", "2026-11-01", 100)]
    [InlineData("Europe/Berlin", "2026-03-29", 92)]
    [InlineData("Europe/London", "2026-03-29", 92)]
    [InlineData("Europe/London", "2026-10-25", 100)]
    [InlineData("Europe/London", "2028-02-29", 96)]
    [InlineData("Australia/Lord_Howe", "2026-10-04", 94)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", 98)]
    [InlineData("Antarctica/Troll", "2026-03-29", 88)]
    [InlineData("Africa/Casablanca", "2026-02-15", 100)]
    [InlineData("Africa/Casablanca", "2026-03-22", 92)]
    [InlineData("America/Santiago", "2026-09-06", 92)]
    [InlineData("America/Havana", "2026-03-08", 92)]   // midnight is skipped
    [InlineData("America/Havana", "2026-11-01", 100)]  // midnight comes twice
    [InlineData("Africa/Cairo", "2026-04-24", 92)]     // midnight is skipped
    [InlineData("Asia/Jerusalem", "1999-04-02", 92)]
    [InlineData("Asia/Kathmandu", "2026-02-28", 96)]
    [InlineData("Pacific/Apia", "2011-12-30", 0)]      // the day Samoa left out
    public void a_day_has_as_many_quarter_hours_as_its_clocks_show(string zone, string date, int quarters)
    {
        var (calendar, day) = (LocalCalendar.Of(zone), Day(date));

        var starts = calendar.QuartersOf(day);

        starts.Should().HaveCount(quarters).And.BeInAscendingOrder();
        starts.All(start => calendar.DayOf(start) == day).Should().BeTrue();
        calendar.DayOf(calendar.StartOf(day).AddTicks(-1)).Should().Be(day.AddDays(-1));
    }

    [Theory]
    [InlineData("Asia/Shanghai", "2026-03-02", "2026-03-01T16:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")] // began at 01:00
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")]    // the first of two midnights
    [InlineData("America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z")]  // 00:01 back to 23:01: midnight comes twice
    [InlineData("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")]
    public void a_day_begins_with_the_first_instant_that_is_of_it(string zone, string day, string start) =>
        LocalCalendar.Of(zone).StartOf(Day(day)).Should().Be(Instant(start));

    [Theory]
    [InlineData("America/St_Johns", "2010-11-07T02:29:59Z", "2010-11-06")]
    [InlineData("America/St_Johns", "2010-11-07T02:30:30Z", "2010-11-07")]
    [InlineData("America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07")] // the clock shows 23:30 of the 6th, which is over
    [InlineData("Asia/Shanghai", "2026-03-01T15:59:59Z", "2026-03-01")]
    [InlineData("Asia/Shanghai", "2026-03-01T16:00:00Z", "2026-03-02")]
    public void an_instant_belongs_to_the_day_that_has_begun(string zone, string instant, string day) =>
        LocalCalendar.Of(zone).DayOf(Instant(instant)).Should().Be(Day(day));

    [Theory]
    [InlineData("2026-01-15T09:00", "2026-01-15T08:00:00Z")]
    [InlineData("1999-07-15T09:00", "1999-07-15T07:00:00Z")]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:30:00Z")] // skipped: 03:30
    [InlineData("2026-03-29T03:00", "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00Z")] // twice: the first
    [InlineData("2026-10-25T03:00", "2026-10-25T02:00:00Z")]
    public void a_wall_clock_time_is_one_instant(string local, string instant) =>
        Berlin.At(DateTime.Parse(local, CultureInfo.InvariantCulture)).Should().Be(Instant(instant));

    [Theory]
    [InlineData("2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T00:40:00Z", "2026-10-25T01:30:00Z")] // the first is already past
    public void of_two_the_second_where_the_first_is_too_early(string notBefore, string instant) =>
        Berlin.At(new DateTime(2026, 10, 25, 2, 30, 0), Instant(notBefore)).Should().Be(Instant(instant));

    [Fact]
    public void a_time_is_shown_once_twice_or_not_at_all()
    {
        Berlin.InstantsOf(new(2026, 3, 29, 2, 30, 0)).Should().BeEmpty();
        Berlin.InstantsOf(new(2026, 10, 25, 2, 30, 0)).Should().Equal(Instant("2026-10-25T00:30:00Z"), Instant("2026-10-25T01:30:00Z"));
        Berlin.InstantsOf(new(2026, 6, 1, 2, 30, 0)).Should().ContainSingle();
    }

    [Theory]
    [InlineData(DayOfWeek.Monday, "2026-03-04", "2026-03-02")]
    [InlineData(DayOfWeek.Monday, "2026-03-02", "2026-03-02")]
    [InlineData(DayOfWeek.Sunday, "2026-03-07", "2026-03-01")]
    [InlineData(DayOfWeek.Saturday, "2026-03-06", "2026-02-28")]
    [InlineData(DayOfWeek.Monday, "2021-01-02", "2020-12-28")] // week 53
    public void a_week_starts_on_the_day_the_project_says(DayOfWeek start, string day, string week) =>
        LocalCalendar.Of("Asia/Shanghai", start).WeekOf(Day(day)).Should().Be(Day(week));

    [Theory]
    [InlineData("America/New_York", "2026-03-02", 167)] // clocks go forward on the 8th
    [InlineData("America/New_York", "2026-10-26", 169)] // and back on 1 November
    [InlineData("Asia/Shanghai", "2026-03-02", 168)]
    [InlineData("America/Sao_Paulo", "2018-10-29", 167)]
    public void a_week_is_as_long_as_its_zone_makes_it(string zone, string day, int hours) =>
        (LocalCalendar.Of(zone).StartOf(Day(day).AddDays(7)) - LocalCalendar.Of(zone).StartOf(Day(day))).TotalHours.Should().Be(hours);

    [Property(MaxTest = 2000)]
    public Property every_instant_is_in_exactly_one_day_and_one_quarter_of_it() => Prop.ForAll(
        Gen.Elements(Zones).ToArbitrary(), Instants, (zone, instant) =>
        {
            var calendar = LocalCalendar.Of(zone);
            var day = calendar.DayOf(instant);
            var quarters = calendar.QuartersOf(day);

            return calendar.StartOf(day) <= instant && instant < calendar.EndOf(day)
                && quarters.Count(start => start <= instant && instant < start + LocalCalendar.Quarter) == 1
                && calendar.EndOf(day) == quarters[^1] + LocalCalendar.Quarter;
        });

    [Property(MaxTest = 500)]
    public Property the_days_of_a_week_follow_each_other_without_gap_or_overlap() => Prop.ForAll(
        Gen.Elements(Zones).ToArbitrary(), Instants, (zone, instant) =>
        {
            var calendar = LocalCalendar.Of(zone, DayOfWeek.Sunday);
            var week = calendar.WeekOf(calendar.DayOf(instant));
            var quarters = Enumerable.Range(0, 7).SelectMany(nth => calendar.QuartersOf(week.AddDays(nth))).ToArray();

            return week.DayOfWeek == DayOfWeek.Sunday
                && quarters.Zip(quarters.Skip(1)).All(pair => pair.Second - pair.First == LocalCalendar.Quarter)
                && quarters[0] == calendar.StartOf(week)
                && quarters[^1] + LocalCalendar.Quarter == calendar.StartOf(week.AddDays(7));
        });

    /// <summary>Around every change of every zone's clocks from 1990 to 2030, a quarter hour at a time.</summary>
    [Fact]
    public void in_every_zone_each_instant_belongs_to_one_day_and_its_date_is_what_the_clock_shows_unless_that_day_is_over()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var calendar = new LocalCalendar(zone);
            foreach (var change in Changes(zone))
            {
                var days = Enumerable.Range(-2, 5).Select(calendar.DayOf(change).AddDays).ToList();
                var starts = days.Select(calendar.StartOf).ToList();
                starts.Should().BeInAscendingOrder(zone.Id);

                for (var instant = starts[0]; instant < starts[^1]; instant += LocalCalendar.Quarter / 2)
                {
                    var day = calendar.DayOf(instant);
                    var shown = DateOnly.FromDateTime(calendar.Local(instant).DateTime);
                    (calendar.StartOf(day) <= instant && instant < calendar.EndOf(day)
                        && (shown == day || (shown == day.AddDays(-1) && calendar.EndOf(shown) <= instant)))
                        .Should().BeTrue($"{instant:u} is in {day} of {zone.Id}");
                }
            }
        }
    }

    // To the day; the days around it are looked at anyway.
    private static IEnumerable<DateTimeOffset> Changes(TimeZoneInfo zone)
    {
        var (at, offset) = (Instant("1990-01-02T00:00:00Z"), zone.GetUtcOffset(Instant("1990-01-02T00:00:00Z")));
        for (; at.Year < 2030; at = at.AddDays(5))
            if (zone.GetUtcOffset(at.AddDays(5)) is var next && next != offset)
            {
                offset = next;
                yield return Enumerable.Range(1, 5).Select(days => at.AddDays(days)).First(day => zone.GetUtcOffset(day) == next);
            }
    }

    private static Arbitrary<DateTimeOffset> Instants => Gen.Choose(0, 2_000_000_000)
        .Select(seconds => DateTimeOffset.FromUnixTimeSeconds(seconds + 300_000_000L)).ToArbitrary();

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

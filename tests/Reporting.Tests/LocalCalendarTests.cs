using CallCenter.Reporting.Calendars;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static CallCenter.Reporting.Tests.Moments;

namespace CallCenter.Reporting.Tests;

public class LocalCalendarTests
{
    private static readonly string[] Zones =
    [
        "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Europe/London", "Australia/Lord_Howe",
        "Africa/Casablanca", "America/Havana", "Africa/Cairo", "America/Sao_Paulo", "Asia/Jerusalem", "Pacific/Apia", "America/St_Johns",
    ];

    [Theory]
    [InlineData("Asia/Shanghai", "2026-03-29", 96)]
    [InlineData("America/New_York", "2026-03-08", 92)]
    [InlineData("America/New_York", "2026-11-01", 100)]
    [InlineData("Europe/London", "2026-03-29", 92)]
    [InlineData("Europe/London", "2026-10-25", 100)]
    [InlineData("Australia/Lord_Howe", "2026-10-04", 94)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", 98)]
    [InlineData("Africa/Casablanca", "2026-02-15", 100)]
    [InlineData("Africa/Casablanca", "2026-03-22", 92)]
    [InlineData("America/Havana", "2026-03-08", 92)]   // midnight is skipped
    [InlineData("America/Havana", "2026-11-01", 100)]  // midnight comes twice
    [InlineData("Africa/Cairo", "2026-04-24", 92)]     // midnight is skipped
    [InlineData("Asia/Jerusalem", "1999-04-02", 92)]
    [InlineData("Asia/Kathmandu", "2026-02-28", 96)]
    [InlineData("Europe/London", "2028-02-29", 96)]
    [InlineData("Pacific/Apia", "2011-12-30", 0)]      // the day Samoa left out
    public void a_local_day_has_as_many_quarter_hours_as_its_clocks_show(string zone, string day, int quarters) =>
        Calendar(zone).QuartersOf(Day(day)).Should().HaveCount(quarters);

    [Property(MaxTest = 2000)]
    public Property every_instant_is_in_exactly_one_day_and_one_quarter_of_it() => Prop.ForAll(
        Gen.Elements(Zones).ToArbitrary(), Instants, (zone, instant) =>
        {
            var calendar = Calendar(zone);
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
            var calendar = Calendar(zone, DayOfWeek.Sunday);
            var week = calendar.WeekOf(calendar.DayOf(instant));
            var quarters = Enumerable.Range(0, 7).SelectMany(nth => calendar.QuartersOf(week.AddDays(nth))).ToArray();

            return week.DayOfWeek == DayOfWeek.Sunday
                && quarters.Zip(quarters.Skip(1)).All(pair => pair.Second - pair.First == LocalCalendar.Quarter)
                && quarters[0] == calendar.StartOf(week)
                && quarters[^1] + LocalCalendar.Quarter == calendar.StartOf(week.AddDays(7));
        });

    [Theory]
    [InlineData(DayOfWeek.Monday, "2026-03-04", "2026-03-02")]
    [InlineData(DayOfWeek.Monday, "2026-03-02", "2026-03-02")]
    [InlineData(DayOfWeek.Sunday, "2026-03-07", "2026-03-01")]
    [InlineData(DayOfWeek.Saturday, "2026-03-06", "2026-02-28")]
    [InlineData(DayOfWeek.Monday, "2021-01-02", "2020-12-28")] // week 53
    public void a_week_starts_on_the_day_the_project_says(DayOfWeek start, string day, string week) =>
        Calendar("Asia/Shanghai", start).WeekOf(Day(day)).Should().Be(Day(week));

    [Theory]
    [InlineData("2026-03-29", "2026-03-29T01:00:00Z")] // 02:30 is skipped in Berlin: the clock jumps to 03:00
    [InlineData("2026-10-25", "2026-10-25T00:30:00Z")] // 02:30 comes twice: the first one
    [InlineData("2026-06-01", "2026-06-01T00:30:00Z")]
    public void a_wall_clock_time_happens_once_a_day(string day, string instant) =>
        Calendar("Europe/Berlin").At(Day(day), new TimeOnly(2, 30)).Should().Be(Moments.At(instant));

    private static Arbitrary<DateTimeOffset> Instants => Gen.Choose(0, 2_000_000_000)
        .Select(seconds => DateTimeOffset.FromUnixTimeSeconds(seconds + 300_000_000L)).ToArbitrary();

    private static LocalCalendar Calendar(string zone, DayOfWeek weekStartsOn = DayOfWeek.Monday) => new(zone, weekStartsOn);
}

using CallCenter.Quality.Projects;
using CallCenter.Quality.Sampling;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Quality.Tests.Sampling;

public class WeekTests
{
    [Theory]
    [InlineData("America/New_York", "2026-03-02", 167)] // clocks go forward on the 8th
    [InlineData("America/New_York", "2026-10-26", 169)] // and back on 1 November
    [InlineData("Asia/Shanghai", "2026-03-02", 168)]
    [InlineData("America/Sao_Paulo", "2018-10-29", 167)] // 4 November began at 01:00 there
    public void a_week_is_as_long_as_its_zone_makes_it(string zone, string day, int hours)
    {
        var (from, to) = Calendar(zone).Week(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));

        (to - from).TotalHours.Should().Be(hours);
    }

    [Fact]
    public void a_week_is_named_by_its_first_day_only()
    {
        var sundays = LocalCalendar.Of("Asia/Jerusalem", DayOfWeek.Sunday);

        sundays.WeekOf(new(2026, 3, 7)).Should().Be(new DateOnly(2026, 3, 1));
        FluentActions.Invoking(() => sundays.Week(new(2026, 3, 2))).Should().Throw<InvalidException>().Which.Errors[0].Code.Should()
            .Be("not-a-week-start");
        FluentActions.Invoking(() => sundays.Week(DateOnly.MinValue)).Should().Throw<InvalidException>();
        FluentActions.Invoking(() => sundays.Week(DateOnly.MaxValue)).Should().Throw<InvalidException>();
    }

    [Fact]
    public void by_itself_a_plan_draws_its_first_week_and_later_ones()
    {
        var shanghai = Calendar("Asia/Shanghai");
        var plan = new SamplingPlan { MadeAt = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero) };

        IEnumerable<DateOnly> At(int day, int hour) => plan.DueWeeks(shanghai, new DateTimeOffset(2026, 3, day, hour, 0, 0, TimeSpan.Zero));
        At(8, 15).Should().BeEmpty();
        At(8, 16).Should().Equal(new DateOnly(2026, 3, 2));
        At(20, 0).Should().Equal(new DateOnly(2026, 3, 2), new(2026, 3, 9));
        plan.DueWeeks(shanghai, plan.MadeAt.AddYears(1)).Should().HaveCount(5);
    }

    private static LocalCalendar Calendar(string zone) => LocalCalendar.Of(zone);
}

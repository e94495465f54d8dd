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
        var plan = new SamplingPlan { MadeAt = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero) };

        IEnumerable<DateOnly> At(int day, int hour) => Due(plan, new DateTimeOffset(2026, 3, day, hour, 0, 0, TimeSpan.Zero));
        At(8, 15).Should().BeEmpty();
        At(8, 16).Should().Equal(new DateOnly(2026, 3, 2));
        At(20, 0).Should().Equal(new DateOnly(2026, 3, 2), new(2026, 3, 9));
    }

    [Fact]
    public void a_week_that_was_not_drawn_waits_however_long_that_lasts()
    {
        var plan = new SamplingPlan { MadeAt = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero) };

        Due(plan, plan.MadeAt.AddDays(7 * 20)).Should().HaveCount(20).And.BeInAscendingOrder();
        plan.DueWeeks(Calendar("Asia/Shanghai"), plan.MadeAt.AddDays(7 * 20), NoWeeks).Where(due => !due.Last).Should().HaveCount(5);
    }

    [Fact]
    public void a_week_without_candidates_is_looked_at_again_for_five_weeks_and_one_that_was_skipped_never()
    {
        var plan = new SamplingPlan { MadeAt = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero) };
        var known = Due(plan, plan.MadeAt.AddDays(7 * 20)).ToDictionary(week => week, week => new DrawnWeek { Week = week });
        known[new(2026, 3, 2)] = known[new(2026, 3, 2)] with { Skipped = "no-calls" };

        Due(plan, plan.MadeAt.AddDays(7 * 20), known).Should().HaveCount(5);
        Due(plan, plan.MadeAt.AddDays(7), known).Should().BeEmpty();
        Due(plan, plan.MadeAt.AddDays(14), known).Should().Equal(new DateOnly(2026, 3, 9));
    }

    private static readonly Dictionary<DateOnly, DrawnWeek> NoWeeks = [];

    private static IEnumerable<DateOnly> Due(
        SamplingPlan plan, DateTimeOffset now, IReadOnlyDictionary<DateOnly, DrawnWeek>? drawn = null) =>
        plan.DueWeeks(Calendar("Asia/Shanghai"), now, drawn ?? NoWeeks).Select(due => due.Week);

    private static LocalCalendar Calendar(string zone) => LocalCalendar.Of(zone);
}

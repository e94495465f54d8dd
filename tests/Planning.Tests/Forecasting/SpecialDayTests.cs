using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

public sealed class SpecialDayTests
{
    private static readonly DateOnly Past = Series.Monday.AddDays(45);
    private static readonly DateOnly PastToo = Series.Monday.AddDays(73);
    private static readonly DateOnly Next = Series.Monday.AddDays(102);

    [Fact]
    public void a_holiday_is_forecast_like_the_holidays_before_it()
    {
        // Holidays on a Thursday bring a fifth; the next one falls on a Friday.
        var history = Series.Of(101, seed: 2, date => date == Past || date == PastToo ? 0.2 : 1);
        SpecialDay[] calendar = [new(Past, "holiday"), new(PastToo, "holiday"), new(Next, "holiday")];

        var (plain, known) = (Total(history, []), Total(history, calendar));

        plain.Should().BeInRange(300, 500);
        known.Should().BeInRange(0.15 * plain, 0.4 * plain);
    }

    [Fact]
    public void a_holiday_works_like_the_weekday_it_is_most_like()
    {
        // A Thursday that was as a Sunday is.
        var sunday = Series.Monday.AddDays(48);
        var history = Series.Of(101, seed: 2, date => date == Past ? Series.Rate(sunday, 12) / Series.Rate(date, 12) : 1);

        var forecast = Forecaster.Forecast(history, Next, 3, default, [new(Past, "holiday"), new(Next, "holiday")]);

        forecast.Days[0].Calls.Sum().Should().BeApproximately(forecast.Days[2].Calls.Sum(), 0.15 * forecast.Days[2].Calls.Sum());
    }

    [Fact]
    public void a_campaign_that_was_seen_before_lifts_its_day()
    {
        var history = Series.Of(101, seed: 2, date => date == Past || date == PastToo ? 2 : 1);

        Total(history, [new(Past, "campaign"), new(PastToo, "campaign"), new(Next, "campaign")])
            .Should().BeGreaterThan(1.4 * Total(history, []));
    }

    [Fact]
    public void a_day_given_as_like_another_weekday_needs_no_past()
    {
        var history = Series.Of(101, seed: 2);

        Total(history, [new(Next, "holiday", DayOfWeek.Sunday)]).Should().BeLessThan(0.6 * Total(history, []));
    }

    [Fact]
    public void a_kind_never_seen_is_said_to_be_unknown_and_its_interval_is_wide()
    {
        var history = Series.Of(101, seed: 2);

        var plain = Forecaster.Forecast(history, Next, 1, default);
        var strange = Forecaster.Forecast(history, Next, 1, default, [new(Next, "eclipse")]);

        strange.Warnings.Should().Contain("special-day-unknown");
        strange.Days[0].High[12].Should().BeGreaterThan(plain.Days[0].High[12]);
    }

    [Fact]
    public void a_holiday_in_the_past_does_not_pull_down_the_days_after_it()
    {
        var last = Series.Monday.AddDays(100);
        var history = Series.Of(101, seed: 2, date => date == last ? 0.05 : 1);

        var plain = Total(Series.Of(101, seed: 2), []);

        Total(history, [new(last, "holiday")]).Should().BeInRange(0.85 * plain, 1.15 * plain);
        Total(history, []).Should().BeInRange(0.8 * plain, 1.2 * plain);
    }

    private static double Total(History history, SpecialDay[] calendar) =>
        Forecaster.Forecast(history, Next, 1, TestContext.Current.CancellationToken, calendar).Days[0].Calls.Sum();
}

using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

public sealed class IntradayUpdateTests
{
    private static readonly History Past = Series.Of(140, seed: 6, wander: 0.25);
    private static readonly ForecastDay Tomorrow =
        Forecaster.Forecast(Past, Past.Last.AddDays(1), 1, default).Days[0];

    [Fact]
    public void a_morning_busier_than_expected_lifts_the_afternoon_but_not_by_as_much()
    {
        var updated = IntradayUpdate.Update(Tomorrow, [.. Tomorrow.Calls.Take(12).Select(c => 1.4 * c)]);

        (updated.Calls[15] / Tomorrow.Calls[15]).Should().BeInRange(1.05, 1.4);
        updated.Calls[5].Should().Be(1.4 * Tomorrow.Calls[5]);
        updated.Low[5].Should().Be(updated.High[5]);
    }

    [Fact]
    public void a_morning_as_expected_changes_nothing_but_makes_the_afternoon_surer()
    {
        var updated = IntradayUpdate.Update(Tomorrow, [.. Tomorrow.Calls.Take(12)]);

        updated.Calls.Should().BeEquivalentTo(
            Tomorrow.Calls, c => c.Using<double>(x => x.Subject.Should().BeApproximately(x.Expectation, 1e-9)).WhenTypeIs<double>());
        (updated.High[14] - updated.Low[14]).Should().BeLessThan(Tomorrow.High[14] - Tomorrow.Low[14]);
    }

    [Fact]
    public void nothing_known_yet_and_an_outage_change_nothing()
    {
        IntradayUpdate.Update(Tomorrow, []).Calls.Should().Equal(Tomorrow.Calls);
        IntradayUpdate.Update(Tomorrow, [double.NaN, double.NaN]).Calls.Should().Equal(Tomorrow.Calls);
    }

    [Fact]
    public void on_days_that_were_not_used_it_errs_less_than_the_evening_before()
    {
        var history = Series.Of(160, seed: 12, wander: 0.3);
        var rolling = new RollingForecast(history, [], default);
        var (before, after) = (0.0, 0.0);

        foreach (var day in history.Days.TakeLast(40))
        {
            var forecast = rolling.Day(day.Date, day.Date.AddDays(-1))!;
            var updated = IntradayUpdate.Update(forecast, [.. day.Calls.Take(12)]);
            before += Enumerable.Range(12, 12).Sum(s => Math.Abs(forecast.Calls[s] - day.Calls[s]));
            after += Enumerable.Range(12, 12).Sum(s => Math.Abs(updated.Calls[s] - day.Calls[s]));
        }

        after.Should().BeLessThan(0.97 * before);
    }

    [Fact]
    public void calls_that_cannot_be_are_refused() =>
        FluentActions.Invoking(() => IntradayUpdate.Update(Tomorrow, [-1])).Should().Throw<PlanningException>().Which.Code.Should()
            .Be("history-out-of-range");
}

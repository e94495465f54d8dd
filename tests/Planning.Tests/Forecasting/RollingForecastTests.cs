using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

public sealed class RollingForecastTests
{
    [Fact]
    public void the_portfolio_errs_less_than_the_seasonal_naive_and_no_more_than_the_best_average()
    {
        var history = Series.Of(150, seed: 3);
        var rolling = new RollingForecast(history, [], TestContext.Current.CancellationToken);

        foreach (var lead in new[] { 1, 7 })
        {
            var ours = Error(history, lead, rolling.Day);
            var simple = new[] { "last-week", "mean-of-4-weeks", "mean-of-8-weeks", "median-of-8-weeks" }
                .Select(m => Error(history, lead, (date, known) => rolling.Day(date, known, m)!)).ToList();

            ours.Should().BeLessThan(0.85 * simple[0]);
            ours.Should().BeLessThan(1.01 * simple.Min());
        }

        double Error(History past, int lead, Func<DateOnly, DateOnly, object?> forecast) => past.Days.TakeLast(50).Sum(day =>
        {
            var calls = forecast(day.Date, rolling.Before(day.Date, lead)) is ForecastDay d ? d.Calls
                : (IReadOnlyList<double>)forecast(day.Date, rolling.Before(day.Date, lead))!;
            return day.Calls.Zip(calls, (a, f) => Math.Abs(a - f)).Sum();
        });
    }

    [Fact]
    public void eighty_percent_intervals_hold_about_eighty_percent()
    {
        var history = Series.Of(160, seed: 8);
        var rolling = new RollingForecast(history, [], TestContext.Current.CancellationToken);

        var held = history.Days.TakeLast(60).SelectMany(day =>
        {
            var forecast = rolling.Day(day.Date, rolling.Before(day.Date, 7))!;
            return Enumerable.Range(6, 12).Select(s => day.Calls[s] >= forecast.Low[s] && day.Calls[s] <= forecast.High[s] ? 1.0 : 0);
        }).Average();

        held.Should().BeInRange(0.74, 0.88);
    }

    [Fact]
    public void what_comes_later_changes_nothing()
    {
        var history = Series.Of(120, seed: 4);
        var cut = new History(history.Days.Take(100));
        var (date, known) = (Series.Monday.AddDays(102), Series.Monday.AddDays(99));

        var whole = new RollingForecast(history, [], default).Day(date, known)!;
        var then = new RollingForecast(cut, [], default).Day(date, known)!;

        whole.Calls.Should().Equal(then.Calls);
        whole.High.Should().Equal(then.High);
    }

    [Fact]
    public void weekdays_without_calls_do_not_count_as_days_ahead()
    {
        var weekdays = new History(Series.Of(80, seed: 1).Days.Where(
            d => d.Date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)));

        new RollingForecast(weekdays, [], default).Before(Series.Monday.AddDays(70), 1).Should().Be(Series.Monday.AddDays(67));
        new RollingForecast(weekdays, [], default).Before(Series.Monday.AddDays(70), 5).Should().Be(Series.Monday.AddDays(63));
    }
}

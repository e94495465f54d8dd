using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

public sealed class ForecasterTests
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    [Fact]
    public void a_week_that_repeats_is_forecast_exactly()
    {
        var history = new History(Days(56, date => 10 + 5 * (int)date.DayOfWeek));

        var forecast = Forecast(history, 7);

        forecast.Wape.Should().BeApproximately(0, 1e-3);
        forecast.Days.Should().HaveCount(7);
        forecast.Days[0].Date.Should().Be(Monday.AddDays(56));
        forecast.Days[0].Calls[40].Should().BeApproximately(15, 0.01);
        forecast.Days[0].HandleSeconds[40].Should().BeApproximately(200, 1e-9);
        forecast.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void one_wild_day_does_not_move_the_forecast()
    {
        var history = new History(Days(63, date => date == Monday.AddDays(49) ? 1_000_000 : 20));

        var forecast = Forecast(history, 7);

        forecast.Days[0].Calls[0].Should().BeApproximately(20, 0.2);
    }

    [Fact]
    public void the_weights_follow_the_past_of_the_queue_itself()
    {
        // Every other week is busier: what is half a season away is of no use, last week least of all.
        var random = new Random(5);
        var history = new History(Days(112, date => (date.DayNumber / 7 % 2 == 0 ? 40 : 60) + random.Next(4)));

        var forecast = Forecast(history, 7);

        forecast.Backtests.Select(b => b.Method).Should().BeEquivalentTo(RollingForecast.Methods);
        forecast.Backtests.Sum(b => b.Weight).Should().BeApproximately(1, 1e-9);
        forecast.Backtests.Single(b => b.Method == "last-week").Weight.Should().BeLessThan(0.02);
        forecast.Method.Should().Be(forecast.Backtests.MaxBy(b => b.Weight)!.Method);
        forecast.Wape.Should().BeLessThan(forecast.Backtests.Single(b => b.Method == "last-week").Wape!.Value);
    }

    [Fact]
    public void a_level_that_has_doubled_is_the_level_from_now_on()
    {
        var random = new Random(5);
        var history = new History(Days(84, date => (date >= Monday.AddDays(77) ? 40 : 20) + random.Next(3)));

        var forecast = Forecast(history, 7);

        forecast.Warnings.Should().Contain("level-shifted");
        forecast.Days.Average(d => d.Calls.Average()).Should().BeInRange(38, 43);
    }

    [Fact]
    public void a_missing_day_is_missing_and_not_zero()
    {
        var complete = Days(56, _ => 30).ToList();
        var gaps = complete.Where(d => d.Date.DayNumber % 5 != 0).ToList();

        var forecast = Forecaster.Forecast(new History(gaps), Monday.AddDays(60), 7, TestContext.Current.CancellationToken);

        forecast.Days.Should().OnlyContain(d => d.Calls.All(c => Math.Abs(c - 30) < 0.1));
        forecast.Warnings.Should().Equal("history-gaps");
    }

    [Fact]
    public void an_unknown_slot_is_left_out()
    {
        // The hour that a spring night does not have.
        var days = Days(28, _ => 8).Select(d => d.Date == Monday.AddDays(20)
            ? d with { Calls = [.. d.Calls.Select((c, i) => i is >= 8 and < 12 ? double.NaN : c)] }
            : d);

        Forecast(new History(days), 7).Days.Should().OnlyContain(d => d.Calls.All(c => Math.Abs(c - 8) < 0.05));
    }

    [Fact]
    public void handle_time_follows_its_slot_where_calls_are_many_and_the_mean_where_they_are_few()
    {
        var days = Days(42, _ => 0).Select(d => d with
        {
            Answered = [.. Enumerable.Range(0, 96).Select(i => i == 40 ? 500.0 : i == 80 ? 0.1 : 0)],
            HandleSeconds = [.. Enumerable.Range(0, 96).Select(i => i == 40 ? 500 * 300.0 : i == 80 ? 0.1 * 9000 : 0)],
        });

        var forecast = Forecast(new History(days), 1);

        forecast.Days[0].HandleSeconds[40].Should().BeApproximately(300, 2);
        forecast.Days[0].HandleSeconds[80].Should().BeInRange(300, 2000);
        forecast.Days[0].HandleSeconds[10].Should().BeApproximately(300, 5);
    }

    [Theory]
    [InlineData(1, "history-short")]
    [InlineData(6, "history-short")]
    public void a_short_past_gives_an_answer_and_a_warning(int days, string warning)
    {
        var forecast = Forecast(new History(Days(days, _ => 10)), 7);

        forecast.Warnings.Should().Contain(warning).And.Contain("weekday-unknown");
        forecast.Wape.Should().BeNull();
        forecast.Days.Should().OnlyContain(d => d.Calls.All(double.IsFinite));
    }

    [Fact]
    public void nothing_offered_forecasts_nothing_and_says_so()
    {
        var forecast = Forecast(new History(Days(35, _ => 0)), 7);

        forecast.Warnings.Should().Contain("nothing-offered").And.Contain("handle-time-unknown");
        forecast.Days.SelectMany(d => d.Calls).Should().OnlyContain(c => c == 0);
    }

    [Fact]
    public void each_question_without_an_answer_has_a_name()
    {
        Code(() => _ = new History([])).Should().Be("history-empty");
        Code(() => _ = new History(Days(3, _ => -1))).Should().Be("history-out-of-range");
        Code(() => _ = new History(Days(3, _ => double.PositiveInfinity))).Should().Be("history-out-of-range");
        Code(() => _ = new History([.. Days(2, _ => 1), new(Monday.AddDays(9), [1], [1], [1])])).Should().Be("history-uneven");
        Code(() => Forecaster.Forecast(new History(Days(9, _ => 1)), Monday, 7, default)).Should().Be("history-overlaps");
        Code(() => Forecaster.Forecast(new History(Days(9, _ => 1)), Monday.AddDays(9), 0, default)).Should().Be("days-out-of-range");
    }

    // Given seeds: among counts that are pure noise the vote for a method can be so close that the scale decides it.
    [Theory, MemberData(nameof(Seeds))]
    public void twice_the_calls_are_twice_the_forecast(int seed)
    {
        var random = new Random(seed);
        var days = Days(42, _ => random.Next(50)).ToList();
        var doubled = days.Select(d => d with { Calls = [.. d.Calls.Select(c => 2 * c)] });

        var (once, twice) = (Forecast(new History(days), 7), Forecast(new History(doubled), 7));

        twice.Method.Should().Be(once.Method);
        once.Days.Zip(twice.Days, (a, b) => a.Calls.Zip(b.Calls, (x, y) => Math.Abs(2 * x - y) < 0.05 * y).All(same => same)).Should()
            .OnlyContain(same => same);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    private static QueueForecast Forecast(History history, int days) =>
        Forecaster.Forecast(history, history.Last.AddDays(1), days, TestContext.Current.CancellationToken);

    private static IEnumerable<HistoryDay> Days(int count, Func<DateOnly, double> calls) =>
        Enumerable.Range(0, count).Select(i => Monday.AddDays(i)).Select(date => new HistoryDay(
            date, [.. Enumerable.Repeat(calls(date), 96)], [.. Enumerable.Repeat(calls(date) * 0.9, 96)],
            [.. Enumerable.Repeat(calls(date) * 0.9 * 200, 96)]));

    private static string Code(Action act) => act.Should().Throw<PlanningException>().Which.Code;
}

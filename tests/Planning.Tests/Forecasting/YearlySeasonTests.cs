using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

/// <summary>Measured on made-up queues of three years, forecast from origins through the third.</summary>
public sealed class YearlySeasonTests
{
    private const int TwoYears = 2 * 365 + 1;
    private const int Queues = 3;

    private static readonly SeasonalQueue Usual = new(Wave: 0.2);

    [Theory]
    [InlineData(0.05, 0.1, 0, 0.99, 0.95)]
    [InlineData(0.1, 0.1, 0, 0.9, 0.75)]
    [InlineData(0.2, 0.3, 0, 0.8, 0.65)]
    [InlineData(0.2, 0.1, 0.01, 0.9, 0.8)]
    [InlineData(0.4, -0.1, 0, 0.6, 0.4)]
    public void a_season_that_is_there_makes_forecasts_better_and_intervals_hold(
        double wave, double growth, double wander, double month, double quarter)
    {
        var leads = Measure(new(wave, growth, Wander: wander));

        leads[1].Error.Should().BeLessThan(month * leads[1].ErrorWithout);
        leads[2].Error.Should().BeLessThan(quarter * leads[2].ErrorWithout);
        leads.Should().OnlyContain(lead => lead.Held >= 0.75 && lead.Held <= 0.85);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3, 0)]
    [InlineData(0.1, 0.01)]
    [InlineData(0, 0.02)]
    public void where_there_is_none_forecasts_are_as_good_as_before(double growth, double wander)
    {
        var leads = Measure(new(Wave: 0, growth, Wander: wander));

        leads.Should().OnlyContain(lead => lead.Error <= 1.02 * lead.ErrorWithout && lead.Held >= 0.75 && lead.Held <= 0.85);
    }

    [Fact]
    public void less_than_two_years_know_no_season_and_the_forecast_says_so()
    {
        var history = Usual.Of(seed: 1, TwoYears - 2);
        SeasonalQueue.Season(history).Should().BeNull();
        Forecast(Recent(history), null).Season.Should().BeNull();

        var longer = Usual.Of(seed: 1, TwoYears);
        Forecast(Recent(longer), SeasonalQueue.Season(longer)).Season.Should().BeEquivalentTo(new { Years = 2, Used = true });
    }

    [Fact]
    public void what_is_not_used_changes_nothing()
    {
        var history = new SeasonalQueue(Wave: 0).Of(seed: 1);
        var season = SeasonalQueue.Season(history)!;

        season.Used.Should().BeFalse();
        season.Factor(new(2026, 7, 1)).Should().Be(1);
        Forecast(Recent(history), season).Days[20].Calls.Should().Equal(Forecast(Recent(history), null).Days[20].Calls);
    }

    [Fact]
    public void a_leap_year_moves_nothing()
    {
        // The second of three years, and that of the forecast.
        foreach (var year in new[] { 2026, 2028 })
            ShouldBeTheWave(SeasonalQueue.Season(Usual.Of(seed: 2))!, year, within: 0.03);

        var season = SeasonalQueue.Season(Usual.Of(seed: 2))!;
        season.Factor(new(2028, 2, 29)).Should().BeApproximately(season.Factor(new(2028, 3, 1)), 0.01);
        season.Factor(new(2028, 12, 31)).Should().BeApproximately(season.Factor(new(2029, 1, 1)), 0.01);
    }

    [Fact]
    public void a_gap_is_bridged_by_the_other_years_and_a_year_with_a_large_one_does_not_count()
    {
        static bool Summer(DateOnly date) => date is { Year: 2024, Month: 6 or 7 };
        static bool HalfOf2024(DateOnly date) => date is { Year: 2024, Month: <= 6 };

        var bridged = SeasonalQueue.Season(Usual.Of(seed: 3, missing: Summer))!;
        bridged.Years.Should().Be(3);
        ShouldBeTheWave(bridged, 2026, within: 0.04);

        var two = SeasonalQueue.Season(Usual.Of(seed: 3, missing: HalfOf2024))!;
        two.Years.Should().Be(2);
        ShouldBeTheWave(two, 2026, within: 0.05);

        SeasonalQueue.Season(Usual.Of(seed: 3, TwoYears, missing: HalfOf2024)).Should().BeNull();
    }

    [Fact]
    public void what_one_year_had_and_no_other_is_hardly_believed()
    {
        // A busy autumn of the second year, that comes and goes too slowly for a shift of the level, beside a wave that is there each year.
        var lasting = SeasonalQueue.Season(Usual.Of(seed: 4))!;
        var once = SeasonalQueue.Season(Usual.Of(seed: 4, besides: date =>
            1 + 0.5 * Math.Exp(-Math.Pow((date.DayNumber - new DateOnly(2024, 10, 1).DayNumber) / 25.0, 2))))!;
        var autumn = new DateOnly(2026, 10, 1);

        once.Used.Should().BeTrue();
        (once.Factor(autumn) / lasting.Factor(autumn)).Should().BeInRange(0.98, 1.06);
    }

    [Fact]
    public void holidays_that_move_are_no_season()
    {
        // Ten days in spring, which fall two weeks earlier each year.
        var holidays = Enumerable.Range(0, 3).SelectMany(year => Enumerable.Range(0, 10).Select(day =>
            new SpecialDay(new DateOnly(2023 + year, 5, 1).AddDays(day - 14 * year), "spring festival"))).ToArray();
        var dates = holidays.Select(day => day.Date).ToHashSet();
        var history = new SeasonalQueue(0.1).Of(seed: 5, besides: date => dates.Contains(date) ? 0.5 : 1);
        var plain = SeasonalQueue.Season(new SeasonalQueue(0.1).Of(seed: 5))!;
        var spring = new DateOnly(2026, 4, 20);

        SeasonalQueue.Season(history, holidays)!.Factor(spring).Should().BeApproximately(plain.Factor(spring), 0.02);
    }

    private static void ShouldBeTheWave(YearlySeason season, int year, double within)
    {
        // A factor says how times of the year compare, not how high they are.
        var days = Enumerable.Range(0, 365).Select(new DateOnly(year, 1, 1).AddDays).ToList();
        var (learned, known) = (days.Select(season.Factor).ToArray(), days.Select(d => 1 + Usual.Wave * SeasonalQueue.Sine(d)).ToArray());
        var scale = learned.Average() / known.Average();

        season.Used.Should().BeTrue();
        learned.Zip(known, (l, k) => Math.Abs(l / scale / k - 1)).Max().Should().BeLessThan(within);
    }

    private sealed record Lead(double Error, double ErrorWithout, double Held);

    private static Lead[] Measure(SeasonalQueue queue)
    {
        // Each lead and the days of the week before it.
        (int First, int Last)[] leads = [(1, 3), (22, 28), (84, 90)];
        var sums = leads.Select(_ => new double[5]).ToArray();

        for (var seed = 1; seed <= Queues; seed++)
        {
            var days = queue.Of(seed).Days.ToList();
            for (var known = TwoYears + 4; known + 90 <= days.Count; known += 50)
            {
                var past = new History(days.Take(known));
                var season = SeasonalQueue.Season(past);
                var with = Forecast(Recent(past), season);
                var without = season!.Used ? Forecast(Recent(past), null) : with;

                foreach (var (lead, (first, last)) in leads.Index())
                    for (var ahead = first; ahead <= last; ahead++)
                    {
                        var (actual, day) = (days[known + ahead - 1].Calls, with.Days[ahead - 1]);
                        sums[lead][0] += Math.Abs(day.Calls.Sum() - actual.Sum());
                        sums[lead][1] += Math.Abs(without.Days[ahead - 1].Calls.Sum() - actual.Sum());
                        sums[lead][2] += actual.Sum();
                        sums[lead][3] += actual.Where((calls, s) => calls >= day.Low[s] && calls <= day.High[s]).Count();
                        sums[lead][4] += actual.Count;
                    }
            }
        }

        return [.. sums.Select(s => new Lead(s[0] / s[2], s[1] / s[2], s[3] / s[4]))];
    }

    private static History Recent(History history) => new(history.Days.TakeLast(250));

    private static QueueForecast Forecast(History history, YearlySeason? season) =>
        Forecaster.Forecast(history, history.Last.AddDays(1), 90, TestContext.Current.CancellationToken, season: season);
}

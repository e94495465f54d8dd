using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

/// <summary>Intervals that are made to hold 80 % hold about that on days that were kept back, however the level behaves.</summary>
public sealed class IntervalTests
{
    private static readonly int[] Leads = [1, 7, 20];

    // One queue that wanders says little by itself: its months kept back are a few misses that last.
    private const int Queues = 6;

    public static TheoryData<string> Kinds { get; } = ["steady", "small", "random walk", "weeks apart", "jumps", "heavy tails", "a year"];

    [Theory, MemberData(nameof(Kinds))]
    public void intervals_hold_what_they_are_made_to_hold_at_every_lead(string kind)
    {
        var histories = Enumerable.Range(1, Queues).Select(seed => UncertainQueue.All.Single(q => q.Name == kind).Of(seed, 170)).ToList();
        foreach (var (lead, held) in Leads.Zip(Held(histories, Leads)))
            held.Should().BeInRange(0.74, 0.86, "{0} is forecast {1} days ahead", kind, lead);
    }

    [Fact]
    public void a_level_that_lasts_makes_intervals_wider_than_one_that_does_not()
    {
        // Both miss their past by as much on average; only one may go on missing for weeks.
        var steady = Spread(UncertainQueue.All.Single(q => q.Name == "steady"));
        var lasting = Spread(new("lasting", 45, normal =>
        {
            var level = 0.0;
            return day => level = day % 30 == 0 ? 0.05 * normal() : level;
        }));

        lasting.Should().BeGreaterThan(steady);

        static double Spread(UncertainQueue queue) => Enumerable.Range(1, Queues).Average(seed =>
        {
            var history = queue.Of(seed, 150);
            return new RollingForecast(history, [], default).Day(history.Last.AddDays(20), history.Last)!.Spread.DayVariance;
        });
    }

    [Fact]
    public void a_kind_of_day_that_was_seen_twice_is_less_certain_than_usual_days_and_more_than_one_never_seen()
    {
        var holidays = new[] { 40, 75, 110 }.Select(d => new SpecialDay(Series.Monday.AddDays(d), "holiday")).ToList();
        var history = Series.Of(110, seed: 5, factor: date => holidays.Any(h => h.Date == date) ? 0.6 : 1);

        var seen = Width([.. holidays]);
        var unseen = Width([holidays[2]]);
        var usual = Width([]);

        seen.Should().BeGreaterThan(1.2 * usual).And.BeLessThan(0.8 * unseen);

        double Width(SpecialDay[] special)
        {
            var day = Forecaster.Forecast(history, Series.Monday.AddDays(110), 1, default, special).Days[0];
            return day.High.Zip(day.Low, (high, low) => high - low).Sum() / day.Calls.Sum();
        }
    }

    [Theory]
    [InlineData("steady")]
    [InlineData("random walk")]
    [InlineData("weeks apart")]
    public void the_interval_of_a_month_holds_sums_and_is_no_sum_of_bounds(string kind)
    {
        var (held, sums, widths, bounds) = (0.0, 0.0, 0.0, 0.0);
        for (var seed = 1; seed <= 12; seed++)
        {
            var history = UncertainQueue.All.Single(q => q.Name == kind).Of(seed, 210);
            foreach (var known in new[] { 130, 180 })
            {
                var past = new History(history.Days.Take(known));
                var forecast = Forecaster.Forecast(past, past.Last.AddDays(1), 30, TestContext.Current.CancellationToken);
                var sum = ForecastSum.Of(forecast.Days);
                var actual = history.Days.Skip(known).Take(30).Sum(d => d.Calls.Sum());
                held += actual >= sum.Low && actual <= sum.High ? 1 : 0;
                sums++;
                widths += sum.High - sum.Low;
                bounds += forecast.Days.Sum(d => d.High.Zip(d.Low, (high, low) => high - low).Sum());
            }
        }

        (held / sums).Should().BeInRange(0.66, 0.98, "24 sums, of which those of a queue have much in common");
        widths.Should().BeLessThan(0.7 * bounds);
    }

    private static double[] Held(List<History> histories, int[] leads)
    {
        var (held, slots) = (new double[leads.Length], 0.0);
        foreach (var history in histories)
        {
            var rolling = new RollingForecast(history, [], TestContext.Current.CancellationToken);
            foreach (var day in history.Days.TakeLast(60))
            {
                slots += day.Calls.Count;
                foreach (var (l, lead) in leads.Index())
                {
                    var forecast = rolling.Day(day.Date, rolling.Before(day.Date, lead))!;
                    held[l] += day.Calls.Where((calls, s) => calls >= forecast.Low[s] && calls <= forecast.High[s]).Count();
                }
            }
        }

        return [.. held.Select(h => h / slots)];
    }
}

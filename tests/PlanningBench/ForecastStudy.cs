using System.Globalization;
using CallCenter.Planning.Forecasting;

namespace CallCenter.PlanningBench;

/// <summary>
/// Rolling origin by day: each test day is forecast from the end of the day so many open days before, by the portfolio and by the
/// simple methods, on the same days.
/// </summary>
internal sealed class ForecastStudy(ForecastSeries series, IReadOnlyList<SpecialDay> specialDays, DateOnly? from)
{
    private static readonly (string Name, string[] Methods)[] Simple =
    [
        ("seasonal naive (last week)", ["last-week"]),
        ("mean of last 4 same weekdays", ["mean-of-4-weeks"]),
        ("mean of last 8", ["mean-of-8-weeks"]),
        ("median of last 8", ["median-of-8-weeks"]),
        ("top-down: level x mean-8 profile", ["level-by-profile"]),
        ("double-seasonal Holt-Winters", ["double-seasonal-smoothing"]),
        ("median-8 + top-down", ["median-of-8-weeks", "level-by-profile"]),
        ("median-8 + Holt-Winters", ["median-of-8-weeks", "double-seasonal-smoothing"]),
        ("median-8 + top-down + Holt-Winters", ["median-of-8-weeks", "level-by-profile", "double-seasonal-smoothing"]),
    ];

    private readonly RollingForecast plain = new(series.History, [], default, asItIs: true);
    private readonly RollingForecast rolling = new(series.History, specialDays, default);

    // Without a first test day: a little over half of the span is for learning.
    private readonly List<DateOnly> tested = [.. series.Calls.Keys.Where(d => d >= (from ??
        series.History.First.AddDays((series.History.Last.DayNumber - series.History.First.DayNumber) * 53 / 100))).Order()];

    public void Print()
    {
        var week = series.Calls.Keys.Select(d => d.DayOfWeek).Distinct().Count();
        int[] leads = [1, week, 2 * week, 4 * week];
        Console.WriteLine($"{series.Name}: {tested.Count} test days, {tested[0]:yyyy-MM-dd} to {tested[^1]:yyyy-MM-dd}{(specialDays.Count > 0 ? ", with holiday calendar" : "")}; WAPE of half hours / of day totals, %");
        Line("", leads.Select(l => $"L={l}"));

        var simple = Simple.Select(s => (s.Name, Errors: leads.Select(l => Measure(d => Mean(s.Methods, d, l))).ToList())).ToList();
        foreach (var (name, errors) in simple)
            Line(name, errors.Select(Cell));
        Line("calendar regression alone", leads.Select(l => Cell(Measure(d => Alone("calendar-regression", d, l)))));

        var days = leads.Select(l => tested.ToDictionary(d => d, d => rolling.Day(d, rolling.Before(d, l)))).ToList();
        var ours = days.Select(f => Measure(d => f[d]?.Calls)).ToList();
        Line("OURS", ours.Select(Cell));
        Line("  beside the best simple", ours.Select((o, i) => Percent(o.Slots / simple.Min(s => s.Errors[i].Slots) - 1)));
        Line("  beside the seasonal naive", ours.Select((o, i) => Percent(o.Slots / simple[0].Errors[i].Slots - 1)));
        Line("  80 % intervals hold", days.Select(f => Percent(Coverage(f))));
        Line("  mean width / mean calls", days.Select(f => Percent(Width(f))));
        Console.WriteLine();
    }

    /// <summary>The rest of the day, forecast the evening before and updated when so many slots are known.</summary>
    public void PrintIntraday()
    {
        var slots = series.History.Slots;
        Console.WriteLine($"{series.Name}: rest of the day, WAPE % before and after an update, and what its 80 % intervals hold");
        foreach (var known in new[] { slots / 4, slots * 3 / 8, slots / 2, slots * 3 / 4 })
        {
            var (before, after, calls, held, count) = (0.0, 0.0, 0.0, 0, 0);
            foreach (var date in tested)
            {
                if (rolling.Day(date, rolling.Before(date, 1)) is not { } day)
                    continue;

                var actual = series.Calls[date];
                var updated = IntradayUpdate.Update(day, actual[..known]);
                for (var slot = known; slot < slots; slot++)
                {
                    before += Math.Abs(day.Calls[slot] - actual[slot]);
                    after += Math.Abs(updated.Calls[slot] - actual[slot]);
                    calls += actual[slot];
                    held += actual[slot] >= updated.Low[slot] && actual[slot] <= updated.High[slot] ? 1 : 0;
                    count++;
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  at {series.FirstSlot.AddMinutes(30 * known):HH:mm}: {100 * before / calls:0.00} -> {100 * after / calls:0.00}, {100.0 * held / count:0.0} %"));
        }

        Console.WriteLine();
    }

    /// <summary>Test days from one on, each forecast so many open days before.</summary>
    public string Chart(string title, DateOnly first, int days, int lead) => ForecastChart.Draw(title,
        [.. tested.Where(d => d >= first).Take(days).Select(d => (rolling.Day(d, rolling.Before(d, lead))!, series.Calls[d]))]);

    private IReadOnlyList<double>? Alone(string method, DateOnly date, int lead) => rolling.Day(date, rolling.Before(date, lead), method);

    private double[]? Mean(string[] methods, DateOnly date, int lead)
    {
        var forecasts = methods.Select(m => plain.Day(date, plain.Before(date, lead), m)).ToList();
        return forecasts.Any(f => f is null) ? null
            : [.. Enumerable.Range(0, series.History.Slots).Select(s => forecasts.Average(f => f![s]))];
    }

    private (double Slots, double Days) Measure(Func<DateOnly, IReadOnlyList<double>?> forecast)
    {
        var (slots, days, calls) = (0.0, 0.0, 0.0);
        foreach (var date in tested)
        {
            var actual = series.Calls[date];
            var expected = forecast(date) ?? new double[actual.Length];
            slots += actual.Zip(expected, (a, e) => Math.Abs(a - e)).Sum();
            days += Math.Abs(actual.Sum() - expected.Sum());
            calls += actual.Sum();
        }

        return (slots / calls, days / calls);
    }

    private double Coverage(Dictionary<DateOnly, ForecastDay?> days) => tested.SelectMany(d => series.Calls[d]
        .Select((c, s) => days[d] is { } day && c >= day.Low[s] && c <= day.High[s] ? 1.0 : 0)).Average();

    private double Width(Dictionary<DateOnly, ForecastDay?> days) =>
        tested.Sum(d => days[d]!.High.Zip(days[d]!.Low, (h, l) => h - l).Sum()) / tested.Sum(d => series.Calls[d].Sum());

    private static string Cell((double Slots, double Days) error) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * error.Slots:0.00}/{100 * error.Days:0.00}");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:+0.0;-0.0;0.0} %");

    private static void Line(string name, IEnumerable<string> cells) =>
        Console.WriteLine($"  {name,-36}{string.Concat(cells.Select(c => $"{c,14}"))}");
}

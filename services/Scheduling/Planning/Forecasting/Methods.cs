namespace CallCenter.Planning.Forecasting;

/// <summary>A way to forecast the calls of a day per slot from what was known at the end of another.</summary>
/// <param name="Code">Stable name, stored with each forecast.</param>
public sealed record ForecastMethod(string Code, Func<History, DateOnly, DateOnly, double[]?> Forecast)
{
    /// <summary>In the order in which a tie is decided: simple ones first.</summary>
    public static IReadOnlyList<ForecastMethod> All { get; } =
    [
        new("median-of-8-weeks", (h, date, known) => OfWeeks(h, date, known, 8, Median)),
        new("mean-of-4-weeks", (h, date, known) => OfWeeks(h, date, known, 4, Mean)),
        new("mean-of-8-weeks", (h, date, known) => OfWeeks(h, date, known, 8, Mean)),
        new("last-week", (h, date, known) => OfWeeks(h, date, known, 1, Mean)),
        new("level-by-profile", LevelByProfile),
        new("median-and-level", (h, date, known) => Average(OfWeeks(h, date, known, 8, Median), LevelByProfile(h, date, known))),
    ];

    private static double[]? OfWeeks(History history, DateOnly date, DateOnly known, int weeks, Func<List<double>, double> combine)
    {
        var days = history.SameWeekday(date, known, weeks).ToList();
        if (days.Count == 0)
            return null;

        var forecast = new double[history.Slots];
        var values = new List<double>(weeks);
        for (var slot = 0; slot < forecast.Length; slot++)
        {
            values.Clear();
            values.AddRange(days.Select(d => d.Calls[slot]).Where(c => !double.IsNaN(c)));
            forecast[slot] = values.Count == 0 ? 0 : combine(values);
        }

        return forecast;
    }

    /// <summary>The shape of the weekday over eight weeks, scaled to how the last two weeks compare with what their days usually bring.</summary>
    private static double[]? LevelByProfile(History history, DateOnly date, DateOnly known)
    {
        if (OfWeeks(history, date, known, 8, Mean) is not { } profile)
            return null;

        var (recent, usual) = (0.0, 0.0);
        for (var day = known.AddDays(-13); day <= known; day = day.AddDays(1))
        {
            if (history.On(day) is not { } actual || OfWeeks(history, day, known, 8, Mean) is not { } expected)
                continue;

            recent += Total(actual.Calls);
            usual += expected.Sum();
        }

        var level = usual > 0 ? recent / usual : 1;
        return [.. profile.Select(calls => calls * level)];
    }

    private static double[]? Average(double[]? a, double[]? b) =>
        a is null || b is null ? a ?? b : [.. a.Zip(b, (x, y) => (x + y) / 2)];

    private static double Mean(List<double> values) => values.Average();

    private static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    internal static double Total(IEnumerable<double> values) => values.Where(v => !double.IsNaN(v)).Sum();
}

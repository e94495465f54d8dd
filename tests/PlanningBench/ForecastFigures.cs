using System.Diagnostics;
using System.Globalization;
using CallCenter.Planning.Forecasting;

namespace CallCenter.PlanningBench;

/// <summary>
/// The forecaster beside simple methods on public call counts, or on any csv: <c>--csv file [--from yyyy-MM-dd]</c>. With
/// <c>--pictures folder</c> some of the days are drawn too.
/// </summary>
internal static class ForecastFigures
{
    public static void Print(Options options)
    {
        var from = options.Text("from", "") is { Length: > 0 } text ? DateOnly.Parse(text, CultureInfo.InvariantCulture) : (DateOnly?)null;
        if (options.Text("csv", "") is { Length: > 0 } path)
        {
            var given = ForecastSeries.Read(Path.GetFileName(path), path);
            new ForecastStudy(given, [], from).Print();
            new ForecastStudy(given, [], from).PrintIntraday();
            return;
        }

        var bank = ForecastSeries.Read("NA bank", Path.Combine(options.Data!, "calls", "na-bank-5min", "calls-march-to-august.csv"));
        var technion = ForecastSeries.Read(
            "Technion", Path.Combine(options.Data!, "calls", "technion-anonymous-bank", "1999-01-to-09_6min_counts.csv"));

        new ForecastStudy(bank, [], from).Print();
        new ForecastStudy(technion, [], from).Print();
        new ForecastStudy(technion, ForecastCalendars.Israel1999, from).Print();
        new ForecastStudy(bank, [], from).PrintIntraday();
        new ForecastStudy(technion, ForecastCalendars.Israel1999, from).PrintIntraday();
        Speed();

        if (options.Text("pictures", "") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, "forecast-na-bank.svg"), new ForecastStudy(bank, [], from)
                .Chart("NA bank, a week forecast five working days ahead", new(2003, 7, 7), 5, lead: 5));
            File.WriteAllText(Path.Combine(folder, "forecast-technion.svg"), new ForecastStudy(technion, ForecastCalendars.Israel1999, from)
                .Chart("Technion bank, the week of Yom Kippur forecast seven days ahead", new(1999, 9, 17), 7, lead: 7));
        }
    }

    // Ten queues with a year of half hours each: weekly shape, drift, busy days, chance.
    private static void Speed()
    {
        var first = new DateOnly(2025, 1, 1);
        var queues = Enumerable.Range(0, 10).Select(queue =>
        {
            var random = new Random(queue);
            return ForecastSeries.Of(Enumerable.Range(0, 365).ToDictionary(first.AddDays, day =>
            {
                var level = (20 + 10 * queue) * (1 + 0.3 * Math.Sin(day / 58.0)) * (first.AddDays(day).DayOfWeek is DayOfWeek.Sunday ? 0.4
                    : 1) * (0.9 + 0.2 * random.NextDouble());
                return Enumerable.Range(0, 48)
                    .Select(slot => Math.Max(0, Math.Round(level * Math.Exp(-Math.Pow((slot - 24) / 9.0, 2)) + random.Next(-3, 4))))
                    .ToArray();
            }));
        }).ToList();

        var clock = Stopwatch.StartNew();
        foreach (var queue in queues)
            Forecaster.Forecast(queue, queue.Last.AddDays(1), 28, default);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"10 queues x 1 year of half hours, 28 days ahead with backtests: {clock.Elapsed.TotalSeconds:0.0} s on one core"));
    }
}

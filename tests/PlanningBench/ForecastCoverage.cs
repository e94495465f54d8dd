using System.Globalization;
using CallCenter.Planning.Forecasting;
using CallCenter.Planning.Tests.Forecasting;

namespace CallCenter.PlanningBench;

/// <summary>
/// What the 80 % intervals hold at each lead, over every origin from which a series can be forecast: public counts, and made-up centres
/// of several kinds, where any number of months can be kept back.
/// </summary>
internal static class ForecastCoverage
{
    private static readonly int[] Leads = [1, 2, 3, 5, 7, 10, 14, 20, 28, 42, 60];

    public static void Print(Options options)
    {
        var calls = Path.Combine(options.Data!, "calls");
        var bank = ForecastSeries.Read("NA bank", Path.Combine(calls, "na-bank-5min", "calls-march-to-august.csv"));
        var technion = ForecastSeries.Read("Technion", Path.Combine(calls, "technion-anonymous-bank", "1999-01-to-09_6min_counts.csv"));

        Console.WriteLine("80 % intervals hold, by lead in open days; below it their mean score (width, and ten times each miss) over the mean calls");
        Console.WriteLine($"  {"",-28}{string.Concat(Leads.Select(l => $"{"L=" + l,8}"))}");
        Line("NA bank", [bank.History], [], 60);
        foreach (var month in new[] { 5, 6, 7, 8 })
            Line($"  month {month}", [bank.History], [], 40, month);
        Line("Technion", [technion.History], [], 60);
        Line("Technion, with holidays", [technion.History], ForecastCalendars.Israel1999, 60);
        foreach (var month in new[] { 4, 5, 6, 7, 8, 9 })
            Line($"  month {month}", [technion.History], ForecastCalendars.Israel1999, 60, month);
        foreach (var kind in UncertainQueue.All)
            Line(kind.Name, [.. Enumerable.Range(1, (int)options.Number("seeds", 6)).Select(seed => kind.Of(seed, 240))], [], 90);
    }

    private static void Line(string name, IReadOnlyList<History> histories, IReadOnlyList<SpecialDay> special, int after, int? month = null)
    {
        var (held, slots, score) = (new double[Leads.Length], new double[Leads.Length], new double[Leads.Length]);
        var (calls, missed) = (new double[Leads.Length], new double[Leads.Length]);
        foreach (var history in histories)
        {
            var rolling = new RollingForecast(history, special, default);
            foreach (var day in history.Days.Where(d => d.Date >= history.First.AddDays(after) && (month ?? d.Date.Month) == d.Date.Month))
                for (var l = 0; l < Leads.Length; l++)
                {
                    if (rolling.Before(day.Date, Leads[l]) is var known && known < history.First.AddDays(30)
                        || rolling.Day(day.Date, known) is not { } forecast)
                        continue;

                    for (var s = 0; s < day.Calls.Count; s++)
                    {
                        var (actual, low, high) = (day.Calls[s], forecast.Low[s], forecast.High[s]);
                        held[l] += actual >= low && actual <= high ? 1 : 0;
                        score[l] += high - low + 10 * (Math.Max(0, low - actual) + Math.Max(0, actual - high));
                        missed[l] += Math.Abs(actual - forecast.Calls[s]);
                        calls[l] += actual;
                        slots[l]++;
                    }
                }
        }

        Row(name, held.Zip(slots, (h, n) => h / n));
        if (month is null)
        {
            Row("    score", score.Zip(calls, (s, c) => s / c));
            Row("    WAPE", missed.Zip(calls, (s, c) => s / c));
        }
    }

    private static void Row(string name, IEnumerable<double> shares) => Console.WriteLine(
        $"  {name,-28}{string.Concat(shares.Select(s => string.Create(CultureInfo.InvariantCulture, $"{100 * s,8:0.0}")))}");
}

using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

/// <summary>Made-up queues of a known rate: weekday, time of day, a level that wanders, and Poisson counts.</summary>
internal static class Series
{
    public static readonly DateOnly Monday = new(2026, 3, 2);
    public const int Slots = 24;

    public static double Rate(DateOnly date, int slot) =>
        (date.DayOfWeek is DayOfWeek.Sunday ? 20 : date.DayOfWeek is DayOfWeek.Monday ? 60 : 45) * Math.Exp(
            -Math.Pow((slot - 12) / 5.0, 2));

    public static History Of(int days, int seed, Func<DateOnly, double>? factor = null, double wander = 0.08)
    {
        var (random, level) = (new Random(seed), 0.0);
        return new(Enumerable.Range(0, days).Select(i => Monday.AddDays(i)).Select(date =>
        {
            level = 0.8 * level + wander * (random.NextDouble() * 2 - 1);
            var calls = Enumerable.Range(0, Slots)
                .Select(slot => (double)Poisson(random, Rate(date, slot) * Math.Exp(level) * (factor?.Invoke(date) ?? 1))).ToArray();
            return new HistoryDay(date, calls, calls, [.. calls.Select(c => c * 200)]);
        }));
    }

    public static int Poisson(Random random, double mean)
    {
        var (count, left) = (0, Math.Exp(-mean));
        for (var product = random.NextDouble(); product > left; product *= random.NextDouble())
            count++;
        return count;
    }
}

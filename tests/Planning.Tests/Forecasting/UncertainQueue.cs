using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

/// <summary>A made-up queue whose level is uncertain in a way of its own. The benchmark measures the same.</summary>
/// <param name="Calls">In the busiest slot of a usual day.</param>
/// <param name="Level">By a draw of normal numbers: the logarithm of a day's level, asked for day by day.</param>
internal sealed record UncertainQueue(string Name, double Calls, Func<Func<double>, Func<int, double>> Level)
{
    private const int Slots = 24;

    public static IReadOnlyList<UncertainQueue> All { get; } =
    [
        new("steady", 45, normal => _ => 0.05 * normal()),
        new("small", 4, normal => _ => 0.05 * normal()),
        new("slow wander", 45, normal => Sum(level => 0.95 * level + 0.03 * normal(), 0.03, normal)),
        new("random walk", 45, normal => Sum(level => level + 0.02 * normal(), 0, normal)),
        new("random walk, large", 900, normal => Sum(level => level + 0.015 * normal(), 0.03, normal)),
        new("weeks apart", 200, normal =>
        {
            var week = 0.0;
            return day => (week = day % 7 == 0 ? 0.08 * normal() : week) + 0.03 * normal();
        }),
        new("jumps", 200, normal => Sum(level => level + (Math.Abs(normal()) > 2.19 ? 0.2 * normal() : 0), 0.03, normal)),
        new("heavy tails", 200, normal => _ =>
            0.05 * normal() / Math.Sqrt(Enumerable.Range(0, 3).Average(_ => Math.Pow(normal(), 2)))),
        new("rougher by and by", 200, normal => day => (0.03 + 0.09 * day / 240) * normal()),
        new("a year", 200, normal => day => 0.25 * Math.Sin(2 * Math.PI * day / 365) + 0.04 * normal()),
        new("growth", 200, normal => day => 0.003 * day + 0.04 * normal()),
        new("months", 200, normal => day => 0.2 * Math.Cos(2 * Math.PI * Series.Monday.AddDays(day).Day / 30.4) + 0.04 * normal()),
    ];

    public History Of(int seed, int days)
    {
        var random = new Random(seed);
        var level = Level(() => Normal(random));
        return new(Enumerable.Range(0, days).Select(day =>
        {
            var factor = Calls * Math.Exp(level(day)) / 45;
            var calls = Enumerable.Range(0, Slots).Select(slot => Count(random, factor * Series.Rate(Series.Monday.AddDays(day), slot)))
                .ToArray();
            return new HistoryDay(Series.Monday.AddDays(day), calls, calls, [.. calls.Select(c => c * 200)]);
        }));
    }

    private static Func<int, double> Sum(Func<double, double> next, double apart, Func<double> normal)
    {
        var level = 0.0;
        return _ => (level = next(level)) + apart * normal();
    }

    private static double Count(Random random, double mean) =>
        mean > 200 ? Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * Normal(random))) : Series.Poisson(random, mean);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

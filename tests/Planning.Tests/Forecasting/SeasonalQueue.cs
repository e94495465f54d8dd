using CallCenter.Planning.Forecasting;

namespace CallCenter.Planning.Tests.Forecasting;

/// <summary>A made-up queue over years: a known wave of the year, growth, a week, days on their own, a level that wanders.</summary>
/// <param name="Wave">By how much the busiest time of the year is above the mean, as a share.</param>
/// <param name="Growth">A year, as a share.</param>
/// <param name="Wander">Standard deviation of a day's step of the level.</param>
internal sealed record SeasonalQueue(double Wave, double Growth = 0.1, double Noise = 0.05, double Wander = 0)
{
    public static readonly DateOnly First = new(2023, 1, 2);

    public static double Sine(DateOnly date) =>
        Math.Sin(2 * Math.PI * (date.DayOfYear - 40) / (DateTime.IsLeapYear(date.Year) ? 366 : 365));

    public History Of(
        int seed, int days = 3 * 365, Func<DateOnly, double>? besides = null, Func<DateOnly, bool>? missing = null)
    {
        var random = new Random(seed);
        var level = 0.0;
        return new(Enumerable.Range(0, days).Select(day =>
        {
            var date = First.AddDays(day);
            level += Wander * Normal(random);
            var factor = (1 + Wave * Sine(date)) * Math.Exp(Growth * day / 365 + level + Noise * Normal(random))
                * (besides?.Invoke(date) ?? 1);
            var calls = Enumerable.Range(0, Series.Slots).Select(slot => (double)Series.Poisson(random, Series.Rate(date, slot) * factor))
                .ToArray();
            return new HistoryDay(date, calls, calls, [.. calls.Select(c => c * 200)]);
        }).Where(d => missing?.Invoke(d.Date) != true));
    }

    /// <summary>What is learned from the totals of its days.</summary>
    public static YearlySeason? Season(History history, params SpecialDay[] special) =>
        YearlySeason.Of(new(history.Days.Select(d => new HistoryDay(d.Date, [d.Calls.Sum()], [0], [0]))), special);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

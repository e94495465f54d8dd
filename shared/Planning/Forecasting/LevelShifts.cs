namespace CallCenter.Planning.Forecasting;

/// <summary>
/// A lasting jump of the level (a product launched, a queue split) makes all that was before it wrong by one factor. It counts as
/// one once five usual days stand on the new level: by then a holiday or an outage would be over.
/// </summary>
internal static class LevelShifts
{
    private const int Confirmed = 5;
    private const int Window = 10;
    private const double Smallest = 0.25;

    /// <returns>By day: the factor that brings it to the level of <paramref name="known"/>.</returns>
    public static double[] Of(DayTable table, int known)
    {
        var levels = new double[known + 1];
        Array.Fill(levels, 1);
        if (table.AsItIs)
            return levels;

        var days = Enumerable.Range(0, known + 1).Where(d => table.Usual(d) && table.Totals[d] > 0).ToArray();
        var deviations = Deviations(table, days);

        for (var i = Window; i + Confirmed <= days.Length; i++)
        {
            var before = deviations[(i - Window)..i];
            var after = deviations[i..Math.Min(i + Window, deviations.Length)];
            var jump = SeasonalAverage.Median(after.ToArray()) - SeasonalAverage.Median(before.ToArray());

            // Both sides must lie apart, and each be steady beside the jump.
            if (Math.Abs(jump) < Smallest || (jump > 0 ? after.Min() < before.Max() : after.Max() > before.Min())
                || Spread(before) > Math.Abs(jump) / 2 || Spread(after) > Math.Abs(jump) / 2)
                continue;

            for (var day = 0; day < days[i]; day++)
                levels[day] *= Math.Exp(jump);
            i += Confirmed;
        }

        return levels;
    }

    /// <summary>Logarithm of each day's total, less the mean of its weekday.</summary>
    private static double[] Deviations(DayTable table, int[] days)
    {
        var (sums, counts) = (new double[7], new int[7]);
        foreach (var day in days)
        {
            sums[table.Weekday(day)] += Math.Log(table.Totals[day]);
            counts[table.Weekday(day)]++;
        }

        return [.. days.Select(d => Math.Log(table.Totals[d]) - sums[table.Weekday(d)] / counts[table.Weekday(d)])];
    }

    private static double Spread(double[] values) => values.Max() - values.Min();
}

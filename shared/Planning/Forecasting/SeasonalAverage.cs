namespace CallCenter.Planning.Forecasting;

/// <summary>Averages over the last usual days of the same weekday, slot by slot.</summary>
internal static class SeasonalAverage
{
    /// <returns>Null when no such day is known.</returns>
    public static double[]? Of(Origin origin, Target target, int weeks, Func<Span<double>, double> average)
    {
        var days = origin.Table.Same(target.Weekday, target.Day, origin.Known, weeks).Select(origin.Calls).ToList();
        return days.Count == 0 ? null : Of(days, origin.Table.Slots, average);
    }

    public static double[] Of(List<double[]> days, int slots, Func<Span<double>, double> average)
    {
        var forecast = new double[slots];
        var values = new double[days.Count];
        for (var slot = 0; slot < slots; slot++)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = days[i][slot];
            forecast[slot] = average(values);
        }

        return forecast;
    }

    public static double Mean(Span<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    public static double Median(Span<double> values)
    {
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>
    /// The shape of the weekday over eight weeks, scaled to how the last two weeks compare with what their days usually bring.
    /// </summary>
    public static double[]? LevelByProfile(Origin origin, Target target)
    {
        if (Of(origin, target, 8, Mean) is not { } profile)
            return null;

        var level = origin.RecentLevel;
        return [.. profile.Select(calls => calls * level)];
    }
}

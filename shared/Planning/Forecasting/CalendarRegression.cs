namespace CallCenter.Planning.Forecasting;

/// <summary>
/// The logarithm of a day's calls by weekday, by place in the month (waves, for pay and billing come monthly, and steps for what is
/// sharper) and by whether the centre was closed the day before, plus what the last days still say about the level. Old days count
/// less, odd days hardly (iteratively reweighted), and each effect is shrunk by a ridge as far as the days that show it are few. How
/// much of the recent residuals is still there so many days later is learned for that lead.
/// </summary>
internal sealed class CalendarRegression
{
    private const int FirstWave = 7 + 15 + 3;
    private const int Waves = 3;
    private const int Columns = FirstWave + 2 * Waves + 1;
    private const double HalfLifeDays = 100;
    private const double WeekdayPenalty = 0.05;
    private const double MonthPenalty = 2.5;
    private const double WavePenalty = 0.5;
    private const double ClosedPenalty = 1;
    private const double MemoryPenalty = 20;
    private const int LeastDays = 20;

    // First day of each stretch of the month; its last three days have columns of their own.
    private static readonly int[] Stretches = [1, 2, 3, 4, 6, 9, 11, 14, 15, 16, 17, 19, 21, 24, 26];

    private readonly Origin origin;
    private readonly DayTable table;
    private readonly double mean;
    private readonly double[] effects;
    private readonly double[] residuals;
    private readonly double variance;
    private readonly Dictionary<int, double> carried = [];

    public CalendarRegression(Origin origin)
    {
        (this.origin, table) = (origin, origin.Table);
        var days = Enumerable.Range(0, origin.Known + 1).Where(d => table.Usual(d) && table.Totals[d] > 0).ToArray();
        residuals = new double[origin.Known + 1];
        Array.Fill(residuals, double.NaN);
        effects = new double[Columns];
        Ready = days.Length >= LeastDays;
        if (!Ready)
            return;

        var logs = days.Select(d => Math.Log(origin.Total(d))).ToArray();
        var ages = days.Select(d => Math.Pow(0.5, (origin.Known - d) / HalfLifeDays)).ToArray();
        mean = logs.Zip(ages, (l, a) => l * a).Sum() / ages.Sum();
        var rows = days.Select(d => Row(d, table.Weekday(d))).ToArray();
        var away = logs.Select(l => l - mean).ToArray();
        var odd = ages.Select(_ => 1.0).ToArray();

        for (var round = 0; round < 3; round++)
        {
            var fit = new RidgeRegression(Columns);
            for (var i = 0; i < rows.Length; i++)
                fit.Add(rows[i], away[i], ages[i] * odd[i]);
            effects = fit.Solve(Penalties());

            var left = rows.Select((row, i) => away[i] - Product(row, effects)).ToArray();
            var scale = 1.48 * SeasonalAverage.Median(left.Select(Math.Abs).ToArray()) + 1e-9;
            for (var i = 0; i < rows.Length; i++)
            {
                var size = Math.Abs(left[i]) / scale;
                odd[i] = size < 2 ? 1 : size > 6 ? 0 : 2 / size;
                residuals[days[i]] = size > 5 ? double.NaN : left[i];
            }
        }

        variance = days.Where(d => !double.IsNaN(residuals[d])).Select(d => residuals[d] * residuals[d]).DefaultIfEmpty(0).Average();
    }

    public bool Ready { get; }

    /// <summary>Calls of the whole day.</summary>
    public double Total(Target target) => Math.Exp(mean + Product(Row(target.Day, target.Weekday), effects) + Carried(target.Lead));

    /// <returns>Null while too little is known.</returns>
    public static double[]? Forecast(Origin origin, Target target)
    {
        if (!origin.Regression.Ready || origin.Profile.Of(target.Weekday) is not { } profile)
            return null;

        var total = origin.Regression.Total(target);
        return [.. profile.Select(share => share * total)];
    }

    private double[] Row(int day, int weekday)
    {
        var row = new double[Columns];
        row[weekday] = 1;

        var date = table.DateOf(day);
        var left = DateTime.DaysInMonth(date.Year, date.Month) - date.Day;
        row[left < 3 ? 7 + Stretches.Length + left : 7 + Array.FindLastIndex(Stretches, s => s <= date.Day)] = 1;

        var angle = 2 * Math.PI * (date.Day - 1) / DateTime.DaysInMonth(date.Year, date.Month);
        for (var wave = 1; wave <= Waves; wave++)
            (row[^(2 * wave)], row[^(2 * wave + 1)]) = (Math.Cos(wave * angle), Math.Sin(wave * angle));

        var before = table.Back(day, 1);
        if (before >= 0 && table.Closed(before, origin.Known))
            row[^1] = 1;
        return row;
    }

    private static double[] Penalties() =>
        [.. Enumerable.Range(0, Columns)
            .Select(c => c < 7 ? WeekdayPenalty : c == Columns - 1 ? ClosedPenalty : c < FirstWave ? MonthPenalty : WavePenalty)];

    private double Carried(int lead)
    {
        if (carried.TryGetValue(lead, out var known))
            return known;

        // Each past day in the place of today: what its recent residuals were, and what came so many open days later.
        var fit = new RidgeRegression(4);
        for (var day = LeastDays; day < origin.Known; day++)
        {
            if (!table.Open(day))
                continue;

            var later = day;
            for (var open = 0; open < lead && later <= origin.Known;)
                if (table.Open(++later))
                    open++;
            if (later <= origin.Known && !double.IsNaN(residuals[later]))
                fit.Add(Recent(day), residuals[later], Math.Pow(0.5, (origin.Known - later) / (2 * HalfLifeDays)));
        }

        // The further ahead, the fewer stretches of the past do not overlap.
        var penalty = MemoryPenalty * Math.Sqrt(lead) * variance;
        return carried[lead] = fit.Rows < LeastDays ? 0 : Product(Recent(origin.Known), fit.Solve([penalty, penalty, penalty, penalty]));
    }

    /// <summary>Means of the last 1, 3, 8 and 20 residuals.</summary>
    private double[] Recent(int day)
    {
        var (recent, sum, count) = (new double[4], 0.0, 0);
        for (; day >= 0 && count < 20; day--)
        {
            if (double.IsNaN(residuals[day]))
                continue;

            sum += residuals[day];
            count++;
            var place = count switch { 1 => 0, 3 => 1, 8 => 2, 20 => 3, _ => -1 };
            if (place >= 0)
                recent[place] = sum / count;
        }

        return recent;
    }

    private static double Product(double[] row, double[] effects)
    {
        var sum = 0.0;
        for (var i = 0; i < row.Length; i++)
            sum += row[i] * effects[i];
        return sum;
    }
}

namespace CallCenter.Planning.Forecasting;

/// <summary>
/// What the time of the year does to the calls of a day, from two whole years on. A few waves of the year are fitted to the logarithms of
/// the totals beside weekday and growth. Each wave is believed as far as it was the same from one year to the other, and the season is
/// used only where it would have made forecasts of the last year better.
/// </summary>
public sealed class YearlySeason
{
    /// <summary>More says little: a season four years old is no longer this year's.</summary>
    public const int MostYears = 4;

    public const int LeastYears = 2;

    private const int Waves = 4;
    private const int Columns = 7 + 1 + 2 * Waves;
    private const double YearDays = 365.25;

    // A year of which a quarter is unknown is not known.
    private const double LeastKnown = 0.75;

    // Ridges in days: a weekday hardly, growth by a twentieth of a year, a wave as if six weeks had shown none.
    private const double WeekdayPenalty = 0.05;
    private const double GrowthPenalty = 20;
    private const double WavePenalty = 20;

    // Rolling origin: every four weeks, weeks up to a quarter of a year ahead, from the level of the last four. A year and a quarter
    // goes before, for growth and season are one in a single year.
    private const int Step = 28;
    private const int Ahead = 90;

    // Where there is no season, chance alone makes one look a little better.
    private const double LeastGain = 0.03;

    private readonly double[] waves;

    private YearlySeason(double[] waves, int years, bool used) => (this.waves, Years, Used) = (waves, years, used);

    /// <summary>Whole years it was learned from.</summary>
    public int Years { get; }

    /// <summary>Whether forecasts of the last year would have been better with it.</summary>
    public bool Used { get; }

    /// <param name="totals">Days of a single slot: what came in all.</param>
    /// <param name="specialDays">Moved holidays and the like, which are no season.</param>
    /// <returns>Null where less than two whole years are known.</returns>
    public static YearlySeason? Of(History totals, IEnumerable<SpecialDay> specialDays)
    {
        var past = new Past(new DayTable(totals, specialDays, ahead: 0));
        if (past.Learn(past.Last) is not { Years: >= LeastYears } season)
            return null;

        var (with, without) = past.Errors();
        return new(season.waves, season.Years, used: with < (1 - LeastGain) * without);
    }

    /// <summary>Times as many calls as without a season; 1 where it is not used.</summary>
    public double Factor(DateOnly date) => Used ? Math.Exp(Log(date)) : 1;

    /// <summary>The history as it would be without the season.</summary>
    internal History Without(History history) => !Used ? history
        : new(history.Days.Select(d => d with { Calls = [.. d.Calls.Select(c => c / Factor(d.Date))] }));

    private double Log(DateOnly date)
    {
        var (row, sum) = (new double[Columns], 0.0);
        PutWaves(row, date);
        for (var i = 0; i < waves.Length; i++)
            sum += row[8 + i] * waves[i];
        return sum;
    }

    // By the calendar, so that a leap day moves nothing.
    private static void PutWaves(double[] row, DateOnly date)
    {
        var angle = 2 * Math.PI * (date.DayOfYear - 1) / (DateTime.IsLeapYear(date.Year) ? 366 : 365);
        for (var wave = 0; wave < Waves; wave++)
            (row[8 + 2 * wave], row[9 + 2 * wave]) = (Math.Cos((wave + 1) * angle), Math.Sin((wave + 1) * angle));
    }

    private sealed class Past
    {
        private readonly DayTable table;
        private readonly int[] days;
        private readonly double[] logs;
        private readonly double[][] rows;
        private readonly double[] usual;
        private readonly double[] weekdays;

        public Past(DayTable table)
        {
            this.table = table;
            Last = table.Days - 1;
            var levels = LevelShifts.Of(table, Last);
            days = [.. Enumerable.Range(0, table.Days).Where(d => table.Usual(d) && table.Totals[d] > 0)];
            logs = [.. days.Select(d => Math.Log(table.Totals[d] * levels[d]))];
            rows = [.. days.Select(Row)];
            usual = [.. days.Select(_ => 1.0)];
            weekdays = new double[7];

            // Days that are odd for the whole of the past count less wherever they are looked at.
            int[] all = [.. Enumerable.Range(0, days.Length)];
            for (var round = 0; round < 3 && all.Length > 0; round++)
            {
                var effects = Fitted(all);
                weekdays = effects[..7];
                var left = all.Select(i => Math.Abs(logs[i] - Product(rows[i], effects))).ToArray();
                var scale = 1.48 * SeasonalAverage.Median([.. left]) + 1e-9;
                usual = [.. left.Select(off => Math.Min(1, 2 * scale / Math.Max(off, 1e-12)))];
            }
        }

        public int Last { get; }

        /// <summary>Of what was known at the end of a day; null where no whole year was.</summary>
        public YearlySeason? Learn(int known)
        {
            // Whole years, back from the end; one with a large gap is left out.
            var years = Enumerable.Range(0, MostYears)
                .Select(y => (From: known - (int)((y + 1) * YearDays) + 1, To: known - (int)(y * YearDays)))
                .Where(y => y.From >= 0 && IsKnown(y.From, y.To)).ToList();
            if (years.Count == 0)
                return null;

            // What lies before them, and is no whole year, still tells growth from season.
            var oldest = known - (int)(MostYears * YearDays);
            var used = Enumerable.Range(0, days.Length).Where(i => days[i] > oldest && days[i] <= known).ToArray();
            var effects = Fitted(used);
            var shared = effects[8..];
            if (years.Count < LeastYears)
                return new(shared, years.Count, used: true);

            // What each year has beyond what all share.
            var apart = new double[Waves];
            foreach (var (from, to) in years)
            {
                var own = new RidgeRegression(1 + 2 * Waves);
                foreach (var i in used.Where(i => days[i] >= from && days[i] <= to))
                    own.Add([1, .. rows[i].AsSpan(8)], logs[i] - Product(rows[i], effects), usual[i]);
                var more = own.Solve([0, .. Enumerable.Repeat(WavePenalty, 2 * Waves)]);
                for (var wave = 0; wave < Waves; wave++)
                    apart[wave] += Square(more, 1 + 2 * wave) / (years.Count * (years.Count - 1));
            }

            for (var wave = 0; wave < Waves; wave++)
            {
                var held = Math.Max(0, 1 - apart[wave] / Math.Max(Square(shared, 2 * wave), 1e-12));
                shared[2 * wave] *= held;
                shared[2 * wave + 1] *= held;
            }

            return new(shared, years.Count, used: true);
        }

        /// <summary>Of forecasts from all origins before which a season can be told from growth.</summary>
        public (double With, double Without) Errors()
        {
            var flat = days.Select((d, i) => (Day: d, Off: logs[i] - weekdays[table.Weekday(d)])).ToArray();
            var (with, without) = (0.0, 0.0);

            for (var known = Last - Step; known >= YearDays + Ahead; known -= Step)
            {
                if (Learn(known) is not { } season)
                    continue;

                var before = flat.Where(f => f.Day > known - Step && f.Day <= known).ToArray();
                if (before.Length == 0)
                    continue;

                var level = before.Average(f => f.Off);
                var levelWith = before.Average(f => f.Off - season.Log(table.DateOf(f.Day)));
                foreach (var week in flat.Where(f => f.Day > known && f.Day <= known + Ahead).GroupBy(f => (f.Day - known - 1) / 7))
                {
                    without += Math.Abs(week.Average(f => f.Off) - level);
                    with += Math.Abs(week.Average(f => f.Off - season.Log(table.DateOf(f.Day))) - levelWith);
                }
            }

            return (with, without);
        }

        private bool IsKnown(int from, int to)
        {
            var open = Enumerable.Range(from, to - from + 1).Count(table.Open);
            return days.Count(d => d >= from && d <= to) >= LeastKnown * open;
        }

        private double[] Fitted(int[] used)
        {
            var mean = used.Average(i => logs[i]);
            var fit = new RidgeRegression(Columns);
            foreach (var i in used)
                fit.Add(rows[i], logs[i] - mean, usual[i]);

            var effects = fit.Solve(Penalties());
            for (var weekday = 0; weekday < 7; weekday++)
                effects[weekday] += mean;
            return effects;
        }

        private static double[] Penalties() =>
            [.. Enumerable.Range(0, Columns).Select(c => c < 7 ? WeekdayPenalty : c == 7 ? GrowthPenalty : WavePenalty)];

        private double[] Row(int day)
        {
            var row = new double[Columns];
            row[table.Weekday(day)] = 1;
            row[7] = (day - Last) / YearDays;
            PutWaves(row, table.DateOf(day));
            return row;
        }

        private static double Product(double[] row, double[] effects)
        {
            var sum = 0.0;
            for (var i = 0; i < row.Length; i++)
                sum += row[i] * effects[i];
            return sum;
        }

        private static double Square(double[] of, int at) => of[at] * of[at] + of[at + 1] * of[at + 1];
    }
}

namespace CallCenter.Planning.Forecasting;

/// <summary>
/// Double-seasonal exponential smoothing with a first-order autoregressive error (Taylor 2003, 2008), on the square root of the
/// counts, whose variance hardly depends on the level. Level, time of day and weekday are learned slot by slot; the four parameters
/// are those of least squared error one slot ahead, fitted anew every four weeks on what was known by then.
/// </summary>
internal sealed class HoltWinters(DayTable table)
{
    private const int Warmup = 14;
    private const int Refit = 28;
    private const int Evaluations = 120;

    // What surprises by more than three deviations is cut to that (Gelper, Fried and Croux 2010).
    private const double Robust = 3;
    private const double ScaleMemory = 0.005;

    private readonly Dictionary<int, Run> runs = [];

    /// <returns>Null while too little is known.</returns>
    public double[]? Forecast(Origin origin, Target target)
    {
        var fitted = origin.Known / Refit * Refit;
        if (fitted < 2 * Warmup || !Enumerable.Range(0, Warmup).Any(table.Usual))
            return null;

        if (!runs.TryGetValue(fitted, out var run))
            runs[fitted] = run = new Run(table, Fitted(fitted), keep: true);

        var (state, wanted) = (run.At(origin.Known), new double[table.Slots]);
        var remembered = Math.Pow(run.Memory, (target.Lead - 1) * table.Slots) * state.Error;
        for (var slot = 0; slot < wanted.Length; slot++)
        {
            remembered *= run.Memory;
            var root = Math.Max(0, state.Level + state.Day[slot] + state.Week[target.Weekday][slot] + remembered);
            wanted[slot] = root * root;
        }

        return wanted;
    }

    private double[] Fitted(int days)
    {
        return Simplex.Minimise(Error, [0.01, 0.05, 0.1, 0.6], [0.02, 0.05, 0.1, 0.2], Evaluations);

        double Error(double[] parameters) =>
            // A quick level and a long memory of the error tell the same story one slot ahead; a day ahead only the slow level is right.
            parameters.Any(p => p < 0) || parameters[0] > 0.05 || parameters[1] > 0.9 || parameters[2] > 0.9 || parameters[3] > 0.99
                ? double.MaxValue
                : new Run(table, parameters, keep: false, days).SquaredError;
    }

    private sealed record State(double Level, double Error, double[] Day, double[][] Week);

    private sealed class Run
    {
        private readonly DayTable table;
        private readonly double[] parameters;
        private readonly bool keep;
        private readonly List<State> states = [];
        private readonly double[] day;
        private readonly double[][] week;
        private double level, error, scale = 1;

        public Run(DayTable table, double[] parameters, bool keep, int days = 0)
        {
            (this.table, this.parameters, this.keep) = (table, parameters, keep);
            (day, week) = (new double[table.Slots], [.. Enumerable.Range(0, 7).Select(_ => new double[table.Slots])]);
            Start([.. Enumerable.Range(0, Math.Min(table.Days, Warmup)).Where(table.Usual)]);
            for (var d = 0; d < (keep ? 0 : days); d++)
                Learn(d);
        }

        public double Memory => parameters[3];

        public double SquaredError { get; private set; }

        /// <summary>At the end of a day; goes on from where it was asked last.</summary>
        public State At(int known)
        {
            while (states.Count <= known)
                Learn(states.Count);
            return states[known];
        }

        private void Start(List<int> days)
        {
            level = days.Average(d => table.Calls(d).Average(Math.Sqrt));
            for (var slot = 0; slot < day.Length; slot++)
                day[slot] = days.Average(d => Math.Sqrt(table.Calls(d)[slot])) - level;

            foreach (var weekday in days.GroupBy(table.Weekday))
                for (var slot = 0; slot < day.Length; slot++)
                    week[weekday.Key][slot] = weekday.Average(d => Math.Sqrt(table.Calls(d)[slot])) - level - day[slot];
        }

        private void Learn(int number)
        {
            if (table.Usual(number))
            {
                var (calls, ofWeekday) = (table.Calls(number), week[table.Weekday(number)]);
                var (a, b, c, memory) = (parameters[0], parameters[1], parameters[2], parameters[3]);
                for (var slot = 0; slot < calls.Length; slot++)
                {
                    var away = Math.Sqrt(calls[slot]) - level - day[slot] - ofWeekday[slot];
                    var surprise = away - memory * error;
                    if (number >= Warmup)
                        SquaredError += surprise * surprise;

                    var believed = Math.Clamp(surprise, -Robust * scale, Robust * scale);
                    scale += ScaleMemory * (Math.Abs(believed) * 1.25 - scale);
                    level += a * believed;
                    day[slot] += b * believed;
                    ofWeekday[slot] += c * believed;
                    error = away - surprise + believed;
                }
            }

            if (keep)
                states.Add(new(level, error, (double[])day.Clone(), [.. week.Select(w => (double[])w.Clone())]));
        }
    }
}

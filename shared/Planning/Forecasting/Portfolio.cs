namespace CallCenter.Planning.Forecasting;

/// <summary>
/// All methods on one history, combined as their own past errors at the same lead say (rolling origin): each of the last days is
/// forecast from what was known so many open days before it. What is computed for one origin serves all.
/// </summary>
internal sealed class Portfolio(DayTable table, CancellationToken cancellation)
{
    /// <summary>Leads in open days at which errors are measured; one in between takes the next.</summary>
    private static readonly int[] Leads = [1, 2, 3, 5, 7, 10, 14, 20, 28, 42, 60, 90];

    private const int Tested = 60;

    private readonly HoltWinters holtWinters = new(table);
    private readonly Dictionary<int, Origin> origins = [];
    private readonly Dictionary<(int Method, int Day, int Known), double[]?> tried = [];
    private readonly Dictionary<(int Known, int Lead), Combination> combinations = [];

    public DayTable Table => table;

    /// <summary>What a method alone says, special days allowed for.</summary>
    public double[]? By(ForecastMethod method, int day, int known) =>
        Allowed(day, known, target => method.Forecast(At(known), target)).Calls;

    /// <summary>What all methods together say, how far off they may be, and what kind of special day it is.</summary>
    public (double[]? Calls, ForecastSpread Spread, SpecialDayEffect? Special) Forecast(int day, int known)
    {
        var combination = For(known, table.Lead(known, day));
        var (calls, special) = Allowed(
            day, known, target => combination.Of([.. ForecastMethod.All.Select(m => m.Forecast(At(known), target))]));
        return (calls, combination.Spread.OfSpecialDay(special), special);
    }

    public Combination For(int known, int lead)
    {
        var step = Leads.FirstOrDefault(l => l >= lead, Leads[^1]);
        if (combinations.TryGetValue((known, step), out var found))
            return found;

        cancellation.ThrowIfCancellationRequested();
        return combinations[(known, step)] = Weighed(known, step);
    }

    private Combination Weighed(int known, int lead)
    {
        var methods = ForecastMethod.All;
        var (errors, days, calls) = (new double[methods.Count], new int[methods.Count], new double[methods.Count]);
        var past = new List<(double[]?[] Forecasts, double[] Actual)>();

        for (var day = known; day >= 0 && past.Count < Tested; day--)
        {
            var before = table.Back(day, lead);
            if (before < 0)
                break;
            if (!table.Usual(day))
                continue;

            var forecasts = Enumerable.Range(0, methods.Count).Select(m => Tried(m, day, before)).ToArray();
            if (forecasts.All(f => f is null))
                continue;

            var actual = table.Calls(day);
            past.Add((forecasts, actual));
            for (var m = 0; m < methods.Count; m++)
            {
                if (forecasts[m] is not { } forecast)
                    continue;
                days[m]++;
                calls[m] += table.Totals[day];
                for (var slot = 0; slot < actual.Length; slot++)
                    errors[m] += Math.Abs(forecast[slot] - actual[slot]);
            }
        }

        var backtests = methods.Select((m, i) => new Backtest(m.Code, calls[i] > 0 ? errors[i] / calls[i] : null, days[i])).ToList();
        return Combination.Of(lead, backtests, past);
    }

    private double[]? Tried(int method, int day, int known) =>
        tried.TryGetValue((method, day, known), out var found) ? found
            : tried[(method, day, known)] = ForecastMethod.All[method]
                .Forecast(At(known), new(day, table.Weekday(day), table.Lead(known, day)));

    private (double[]? Calls, SpecialDayEffect? Special) Allowed(int day, int known, Func<Target, double[]?> forecast)
    {
        var lead = table.Lead(known, day);
        if (table.Special(day) is null)
            return (forecast(new(day, table.Weekday(day), lead)), null);

        var effect = SpecialDayEffect.Of(At(known), day);
        return (forecast(new(day, effect.Weekday, lead))?.Select(c => c * effect.Factor).ToArray(), effect);
    }

    private Origin At(int known) => origins.TryGetValue(known, out var found) ? found : origins[known] = new(table, known, holtWinters);
}

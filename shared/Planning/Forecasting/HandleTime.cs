namespace CallCenter.Planning.Forecasting;

/// <summary>
/// Mean handle time by weekday and slot over the last six weeks. A slot with few calls says little, so each is drawn towards
/// the mean of its slot over all weekdays, and that towards the mean of all calls, as if <see cref="Prior"/> more had been seen.
/// </summary>
public sealed class HandleTime
{
    private const int Weeks = 6;
    private const double Prior = 25;

    private readonly double overall;
    private readonly (double Seconds, double Answered)[,] cells;
    private readonly (double Seconds, double Answered)[] slots;

    private HandleTime(History history, DateOnly known)
    {
        cells = new (double, double)[7, history.Slots];
        slots = new (double, double)[history.Slots];
        var (seconds, answered) = (0.0, 0.0);

        foreach (var day in history.Days.Where(d => d.Date <= known && d.Date > known.AddDays(-7 * Weeks)))
        {
            for (var slot = 0; slot < history.Slots; slot++)
            {
                var (s, a) = (day.HandleSeconds[slot], day.Answered[slot]);
                if (double.IsNaN(s) || !(a > 0))
                    continue;

                Add(ref cells[(int)day.Date.DayOfWeek, slot]);
                Add(ref slots[slot]);
                seconds += s;
                answered += a;

                void Add(ref (double Seconds, double Answered) sum) => sum = (sum.Seconds + s, sum.Answered + a);
            }
        }

        Known = answered > 0;
        overall = Known ? seconds / answered : 0;
    }

    /// <summary>Whether any answered call was seen.</summary>
    public bool Known { get; }

    public static HandleTime Of(History history, DateOnly known) => new(history, known);

    /// <summary>Seconds per slot; all 0 while nothing is known.</summary>
    public double[] On(DayOfWeek weekday) =>
    [
        .. slots.Select((slot, i) => Shrunk(cells[(int)weekday, i], Shrunk(slot, overall))),
    ];

    private static double Shrunk((double Seconds, double Answered) seen, double towards) =>
        (seen.Seconds + Prior * towards) / (seen.Answered + Prior);
}

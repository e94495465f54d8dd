namespace CallCenter.Planning.Forecasting;

/// <summary>
/// The history by number of day, ready to compute with. A slot that is unknown holds what its weekday had before; a day of which
/// most is unknown is missing. Nothing here looks ahead of the day it is asked for.
/// </summary>
internal sealed class DayTable
{
    private readonly DateOnly first;
    private readonly double[]?[] calls;
    private readonly SpecialDay?[] special;
    private readonly bool[] openWeekdays = new bool[7];
    private readonly int[] odd;

    // A total five times what its weekday brought before, or a fifth, is an outage or an unknown holiday, not a busy or quiet day.
    private const double OddFactor = 5;
    private const double OddFrom = 20;
    private const int OddInARow = 2;

    /// <param name="ahead">Days after the history that may be asked for.</param>
    /// <param name="asItIs">Takes odd days and shifts of the level as any other: to measure what simple methods make of them.</param>
    public DayTable(History history, IEnumerable<SpecialDay> specialDays, int ahead, bool asItIs = false)
    {
        AsItIs = asItIs;
        first = history.First;
        Slots = history.Slots;
        Days = history.Last.DayNumber - first.DayNumber + 1;
        calls = new double[Days][];
        Totals = new double[Days];
        special = new SpecialDay?[Days + ahead];
        odd = new int[Days];

        foreach (var day in specialDays)
            if (NumberOf(day.Date) is var number && number >= 0 && number < special.Length)
                special[number] = day;

        foreach (var day in history.Days)
            openWeekdays[(int)day.Date.DayOfWeek] |= day.Calls.Any(c => c > 0);
        if (!openWeekdays.Any(open => open))
            Array.Fill(openWeekdays, true);

        foreach (var day in history.Days)
            Add(NumberOf(day.Date), day);
    }

    public bool AsItIs { get; }

    public int Days { get; }

    public int Slots { get; }

    public double[] Totals { get; }

    public int NumberOf(DateOnly date) => date.DayNumber - first.DayNumber;

    public DateOnly DateOf(int day) => first.AddDays(day);

    public int Weekday(int day) => (int)first.AddDays(day).DayOfWeek;

    /// <summary>Whether calls ever come on this weekday.</summary>
    public bool Open(int day) => openWeekdays[Weekday(day)];

    public SpecialDay? Special(int day) => day >= 0 && day < special.Length ? special[day] : null;

    public double[] Calls(int day) => calls[day]!;

    public bool Known(int day) => day >= 0 && day < Days && calls[day] is not null;

    /// <summary>Known, nothing special and not odd: what averages are taken over.</summary>
    public bool Usual(int day) => Known(day) && special[day] is null && odd[day] == 0;

    /// <summary>A day that was closed, or as good as: special, missing, or far below its weekday.</summary>
    public bool Closed(int day, int known) => Special(day) is not null || (day <= known && (!Known(day) || odd[day] < 0));

    /// <summary>So many open days earlier.</summary>
    public int Back(int day, int openDays)
    {
        while (openDays > 0)
            if (Open(--day))
                openDays--;
        return day;
    }

    /// <summary>Open days from the one after <paramref name="known"/> to <paramref name="day"/>.</summary>
    public int Lead(int known, int day)
    {
        var lead = 0;
        for (var d = known + 1; d <= day; d++)
            if (Open(d))
                lead++;
        return Math.Max(1, lead);
    }

    /// <summary>
    /// The newest usual days of a weekday, newest first, none after <paramref name="known"/> or from <paramref name="before"/> on.
    /// </summary>
    public IEnumerable<int> Same(int weekday, int before, int known, int most)
    {
        var day = Math.Min(known, before - 1);
        day -= (Weekday(day) - weekday + 7) % 7;

        for (; day >= 0 && most > 0; day -= 7)
        {
            if (!Usual(day))
                continue;
            most--;
            yield return day;
        }
    }

    private void Add(int number, HistoryDay day)
    {
        var values = day.Calls.ToArray();
        if (values.Any(double.IsNaN))
        {
            var before = Same(Weekday(number), number, number, 8).Select(Calls).ToList();
            var usual = before.Count == 0 ? null : SeasonalAverage.Of(before, Slots, SeasonalAverage.Mean);
            var unknown = Enumerable.Range(0, Slots).Where(s => double.IsNaN(values[s])).ToList();

            // Filled by its weekday's past, which must know more of the day than is missing.
            var missing = usual is null ? (double)unknown.Count / Slots : unknown.Sum(s => usual[s]) / Math.Max(usual.Sum(), 1e-9);
            if (missing > 0.5)
                return;
            foreach (var slot in unknown)
                values[slot] = usual?[slot] ?? 0;
        }

        // A day without a single call, on a weekday that has some, is a closed day and not a quiet one.
        if (values.Sum() == 0 && day.Calls.Count > 0 && Open(number) && Same(Weekday(number), number, number, 8).Any(d => Totals[d] > 0))
            return;

        calls[number] = values;
        Totals[number] = values.Sum();
        odd[number] = AsItIs ? 0 : Oddness(number);
    }

    private int Oddness(int number)
    {
        var before = Same(Weekday(number), number, number, 8).Select(d => Totals[d]).ToArray();
        if (before.Length < 4 || SeasonalAverage.Median(before.AsSpan()) is var usual && usual < OddFrom)
            return 0;

        var side = Totals[number] > OddFactor * usual ? 1 : Totals[number] < usual / OddFactor ? -1 : 0;

        // What lasts is the new level.
        return side != 0 && Enumerable.Range(1, OddInARow).All(back => number - back >= 0 && odd[number - back] == side) ? 0 : side;
    }
}

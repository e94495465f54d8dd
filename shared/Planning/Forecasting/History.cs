namespace CallCenter.Planning.Forecasting;

/// <summary>One day of the past, in slots of the local clock.</summary>
/// <param name="Calls">Offered per slot; NaN where nothing is known (a clock change, an outage of the feed).</param>
/// <param name="Answered">Answered per slot; what the handle time is weighed by.</param>
/// <param name="HandleSeconds">Summed over the answered of the slot.</param>
public sealed record HistoryDay(
    DateOnly Date, IReadOnlyList<double> Calls, IReadOnlyList<double> Answered, IReadOnlyList<double> HandleSeconds);

/// <summary>The past of one queue, by date: a missing day is missing, not zero.</summary>
public sealed class History
{
    private readonly Dictionary<DateOnly, HistoryDay> days;

    /// <exception cref="PlanningException"><c>history-…</c></exception>
    public History(IEnumerable<HistoryDay> days)
    {
        this.days = days.ToDictionary(d => d.Date);
        if (this.days.Count == 0)
            throw new PlanningException("history-empty", "There is no history to forecast from.");

        Slots = this.days.Values.First().Calls.Count;
        foreach (var day in this.days.Values)
            Check(day, Slots);

        First = this.days.Keys.Min();
        Last = this.days.Keys.Max();
    }

    public int Slots { get; }

    public DateOnly First { get; }

    public DateOnly Last { get; }

    public IEnumerable<HistoryDay> Days => days.Values.OrderBy(d => d.Date);

    public HistoryDay? On(DateOnly date) => days.GetValueOrDefault(date);

    /// <summary>
    /// The newest known days with the weekday of <paramref name="date"/>, newest first, none after <paramref name="known"/>.
    /// </summary>
    public IEnumerable<HistoryDay> SameWeekday(DateOnly date, DateOnly known, int most)
    {
        var back = (known.DayOfWeek - date.DayOfWeek + 7) % 7;

        for (var day = known.AddDays(-back); day >= First && most > 0; day = day.AddDays(-7))
        {
            if (On(day) is not { } found)
                continue;
            most--;
            yield return found;
        }
    }

    private static void Check(HistoryDay day, int slots)
    {
        if (day.Calls.Count != slots || day.Answered.Count != slots || day.HandleSeconds.Count != slots || slots == 0)
            throw new PlanningException("history-uneven", $"{day.Date:yyyy-MM-dd} has another number of slots than the first day.");

        // NaN is a gap; what is less than nothing or without end is a mistake.
        foreach (var value in day.Calls.Concat(day.Answered).Concat(day.HandleSeconds))
            if (value < 0 || double.IsInfinity(value))
                throw new PlanningException("history-out-of-range", $"{day.Date:yyyy-MM-dd} holds a value below 0 or without end.");
    }
}

using System.Globalization;
using CallCenter.Planning.Forecasting;

namespace CallCenter.PlanningBench;

/// <summary>
/// A series of counts from a csv of date, slot and count; with a column <c>start</c>, finer slots are summed to half hours.
/// </summary>
internal sealed record ForecastSeries(string Name, History History, IReadOnlyDictionary<DateOnly, double[]> Calls, TimeOnly FirstSlot)
{
    public static ForecastSeries Read(string name, string path)
    {
        var lines = File.ReadLines(path).ToList();
        var columns = lines[0].Split(',').Select(c => c.Trim().ToLowerInvariant()).ToList();
        var (date, start) = (Math.Max(0, columns.IndexOf("date")), columns.IndexOf("start"));
        var count = columns.FindIndex(c => c is "calls" or "count");
        if (count < 0)
            count = columns.Count - 1;

        var cells = lines.Skip(1).Where(l => l.Length > 0).Select(l => l.Split(',')).Select(c => (
            Date: DateOnly.Parse(c[date], CultureInfo.InvariantCulture),
            Slot: start < 0 ? int.Parse(c[1], CultureInfo.InvariantCulture) : HalfHour(c[start]),
            Calls: double.Parse(c[count], CultureInfo.InvariantCulture))).ToList();

        // A half hour of which the file has only a part is left out: the bank closes at five past.
        var parts = cells.GroupBy(c => c.Slot).ToDictionary(g => g.Key, g => g.Count());
        var whole = parts.Where(p => p.Value >= 0.5 * parts.Values.Max()).Select(p => p.Key).Order().ToList();
        var places = whole.Select((slot, place) => (slot, place)).ToDictionary(p => p.slot, p => p.place);

        var calls = new Dictionary<DateOnly, double[]>();
        foreach (var (day, slot, value) in cells)
        {
            if (!places.TryGetValue(slot, out var place))
                continue;
            if (!calls.TryGetValue(day, out var values))
                calls[day] = values = new double[whole.Count];
            values[place] += value;
        }

        return new(name, Of(calls), calls, start < 0 ? default : new TimeOnly(whole[0] / 2, whole[0] % 2 * 30));
    }

    public static History Of(IReadOnlyDictionary<DateOnly, double[]> calls) =>
        new(calls.Select(d => new HistoryDay(d.Key, d.Value, d.Value, [.. d.Value.Select(c => c * 200)])));

    private static int HalfHour(string start)
    {
        var parts = start.Split(':');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture) * 60 + int.Parse(parts[1], CultureInfo.InvariantCulture)) / 30;
    }
}

namespace CallCenter.Planning.Rostering;

/// <summary>Places next to each other that lead to places next to each other.</summary>
internal readonly record struct PlaceRun(int From, int To, int Count);

/// <summary>
/// What the paid minutes of a week may come to, in order. Lengths of shifts may have nothing but minutes in common (477, 450 and 240):
/// still few sums of them fit into a contract, and only these have a place. A shift leads from place to place, in runs where neighbours
/// lead to neighbours.
/// </summary>
internal sealed class WeekMinutes
{
    // Beyond, shifts count as the next multiple of a unit: a contract is never exceeded, but its last minutes may not be used.
    private const int MostPlaces = 600;

    private readonly int unit = 1;
    private readonly int[] sums;
    private readonly Dictionary<(int Minutes, int Most), PlaceRun[]> runs = [];

    /// <param name="weeks">Of each week: paid minutes at most, and by day the lengths of the shifts that there are.</param>
    public WeekMinutes(IReadOnlyList<(int Most, int[][] Days)> weeks)
    {
        sums = SumsOf(weeks);
        if (sums.Length <= MostPlaces)
            return;
        unit = (weeks.Max(w => w.Most) + MostPlaces - 1) / MostPlaces;
        sums = SumsOf(weeks);
    }

    /// <summary>The minutes of each place; none at the first.</summary>
    public IReadOnlyList<int> Sums => sums;

    /// <summary>Where a shift of so many paid minutes leads in a week that allows at most as many.</summary>
    public PlaceRun[] Runs(int minutes, int most)
    {
        if (runs.TryGetValue((minutes, most), out var known))
            return known;

        var found = new List<PlaceRun>();
        for (var from = 0; from < sums.Length && sums[from] + Rounded(minutes) is var sum && sum <= most; from++)
        {
            var to = Array.BinarySearch(sums, sum);
            if (to < 0)
                continue;
            if (found is [.., var last] && last.From + last.Count == from && last.To + last.Count == to)
                found[^1] = last with { Count = last.Count + 1 };
            else
                found.Add(new(from, to, 1));
        }

        return runs[(minutes, most)] = [.. found];
    }

    private int[] SumsOf(IReadOnlyList<(int Most, int[][] Days)> weeks)
    {
        var all = new HashSet<int> { 0 };
        foreach (var (most, days) in weeks)
        {
            var week = new HashSet<int> { 0 };
            foreach (var day in days)
                week.UnionWith([.. from minutes in day.Select(Rounded).Distinct() from sum in week
                                   where sum + minutes <= most select sum + minutes]);
            all.UnionWith(week);
        }

        return [.. all.Order()];
    }

    private int Rounded(int minutes) => (minutes + unit - 1) / unit * unit;
}

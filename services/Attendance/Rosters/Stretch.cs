namespace CallCenter.Attendance.Rosters;

/// <summary>Some time, the end not included.</summary>
public readonly record struct Stretch(DateTimeOffset From, DateTimeOffset To);

/// <summary>What is done with times: each answer is in order, and nothing in it overlaps or touches.</summary>
public static class Stretches
{
    /// <summary>What lies in any of them.</summary>
    public static IReadOnlyList<Stretch> Union(this IEnumerable<Stretch> stretches)
    {
        var union = new List<Stretch>();
        foreach (var stretch in stretches.Where(s => s.From < s.To).OrderBy(s => s.From))
            if (union is [.., var last] && stretch.From <= last.To)
                union[^1] = last with { To = last.To > stretch.To ? last.To : stretch.To };
            else
                union.Add(stretch);

        return union;
    }

    /// <summary>What lies in both.</summary>
    public static IReadOnlyList<Stretch> Within(this IEnumerable<Stretch> stretches, IReadOnlyCollection<Stretch> others) =>
        stretches.Union().SelectMany(s => others.Select(o => s.Clipped(o.From, o.To))).Union();

    /// <summary>What lies in the first and not in the others.</summary>
    public static IReadOnlyList<Stretch> Without(this IEnumerable<Stretch> stretches, IEnumerable<Stretch> others) =>
        others.Union().Aggregate(stretches.Union(), (left, o) =>
            left.SelectMany(s => new[] { s.Clipped(DateTimeOffset.MinValue, o.From), s.Clipped(o.To, DateTimeOffset.MaxValue) }).Union());

    /// <summary>What of it lies between the two; empty, its end before its beginning, where nothing does.</summary>
    public static Stretch Clipped(this Stretch stretch, DateTimeOffset from, DateTimeOffset to) =>
        new(stretch.From > from ? stretch.From : from, stretch.To < to ? stretch.To : to);

    /// <summary>Whole seconds of all together.</summary>
    public static int Seconds(this IEnumerable<Stretch> stretches) =>
        (int)stretches.Aggregate(TimeSpan.Zero, (sum, s) => sum + (s.To - s.From)).TotalSeconds;
}

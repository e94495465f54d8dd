namespace CallCenter.Planning.Forecasting;

/// <summary>
/// What a kind of special day does, from its earlier days: which weekday it works like (a bank's holiday like its Saturday, an eve
/// like a Friday), and by what factor it still differs. The factor of n days counts n/(n+1).
/// </summary>
/// <param name="Seen">Earlier days of the kind.</param>
/// <param name="Variance">Of what the factor leaves open: how far days of the kind lie apart, and how few of them were seen.</param>
internal readonly record struct SpecialDayEffect(int Weekday, double Factor, int Seen, double Variance)
{
    // A kind of day that has never been seen may be anything; days of one kind differ by a fifth until they are known to differ otherwise.
    private const double Unseen = 0.25;
    private const double Apart = 0.04;
    private const double Prior = 2;

    public static SpecialDayEffect Of(Origin origin, int day)
    {
        var (table, special) = (origin.Table, origin.Table.Special(day)!);
        var earlier = Enumerable.Range(0, Math.Min(day, origin.Known + 1))
            .Where(d => table.Known(d) && table.Special(d)?.Kind == special.Kind && table.Totals[d] > 0).ToList();
        if (earlier.Count == 0)
            return new((int?)special.Like ?? table.Weekday(day), 1, 0, Unseen);

        var (weekday, offs) = Candidates(special).Select(like => (Like: like, Offs: Offs(like)))
            .Where(c => c.Offs.Length == earlier.Count).DefaultIfEmpty((Like: null, Offs: [0]))
            .MinBy(c => c.Offs.Sum(Math.Abs));
        var off = SeasonalAverage.Median(offs.ToArray());
        var apart = (offs.Sum(o => (o - off) * (o - off)) + Prior * Apart) / (Prior + Math.Max(1, offs.Length) - 1);
        return new(weekday ?? table.Weekday(day), Math.Exp(off * earlier.Count / (earlier.Count + 1)), earlier.Count,
            apart * (1 + 1.0 / Math.Max(1, offs.Length)));

        // How far each earlier day was from what a weekday brought then; its own weekday where none is given.
        double[] Offs(int? like) => [.. earlier.SelectMany(d =>
        {
            var usual = table.Same(like ?? table.Weekday(d), d, d, 8).Select(origin.Total).ToArray();
            return usual.Length == 0 || usual.Sum() == 0 ? [] : new[] { Math.Log(origin.Total(d) / SeasonalAverage.Median(usual)) };
        })];
    }

    private static IEnumerable<int?> Candidates(SpecialDay special) =>
        special.Like is { } like ? [(int)like] : [null, .. Enumerable.Range(0, 7).Select(w => (int?)w)];
}

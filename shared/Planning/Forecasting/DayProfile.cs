namespace CallCenter.Planning.Forecasting;

/// <summary>
/// How the calls of a day are spread over its slots, by weekday. Weeks count by half every six. A busy weekday has a shape of its own;
/// that of a quiet one is mostly noise, so other weekdays lend it theirs, each by the inverse of its variance as an estimate of it:
/// what is counted by chance, and by how much the two shapes differ beyond chance.
/// </summary>
internal sealed class DayProfile
{
    private const double HalfLifeDays = 42;
    private const int Oldest = 200;

    // Counts spread by about half again as much as Poisson's around a known shape.
    private const double Dispersion = 1.5;

    private readonly double[]?[] shapes = new double[7][];
    private readonly double[]?[] own = new double[7][];
    private readonly double[] noise = new double[7];

    public DayProfile(Origin origin)
    {
        var (table, weights, inverse) = (origin.Table, new double[7], new double[7]);

        for (var day = Math.Max(0, origin.Known - Oldest); day <= origin.Known; day++)
        {
            if (!table.Usual(day) || table.Totals[day] <= 0)
                continue;

            var (weekday, weight) = (table.Weekday(day), Math.Pow(0.5, (origin.Known - day) / HalfLifeDays));
            var shape = own[weekday] ??= new double[table.Slots];
            for (var slot = 0; slot < shape.Length; slot++)
                shape[slot] += weight * table.Calls(day)[slot] / table.Totals[day];
            weights[weekday] += weight;
            inverse[weekday] += weight * weight / table.Totals[day];
        }

        for (var weekday = 0; weekday < 7; weekday++)
        {
            if (own[weekday] is not { } shape)
                continue;
            for (var slot = 0; slot < shape.Length; slot++)
                shape[slot] /= weights[weekday];
            noise[weekday] = Dispersion * inverse[weekday] / (weights[weekday] * weights[weekday]);
        }
    }

    /// <summary>Shares that sum to 1; null while no such weekday is known.</summary>
    public double[]? Of(int weekday) => own[weekday] is null ? null : shapes[weekday] ??= Lent(weekday);

    private double[] Lent(int weekday)
    {
        var mine = own[weekday]!;
        var (shape, sum) = (new double[mine.Length], 0.0);

        for (var other = 0; other < 7; other++)
        {
            if (own[other] is not { } theirs)
                continue;

            var variance = noise[other];
            if (other != weekday)
                variance += Math.Max(0, mine.Zip(theirs, (a, b) => (a - b) * (a - b)).Sum() - noise[other] - noise[weekday]);

            var weight = 1 / Math.Max(variance, 1e-15);
            sum += weight;
            for (var slot = 0; slot < shape.Length; slot++)
                shape[slot] += weight * theirs[slot];
        }

        for (var slot = 0; slot < shape.Length; slot++)
            shape[slot] /= sum;
        return shape;
    }
}

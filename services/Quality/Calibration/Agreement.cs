namespace CallCenter.Quality.Calibration;

/// <summary>How far apart two values of a question are.</summary>
public enum Scale
{
    /// <summary>The same or not: choices, yes and no.</summary>
    Nominal,

    /// <summary>By the square of the difference: numbers and scores.</summary>
    Interval,
}

/// <summary>Measures of agreement between those who judged the same things.</summary>
public static class Agreement
{
    /// <summary>
    /// Krippendorff's alpha: 1 − observed over expected disagreement, by the coincidence matrix (Krippendorff 2011, "Computing
    /// Krippendorff's alpha-reliability"). Whoever judged a thing alone agrees with nobody, and is left out.
    /// </summary>
    /// <param name="units">For each thing judged, what was said of it: by two or more, in any order.</param>
    /// <returns>1 where all agree, 0 where they agree no more than by chance, less where they disagree by system; null where nothing was
    /// judged twice, or everybody always said the same, so that there is nothing that chance could do.</returns>
    public static double? Alpha(IEnumerable<IReadOnlyList<double>> units, Scale scale)
    {
        List<IReadOnlyList<double>> all = [.. units];
        return new Coincidences(all, scale).Alpha([.. all.Select(_ => 1)]);
    }

    /// <summary>The share of pairs of judgements of one thing that are the same; null where nothing was judged twice.</summary>
    public static double? Same(IEnumerable<IReadOnlyList<double>> units)
    {
        var (same, pairs) = (0.0, 0.0);
        foreach (var unit in units)
        {
            pairs += unit.Count * (unit.Count - 1);
            same += unit.GroupBy(value => value).Sum(of => (double)of.Count() * (of.Count() - 1));
        }

        return pairs > 0 ? same / pairs : null;
    }

    /// <summary>
    /// Cohen's kappa of two who judged the same things (Cohen 1960). Of several questions together what chance would bring is counted for
    /// each by itself: that two questions are usually answered differently is no agreement.
    /// </summary>
    /// <param name="questions">For each question, what both said of each thing.</param>
    /// <returns>Null where both always said one and the same.</returns>
    public static double? Kappa(IEnumerable<IReadOnlyList<(double One, double Other)>> questions)
    {
        var (n, same, chance) = (0.0, 0.0, 0.0);
        foreach (var pairs in questions.Where(pairs => pairs.Count > 0))
        {
            n += pairs.Count;
            same += pairs.Count(pair => pair.One == pair.Other);
            var others = pairs.CountBy(pair => pair.Other).ToDictionary();
            chance += pairs.CountBy(pair => pair.One).Sum(of => (double)of.Value * others.GetValueOrDefault(of.Key) / pairs.Count);
        }

        return n == 0 || chance >= n ? null : (same - chance) / (n - chance);
    }

    /// <summary>Mean of differences with its 95 % interval by Student's t; no interval of fewer than two.</summary>
    public static MeanDifference? MeanOf(IReadOnlyList<double> differences)
    {
        if (differences.Count == 0)
            return null;

        var mean = differences.Average();
        if (differences.Count == 1)
            return new(1, mean, null, null);

        var deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Count - 1));
        var half = Student(differences.Count - 1) * deviation / Math.Sqrt(differences.Count);
        return new(differences.Count, mean, mean - half, mean + half);
    }

    /// <summary>
    /// 95 % interval of alpha over things judged, by drawing as many of them again and again (bootstrap, percentiles). The same seed draws
    /// the same.
    /// </summary>
    /// <returns>Null of fewer than five things: so few say nothing of how sure it is.</returns>
    public static (double Low, double High)? Interval(IReadOnlyList<IReadOnlyList<double>> units, Scale scale)
    {
        const int Draws = 1000, Fewest = 5;
        if (units.Count(unit => unit.Count > 1) < Fewest)
            return null;

        // Things of which the same was said are one kind: a draw says how often each kind came.
        var known = new Dictionary<string, int>();
        var (kinds, kindOf) = (new List<IReadOnlyList<double>>(), new int[units.Count]);
        foreach (var (i, unit) in units.Index())
        {
            var said = string.Join(' ', unit.Order());
            if (known.TryGetValue(said, out kindOf[i]))
                continue;
            known[said] = kindOf[i] = kinds.Count;
            kinds.Add(unit);
        }

        var (coincidences, times, random) = (new Coincidences(kinds, scale), new int[kinds.Count], new Random(20260301));
        var found = new List<double>(Draws);
        for (var draw = 0; draw < Draws; draw++)
        {
            Array.Clear(times);
            for (var i = 0; i < kindOf.Length; i++)
                times[kindOf[random.Next(kindOf.Length)]]++;
            if (coincidences.Alpha(times) is { } alpha)
                found.Add(alpha);
        }

        found.Sort();
        return found.Count < Draws / 2 ? null : (found[(int)(0.025 * (found.Count - 1))], found[(int)(0.975 * (found.Count - 1))]);
    }

    // How often which values came, of things that came some number of times: what a thing adds is computed once.
    private sealed class Coincidences
    {
        private readonly Scale scale;
        private readonly double[] values;
        private readonly (int[] Places, double Apart)[] units;
        private readonly int[] counts;

        public Coincidences(IReadOnlyList<IReadOnlyList<double>> judged, Scale scale)
        {
            this.scale = scale;
            values = [.. judged.Where(unit => unit.Count > 1).SelectMany(unit => unit).Distinct().Order()];
            counts = new int[values.Length];
            units = [.. judged.Select(unit => Unit(unit.Count > 1 ? unit : []))];
        }

        public double? Alpha(ReadOnlySpan<int> times)
        {
            Array.Clear(counts);
            var (n, observed) = (0, 0.0);
            for (var i = 0; i < units.Length; i++)
                if (times[i] > 0)
                {
                    n += times[i] * units[i].Places.Length;
                    observed += times[i] * units[i].Apart;
                    foreach (var place in units[i].Places)
                        counts[place] += times[i];
                }

            var expected = Apart() / Math.Max(1, n - 1);
            return expected == 0 ? null : 1 - observed / expected;
        }

        private (int[], double) Unit(IReadOnlyList<double> said)
        {
            int[] places = [.. said.Select(value => Array.BinarySearch(values, value))];
            Array.Clear(counts);
            foreach (var place in places)
                counts[place]++;
            return (places, Apart() / Math.Max(1, places.Length - 1));
        }

        // The sum over ordered pairs of how far apart two are.
        private double Apart()
        {
            var (n, sum, squares, different) = (0.0, 0.0, 0.0, 0);
            for (var i = 0; i < counts.Length; i++)
                if (counts[i] > 0)
                {
                    n += counts[i];
                    sum += counts[i] * values[i];
                    squares += (double)counts[i] * counts[i];
                    different++;
                }

            if (different < 2)
                return 0;
            if (scale is Scale.Nominal)
                return n * n - squares;

            var (mean, apart) = (sum / n, 0.0);
            for (var i = 0; i < counts.Length; i++)
                apart += counts[i] * (values[i] - mean) * (values[i] - mean);
            return 2 * n * apart;
        }
    }

    /// <summary>The quantile 0.975 of Student's t: exact for 1 and 2 degrees of freedom, beyond them by the expansion of Cornish and Fisher
    /// (Abramowitz and Stegun 26.7.5), right to 1 % from 3 on.</summary>
    internal static double Student(int freedom) => freedom switch
    {
        1 => 12.706204736,
        2 => 4.302652730,
        _ => Student(freedom, 1.959963984540054),
    };

    /// <summary>Any other quantile, by that of the normal distribution; from 3 degrees of freedom on.</summary>
    internal static double Student(int freedom, double z)
    {
        double n = freedom, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z, z9 = z7 * z * z;
        return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
            + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n)
            + (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * n * n * n * n);
    }
}

/// <param name="Count">Differences.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Low">With 95 % confidence it is more; null where there is only one.</param>
/// <param name="High">With 95 % confidence it is less; null where there is only one.</param>
public sealed record MeanDifference(int Count, double Mean, double? Low, double? High)
{
    /// <summary>To two decimals.</summary>
    internal MeanDifference Shown() => new(Count, Math.Round(Mean, 2), Low is { } low ? Math.Round(low, 2) : null,
        High is { } high ? Math.Round(high, 2) : null);
}

namespace CallCenter.Planning.Forecasting;

/// <summary>
/// The weights of least squared past error (Bates and Granger 1969): methods that err alike share, methods that err apart help each
/// other. None is negative, they sum to 1, and they are drawn to those given at the start as far as the errors are few.
/// </summary>
internal static class CombinationWeights
{
    // Strong: weights given beforehand are hard to beat by estimated ones (Smith and Wallis 2009).
    private const double Pull = 12;
    private const int Rounds = 60;

    /// <param name="start">A method of weight 0 stays out.</param>
    /// <param name="overlap">Lead over days compared: what errors that overlap are worth.</param>
    public static double[] Of(double[] start, List<(double[]?[] Forecasts, double[] Actual)> past, double overlap)
    {
        var used = Enumerable.Range(0, start.Length).Where(m => start[m] > 0).ToArray();
        if (used.Length < 2 || past.Count == 0)
            return start;

        var products = Products(used, past);
        var pull = Pull * overlap * used.Average(m => products[m, m]);
        if (!(pull > 0))
            return start;

        // Weight is moved from one method to another, always as far as pays, until nothing does.
        var weights = (double[])start.Clone();
        for (var round = 0; round < Rounds; round++)
            foreach (var to in used)
                foreach (var from in used.Where(m => m != to))
                {
                    var move = Math.Clamp((Slope(from) - Slope(to)) / (
                        products[to, to] + products[from, from] - 2 * products[to, from] + 2 * pull),
                        -weights[to], weights[from]);
                    weights[to] += move;
                    weights[from] -= move;
                }

        return weights;

        double Slope(int method)
        {
            var slope = pull * (weights[method] - start[method]);
            foreach (var other in used)
                slope += products[method, other] * weights[other];
            return slope;
        }
    }

    /// <summary>Sums of products of the errors of any two methods, each slot in units of what chance would give it.</summary>
    private static double[,] Products(int[] used, List<(double[]?[] Forecasts, double[] Actual)> past)
    {
        var products = new double[used.Max() + 1, used.Max() + 1];
        var errors = new double[used.Max() + 1];

        foreach (var (forecasts, actual) in past)
            for (var slot = 0; slot < actual.Length; slot++)
            {
                var mean = 1.0;
                foreach (var m in used)
                {
                    errors[m] = forecasts[m]![slot] - actual[slot];
                    mean += forecasts[m]![slot] / used.Length;
                }

                foreach (var a in used)
                    foreach (var b in used)
                        products[a, b] += errors[a] * errors[b] / mean;
            }

        return products;
    }
}

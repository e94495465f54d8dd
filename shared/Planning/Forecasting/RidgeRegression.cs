namespace CallCenter.Planning.Forecasting;

/// <summary>Weighted least squares with a penalty on each coefficient, by Cholesky's decomposition of the normal equations.</summary>
internal sealed class RidgeRegression(int columns)
{
    private readonly double[,] products = new double[columns, columns];
    private readonly double[] right = new double[columns];

    public int Rows { get; private set; }

    public void Add(ReadOnlySpan<double> row, double value, double weight)
    {
        Rows++;
        for (var i = 0; i < columns; i++)
        {
            var weighted = row[i] * weight;
            if (weighted == 0)
                continue;

            right[i] += weighted * value;
            for (var j = 0; j <= i; j++)
                products[i, j] += weighted * row[j];
        }
    }

    /// <summary>Solves, and may be asked once.</summary>
    public double[] Solve(ReadOnlySpan<double> penalties)
    {
        for (var i = 0; i < columns; i++)
        {
            products[i, i] += penalties[i] + 1e-9;
            for (var j = 0; j <= i; j++)
            {
                var sum = products[i, j];
                for (var k = 0; k < j; k++)
                    sum -= products[i, k] * products[j, k];
                products[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / products[j, j];
            }
        }

        var solution = (double[])right.Clone();
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < i; j++)
                solution[i] -= products[i, j] * solution[j];
            solution[i] /= products[i, i];
        }

        for (var i = columns - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < columns; j++)
                solution[i] -= products[j, i] * solution[j];
            solution[i] /= products[i, i];
        }

        return solution;
    }
}

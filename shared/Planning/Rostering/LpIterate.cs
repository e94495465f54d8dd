namespace CallCenter.Planning.Rostering;

/// <summary>
/// One iterate of the linear programme: the primal value of each column, the dual of each row, and who is at work on average.
/// </summary>
internal sealed class LpIterate(int rows)
{
    public double[] Primal { get; private set; } = [];

    public double[] Duals { get; } = new double[rows];

    public double[] Staff { get; } = new double[rows];

    public void Grow(int columns)
    {
        if (Primal.Length >= columns)
            return;
        var larger = new double[columns];
        Primal.CopyTo(larger, 0);
        Primal = larger;
    }

    public void Take(LpIterate other)
    {
        other.Primal.CopyTo(Primal, 0);
        other.Duals.CopyTo(Duals, 0);
        other.Staff.CopyTo(Staff, 0);
    }

    /// <summary>Goes this part of the way; all of it when the part is one.</summary>
    public void Approach(LpIterate other, double part)
    {
        for (var i = 0; i < Primal.Length; i++)
            Primal[i] += part * (other.Primal[i] - Primal[i]);
        for (var i = 0; i < Duals.Length; i++)
            Duals[i] += part * (other.Duals[i] - Duals[i]);
    }

    public (double Primal, double Duals) Distance(LpIterate other)
    {
        return (Of(Primal, other.Primal), Of(Duals, other.Duals));

        static double Of(double[] one, double[] two)
        {
            var sum = 0.0;
            for (var i = 0; i < one.Length; i++)
                sum += (one[i] - two[i]) * (one[i] - two[i]);
            return Math.Sqrt(sum);
        }
    }
}

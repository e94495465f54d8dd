namespace CallCenter.Planning.Rostering.Tours;

/// <summary>Shares of tours, prices of periods, and who is at work on average.</summary>
internal sealed class Mixture(int periods)
{
    public double[] Shares { get; private set; } = [];

    public double[] Prices { get; } = new double[periods];

    public double[] Staff { get; } = new double[periods];

    public void Grow(int columns)
    {
        if (Shares.Length >= columns)
            return;
        var larger = new double[columns];
        Shares.CopyTo(larger, 0);
        Shares = larger;
    }

    public void Take(Mixture other)
    {
        other.Shares.CopyTo(Shares, 0);
        other.Prices.CopyTo(Prices, 0);
        other.Staff.CopyTo(Staff, 0);
    }

    /// <summary>Goes this part of the way; all of it when the part is one.</summary>
    public void Approach(Mixture other, double part)
    {
        for (var i = 0; i < Shares.Length; i++)
            Shares[i] += part * (other.Shares[i] - Shares[i]);
        for (var i = 0; i < Prices.Length; i++)
            Prices[i] += part * (other.Prices[i] - Prices[i]);
    }

    public (double Shares, double Prices) Distance(Mixture other)
    {
        return (Of(Shares, other.Shares), Of(Prices, other.Prices));

        static double Of(double[] one, double[] two)
        {
            var sum = 0.0;
            for (var i = 0; i < one.Length; i++)
                sum += (one[i] - two[i]) * (one[i] - two[i]);
            return Math.Sqrt(sum);
        }
    }
}

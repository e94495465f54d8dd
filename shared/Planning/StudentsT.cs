namespace CallCenter.Planning;

/// <summary>How far off an estimate may be whose deviation is itself estimated, from few values.</summary>
internal static class StudentsT
{
    /// <summary>By the expansion of Cornish and Fisher: right to 1 % from 4 degrees on.</summary>
    /// <param name="normal">The quantile of the normal distribution for the same share.</param>
    public static double Quantile(double normal, double degrees)
    {
        var (z, z2, n) = (normal, normal * normal, degrees);
        return z + z * (z2 + 1) / (4 * n) + z * (5 * z2 * z2 + 16 * z2 + 3) / (96 * n * n)
            + z * (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * n * n * n);
    }
}

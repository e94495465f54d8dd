namespace CallCenter.Planning.Forecasting;

/// <summary>
/// The calls of several days together. What days miss on their own evens out and a level that is missed does not, so the interval of a
/// sum is narrower than the sum of the intervals and wider than independent days would make it.
/// </summary>
/// <param name="Low">One in ten such sums comes to lie below.</param>
/// <param name="High">One in ten comes to lie above.</param>
public sealed record ForecastSum(double Calls, double Low, double High)
{
    // The quantile of the normal distribution beyond which one in ten lies.
    private const double Normal = 1.281551566;

    public static ForecastSum Of(IReadOnlyList<ForecastDay> days)
    {
        var (calls, passing, lasting) = (0.0, 0.0, 0.0);
        foreach (var day in days)
        {
            var total = day.Calls.Sum();
            calls += total;
            passing += day.Spread.Passing * total * total;
            lasting += Math.Sqrt(day.Spread.Lasting) * total;
        }

        var far = Normal * Math.Sqrt(passing + lasting * lasting);
        return new(calls, Math.Max(0, calls - far), calls + far);
    }
}

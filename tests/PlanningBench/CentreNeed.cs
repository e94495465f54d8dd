namespace CallCenter.PlanningBench;

/// <summary>Whom a made-up centre needs, by half hours from 07:00 to 21:00 and weekdays from Monday: shares of its peak.</summary>
internal static class CentreNeed
{
    public static readonly double[] OfDay =
    [
        0.25, 0.35, 0.50, 0.70, 0.85, 0.95, 1.00, 0.98, 0.92, 0.85, 0.80, 0.80, 0.84, 0.90, 0.94, 0.95, 0.92, 0.88, 0.80, 0.70, 0.60, 0.50,
        0.44, 0.38, 0.32, 0.28, 0.22, 0.18,
    ];

    public static readonly double[] OfWeek = [1.00, 0.95, 0.92, 0.90, 0.88, 0.60, 0.45];

    /// <summary>Agents needed at the peak of a centre, four fifths of whose agents work 40 hours a week and one fifth 20.</summary>
    /// <param name="share">Hours needed, of those of the contracts.</param>
    public static double Peak(int agents, double share) =>
        share * ((agents - agents / 5) * 40 + agents / 5 * 20) / (OfDay.Sum() / 2 * OfWeek.Sum());
}

namespace CallCenter.Planning.Staffing;

/// <summary>One caller's wait.</summary>
/// <param name="HungUp">Whether the wait ended the patience; if not, an agent ended the wait, and patience would have lasted
/// longer.</param>
public readonly record struct ObservedWait(double Seconds, bool HungUp);

/// <summary>
/// How long callers would wait. An answered call shows only that its caller's patience was longer than the wait: leaving those
/// out takes the impatient for all (on the bank calls of <c>docs/explanation/planning.md</c> the mean comes out five times too low).
/// </summary>
/// <param name="MeanSeconds">
/// Of an exponential patience: all seconds waited over all who hung up, the estimate of greatest likelihood under censoring. This is
/// what Erlang A takes.
/// </param>
/// <param name="MedianSeconds">Where the Kaplan-Meier curve falls to one half; null when more than half outlasted every wait seen.</param>
/// <param name="Curve">Kaplan-Meier: share of callers still patient after each wait at which somebody hung up.</param>
public sealed record Patience(
    int Callers, int HungUp, double MeanSeconds, double? MedianSeconds, IReadOnlyList<(double Seconds, double StillPatient)> Curve)
{
    /// <exception cref="PlanningException"><c>patience-unknown</c> when nobody hung up; <c>wait-out-of-range</c>.</exception>
    public static Patience Estimate(IEnumerable<ObservedWait> waits)
    {
        var sorted = waits.OrderBy(w => w.Seconds).ToList();

        if (sorted.Any(w => !double.IsFinite(w.Seconds) || w.Seconds < 0))
            throw new PlanningException("wait-out-of-range", "A wait must be 0 seconds or more.");

        var hungUp = sorted.Count(w => w.HungUp);
        var waited = sorted.Sum(w => w.Seconds);
        if (hungUp == 0 || waited == 0)
            throw new PlanningException("patience-unknown", "Nobody hung up after a wait, so nothing shows how long callers are patient.");

        var curve = new List<(double Seconds, double StillPatient)>();
        var (patient, waiting) = (1.0, sorted.Count);

        foreach (var same in sorted.GroupBy(w => w.Seconds))
        {
            var (left, all) = (same.Count(w => w.HungUp), same.Count());
            if (left > 0)
                curve.Add((same.Key, patient *= 1 - (double)left / waiting));
            waiting -= all;
        }

        var half = curve.FindIndex(c => c.StillPatient <= 0.5);
        return new(sorted.Count, hungUp, waited / hungUp, half < 0 ? null : curve[half].Seconds, curve);
    }
}

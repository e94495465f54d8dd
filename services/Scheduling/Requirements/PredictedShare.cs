using CallCenter.Planning.Simulation;

namespace CallCenter.Scheduling.Requirements;

/// <summary>The mean of the simulated days, and where it lies with 95 % confidence.</summary>
/// <param name="Value">The mean, 0 to 1.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
public sealed record PredictedShare(double Value, double Low, double High)
{
    /// <returns>Null where there was nothing to take a share of.</returns>
    internal static PredictedShare? Of(Estimate estimate) => estimate.OfNothing ? null
        : new(Math.Round(estimate.Value, 4), Math.Round(Math.Max(0, estimate.Low), 4), Math.Round(Math.Min(1, estimate.High), 4));
}

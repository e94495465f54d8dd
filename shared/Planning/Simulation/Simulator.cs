using System.Diagnostics;

namespace CallCenter.Planning.Simulation;

/// <summary>Simulates days of a centre until the service level is known well enough. The same seed gives the same days.</summary>
public static class Simulator
{
    /// <param name="progress">Told after each day: how many, and the service level so far.</param>
    /// <exception cref="PlanningException">The centre is not one.</exception>
    public static SimulationResult Run(
        SimulatedCentre centre, SimulatedServiceLevel level, SimulationLimits limits, CancellationToken cancellation,
        IProgress<(int Replications, Estimate ServiceLevel)>? progress = null)
    {
        centre.Check();
        Staffing.ErlangA.CheckThreshold(level.WithinSeconds);
        if (limits.MaxReplications < 1)
            throw new PlanningException("replications-out-of-range", "At least one day must be simulated.");

        var pools = new AgentPools(centre.Agents, centre.Streams.Count);
        var tally = new ReplicationTally(centre, pools.Count, level.Definition);
        var clock = Stopwatch.StartNew();

        for (var replication = 1; ; replication++)
        {
            tally.Add(SimulatedDay.Run(centre, pools, level.WithinSeconds, limits.Seed, replication));
            progress?.Report((replication, tally.ServiceLevel));

            var stop = replication >= limits.MinReplications && tally.ServiceLevel.HalfWidth <= limits.ServiceLevelHalfWidth ? "precise"
                : replication >= limits.MaxReplications ? "replications"
                : clock.Elapsed >= limits.Time ? "time"
                : cancellation.IsCancellationRequested ? "cancelled"
                : null;
            if (stop is not null)
                return tally.Result(stop);
        }
    }
}

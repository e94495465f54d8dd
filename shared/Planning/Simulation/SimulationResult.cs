using CallCenter.Planning.Staffing;

namespace CallCenter.Planning.Simulation;

/// <summary>A mean over replications and its 95 % confidence interval.</summary>
public readonly record struct Estimate(double Value, double Low, double High)
{
    /// <summary>There was nothing to take it of: the value, 0, says nothing.</summary>
    public bool OfNothing { get; init; }

    public double HalfWidth => (High - Low) / 2;

    public bool Holds(double value) => value >= Low && value <= High;

    /// <summary>The mean of independent values, such as one of each simulated day: of five at least.</summary>
    public static Estimate OfMean(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var half = Student(values.Count - 1) * Math.Sqrt(variance / values.Count);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>95 % quantile of Student's t on both sides.</summary>
    internal static double Student(int degrees) => StudentsT.Quantile(1.959963985, degrees);
}

/// <summary>How calls did. A share or mean without any call to take it of is 0 with an interval of no width, and says so.</summary>
/// <param name="Offered">Calls a replication of the day or days simulated, as all numbers here.</param>
/// <param name="ServiceLevel">By the definition asked for.</param>
/// <param name="AverageSpeedOfAnswer">Seconds, of those answered.</param>
/// <param name="AverageWait">Seconds, of those answered and those who hung up.</param>
public sealed record CallMeasures(
    Estimate Offered, Estimate Answered, Estimate ServiceLevel, Estimate AverageSpeedOfAnswer, Estimate AverageWait,
    Estimate Abandonment, Estimate AnsweredInTime, Estimate HungUp, Estimate Blocked);

/// <param name="Calls">By the interval of their arrival.</param>
/// <param name="Occupancy">Busy agent time over agent time there.</param>
public sealed record IntervalMeasures(CallMeasures Calls, Estimate Occupancy);

/// <param name="Occupancy">Of all agents, up to the end of the last interval.</param>
/// <param name="Pools">Occupancy of agents with the same skills, until the last call has gone; in the order in which these first
/// occur.</param>
/// <param name="StreamIntervals">By stream, then by interval.</param>
/// <param name="Days">As the intervals, for each day of the centre.</param>
/// <param name="Stopped">Why no more days were simulated: precise, replications, time or cancelled.</param>
public sealed record SimulationResult(
    int Replications, CallMeasures Calls, Estimate Occupancy, IReadOnlyList<IntervalMeasures> Intervals,
    IReadOnlyList<CallMeasures> Streams, IReadOnlyList<IReadOnlyList<CallMeasures>> StreamIntervals,
    IReadOnlyList<Estimate> Pools, IReadOnlyList<IntervalMeasures> Days, string Stopped);

/// <summary>How long to simulate.</summary>
/// <param name="ServiceLevelHalfWidth">Ends when the service level of the day is known to plus or minus this, with 95 % confidence.</param>
/// <param name="Time">At most; then what is known by then.</param>
public sealed record SimulationLimits(
    double ServiceLevelHalfWidth = 0.005, int MinReplications = 10, int MaxReplications = 1000, int Seed = 1, TimeSpan? Time = null);

/// <param name="WithinSeconds">Answer time of the service level.</param>
public sealed record SimulatedServiceLevel(
    double WithinSeconds = 20, ServiceLevelDefinition Definition = ServiceLevelDefinition.AnsweredOfOffered);

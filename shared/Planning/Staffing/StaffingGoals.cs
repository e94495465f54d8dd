namespace CallCenter.Planning.Staffing;

/// <summary>What has to be reached together. A goal left out does not bind.</summary>
/// <param name="ServiceLevel">Share of callers, above 0 and below 1.</param>
/// <param name="WithinSeconds">The answer time of the service level.</param>
/// <param name="MaxAverageSpeedOfAnswer">Seconds, of those answered.</param>
/// <param name="MaxOccupancy">Share of their time agents may be busy. Keeps large teams from being run at 99 %.</param>
/// <param name="MaxAbandonment">Without it a service level alone may be met by letting callers hang up.</param>
public sealed record StaffingGoals(
    double? ServiceLevel = null, double WithinSeconds = 20, ServiceLevelDefinition Definition = ServiceLevelDefinition.AnsweredOfOffered,
    double? MaxAverageSpeedOfAnswer = null, double? MaxOccupancy = null, double? MaxAbandonment = null)
{
    public bool MetBy(QueuePerformance performance) =>
        !(performance.ServiceLevel(Definition) < ServiceLevel)
        && !(performance.AverageSpeedOfAnswer > MaxAverageSpeedOfAnswer)
        && !(performance.Occupancy > MaxOccupancy)
        && !(performance.Abandonment > MaxAbandonment);

    internal void Check()
    {
        ErlangA.CheckThreshold(WithinSeconds);
        CheckShare(ServiceLevel, "service level");
        CheckShare(MaxOccupancy, "occupancy");
        CheckShare(MaxAbandonment, "abandonment");

        if (MaxAverageSpeedOfAnswer is { } seconds && !(double.IsFinite(seconds) && seconds > 0))
            throw new PlanningException("target-out-of-range", "The average speed of answer must be more than 0 seconds.");

        if (this is { ServiceLevel: null, MaxAverageSpeedOfAnswer: null, MaxOccupancy: null, MaxAbandonment: null })
            throw new PlanningException("goal-missing", "At least one goal is needed to know how many agents are enough.");
    }

    private static void CheckShare(double? share, string what)
    {
        if (share is { } value && !(value > 0 && value < 1))
            throw new PlanningException("target-out-of-range", $"The {what} must lie between 0 and 1, both excluded.");
    }
}

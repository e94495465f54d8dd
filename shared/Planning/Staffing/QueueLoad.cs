namespace CallCenter.Planning.Staffing;

/// <summary>What arrives at a queue in one interval.</summary>
/// <param name="Calls">Calls offered in the interval; a forecast, so not necessarily whole.</param>
/// <param name="IntervalSeconds">Length of the interval.</param>
/// <param name="HandleSeconds">Mean handle time: talk, hold and after-contact work.</param>
public readonly record struct QueueLoad(double Calls, double IntervalSeconds, double HandleSeconds)
{
    /// <summary>The offered load: agents that would be busy if nobody ever had to wait.</summary>
    public double Erlangs => Calls * HandleSeconds / IntervalSeconds;

    /// <summary>Calls a second.</summary>
    public double ArrivalRate => Calls / IntervalSeconds;

    internal void Check()
    {
        if (!(Calls is >= 0 and <= Bounds.Calls))
            throw new PlanningException("calls-out-of-range", $"The number of calls must be 0 or more, and at most {Bounds.Calls:N0}.");

        if (!(IntervalSeconds is > 0 and <= Bounds.Seconds))
            throw new PlanningException("interval-out-of-range",
                $"An interval must last longer than 0 seconds, and at most {Bounds.Seconds:N0}.");

        if (!(HandleSeconds is >= 0 and <= Bounds.Seconds) || (HandleSeconds == 0 && Calls > 0))
            throw new PlanningException("handle-time-out-of-range",
                $"The handle time must be more than 0 seconds, and at most {Bounds.Seconds:N0}.");
    }
}

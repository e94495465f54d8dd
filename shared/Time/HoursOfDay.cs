namespace CallCenter.Time;

/// <summary>
/// A span of one local day by the wall clock, from its first time to the first time after it. 00:00 as the end is the end of the day
/// wherever somebody states a span.
/// </summary>
/// <param name="From">The first of the day when null.</param>
/// <param name="To">The end of the day when null, or 00:00.</param>
public readonly record struct HoursOfDay(TimeOnly? From, TimeOnly? To)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Since midnight.</summary>
    public TimeSpan Start => From?.ToTimeSpan() ?? TimeSpan.Zero;

    /// <summary>Since midnight; 24 hours at the end of the day.</summary>
    public TimeSpan End => To is { } to && to > TimeOnly.MinValue ? to.ToTimeSpan() : Day;

    public TimeSpan Length => End - Start;

    /// <summary>It ends where it begins, or before.</summary>
    public bool IsReversed => End <= Start;

    public bool Holds(TimeOnly time) => Start <= time.ToTimeSpan() && time.ToTimeSpan() < End;

    /// <summary>Whether a time of the two is the same.</summary>
    public bool Touches(HoursOfDay other) => Start < other.End && other.Start < End;
}

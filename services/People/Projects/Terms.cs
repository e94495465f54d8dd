namespace CallCenter.People.Projects;

/// <summary>One opening of a weekday, local time. Closing at 00:00 means the end of the day; a night is two openings.</summary>
public sealed record Opening(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes)
{
    public bool Overlaps(Opening other) =>
        Day == other.Day
        && Opens.ToTimeSpan().TotalMinutes < other.ClosesAtMinute() && other.Opens.ToTimeSpan().TotalMinutes < ClosesAtMinute();

    /// <summary>Minutes from midnight at which it closes, 1440 at the end of the day.</summary>
    public double ClosesAtMinute() => Closes == TimeOnly.MinValue ? 1440 : Closes.ToTimeSpan().TotalMinutes;
}

/// <param name="Code">Unique in the project; also the skill an agent needs for it.</param>
/// <param name="Channel">voice, chat, email, …</param>
/// <param name="ServiceLevelSeconds">The T of "x % within T seconds".</param>
public sealed record Queue(string Code, string Name, string Channel, int ServiceLevelSeconds);

/// <param name="Value">In the KPI's unit: share 0–1, seconds, points.</param>
/// <param name="EffectiveFrom">First local day it holds.</param>
public sealed record Target(string Kpi, decimal Value, DateOnly EffectiveFrom);

/// <param name="Language">en or zh-CN.</param>
public sealed record Reader(Guid EmployeeId, string Language);

public static class Targets
{
    /// <summary>The newest version of each KPI's target that is not after the day.</summary>
    public static IReadOnlyList<Target> On(this IEnumerable<Target> targets, DateOnly day) =>
    [
        .. targets.Where(t => t.EffectiveFrom <= day).GroupBy(t => t.Kpi)
            .Select(versions => versions.MaxBy(t => t.EffectiveFrom)!)
            .OrderBy(t => t.Kpi, StringComparer.Ordinal),
    ];
}

using System.Text.Json.Serialization;
using CallCenter.Time;

namespace CallCenter.People.Projects;

/// <summary>One opening of a weekday, local time. Closing at 00:00 means the end of the day; a night is two openings.</summary>
/// <param name="Day">Weekday.</param>
/// <param name="Opens">Local time.</param>
/// <param name="Closes">Local time; 00:00 is the end of the day.</param>
public sealed record Opening(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes)
{
    [JsonIgnore]
    public HoursOfDay Hours => new(Opens, Closes);

    public bool Overlaps(Opening other) => Day == other.Day && Hours.Touches(other.Hours);
}

/// <param name="Code">Unique in the project; also the skill an agent needs for it.</param>
/// <param name="Channel">voice, chat, email, …</param>
/// <param name="ServiceLevelSeconds">The T of "x % within T seconds".</param>
public sealed record Queue(string Code, string Name, string Channel, int ServiceLevelSeconds);

/// <summary>Whose figures a target is for.</summary>
public enum TargetScope { Project, Centre, Department, Team, Agent }

/// <param name="Value">In the KPI's unit: share 0–1, seconds, points.</param>
/// <param name="EffectiveFrom">First local day it holds.</param>
/// <param name="ScopeId">The department's code, or the id of the team or agent; null for the project and the centre.</param>
/// <param name="Through">Last local day it holds, as for a month's target; null until another takes its place.</param>
public sealed record Target(
    string Kpi, decimal Value, DateOnly EffectiveFrom, TargetScope Scope = TargetScope.Project, string? ScopeId = null,
    DateOnly? Through = null)
{
    /// <summary>What there is one target of.</summary>
    [JsonIgnore]
    public (string, DateOnly, TargetScope, string?, DateOnly?) Key => (Kpi, EffectiveFrom, Scope, ScopeId, Through);

    public bool HoldsOn(DateOnly day) => EffectiveFrom <= day && (Through is not { } last || day <= last);
}

/// <param name="Language">en or zh-CN.</param>
public sealed record Reader(Guid EmployeeId, string Language);

public static class Targets
{
    /// <summary>
    /// The target of each KPI and scope that counts on the day: one for a stretch of days, such as a month, before one without an
    /// end, and the newest of those.
    /// </summary>
    public static IReadOnlyList<Target> On(this IEnumerable<Target> targets, DateOnly day) =>
    [
        .. targets.Where(t => t.HoldsOn(day)).GroupBy(t => (t.Kpi, t.Scope, t.ScopeId))
            .Select(versions => versions.OrderBy(t => t.Through is null).ThenByDescending(t => t.EffectiveFrom).First())
            .OrderBy(t => t.Kpi, StringComparer.Ordinal).ThenBy(t => t.Scope).ThenBy(t => t.ScopeId, StringComparer.Ordinal),
    ];
}

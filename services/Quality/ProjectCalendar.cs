using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Quality;

/// <summary>Days and weeks as the project lives them.</summary>
public sealed record ProjectCalendar(TimeZoneInfo Zone, DayOfWeek WeekStartsOn)
{
    public static ProjectCalendar Of(ProjectV1 project) => new(TimeZoneInfo.FindSystemTimeZoneById(project.Zone), project.WeekStartsOn);

    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The first day of the week a day is in.</summary>
    public DateOnly WeekOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek - (int)WeekStartsOn + 7) % 7));

    /// <summary>The week that begins with a day, from its first instant to before that of the next.</summary>
    /// <exception cref="InvalidException">422 <c>not-a-week-start</c> for any other day.</exception>
    public (DateTimeOffset From, DateTimeOffset To) Week(DateOnly firstDay) => firstDay.Year is > 1900 and < 9000 && WeekOf(firstDay) == firstDay
        ? (StartOf(firstDay), StartOf(firstDay.AddDays(7)))
        : throw new InvalidException("/week", "not-a-week-start", $"A week is named by its first day, a {WeekStartsOn} in this project.");

    /// <summary>The instant a local day begins.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);

        // Where clocks go forward at midnight, the day begins with the first minute that exists.
        while (Zone.IsInvalidTime(local))
            local = local.AddMinutes(15);

        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);

        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

internal static class ProjectCalendars
{
    public static async Task<ProjectCalendar> CalendarOf(this IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        await session.LoadAsync<ProjectV1>(projectId, cancellation) is { } project
            ? ProjectCalendar.Of(project)
            : throw new RefusedException("project-unknown", "The project has not been announced here yet; its zone is needed.");
}

using CallCenter.Contracts.People;
using CallCenter.Rules;
using CallCenter.Time;
using Marten;

namespace CallCenter.Quality.Projects;

public static class ProjectCalendars
{
    extension(LocalCalendar calendar)
    {
        /// <summary>The week that begins with a day, from its first instant to before that of the next.</summary>
        /// <param name="pointer">Where it is said.</param>
        /// <exception cref="InvalidException">422 <c>not-a-week-start</c> for any other day.</exception>
        public (DateTimeOffset From, DateTimeOffset To) Week(DateOnly firstDay, string pointer = "/week") =>
            Ranges.Days.Contains(firstDay) && calendar.WeekOf(firstDay) == firstDay
                ? (calendar.StartOf(firstDay), calendar.StartOf(firstDay.AddDays(7)))
                : throw new InvalidException(pointer, "not-a-week-start",
                    $"A week is named by its first day, a {calendar.WeekStartsOn} in this project.");
    }

    extension(ProjectV1 project)
    {
        public LocalCalendar Calendar => LocalCalendar.Of(project.Zone, project.WeekStartsOn);
    }

    public static async Task<LocalCalendar> CalendarOf(this IQuerySession session, Guid projectId, CancellationToken cancellation) =>
        (await session.LoadAsync<ProjectV1>(projectId, cancellation))?.Calendar
        ?? throw new RefusedException("project-unknown", "The project has not been announced here yet; its zone is needed.");
}

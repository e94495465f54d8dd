using CallCenter.Planning.Forecasting;
using CallCenter.Rules;
using CallCenter.Scheduling.Calendars;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>What a project's calendar tells a forecast: days that are not like others of their weekday.</summary>
public static class CalendarDays
{
    // What a make-up working day works like, whatever weekday it falls on.
    private const DayOfWeek MidWeek = DayOfWeek.Wednesday;

    public const string Unpublished = "calendar-unpublished";

    /// <summary>
    /// The days that a planner named, and beside them the holidays and make-up working days of the calendar. All holidays are of one
    /// kind, since few weeks of history hold two of one name; whoever knows better names the day.
    /// </summary>
    public static IReadOnlyList<SpecialDay> Beside(
        IReadOnlyList<SpecialDay> named, ProjectDays days, DateOnly from, DateOnly to)
    {
        var known = named.Select(day => day.Date).ToHashSet();
        return
        [
            .. named,
            .. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays).Where(date => !known.Contains(date))
                .Select(days.Named).OfType<NamedDay>().Select(day => new SpecialDay(
                    day.Date, day.Kind.Code, day.Kind is DayKind.WorkingDay ? MidWeek : null)),
        ];
    }

    /// <summary>With a warning where the calendar does not reach so far: no holiday of an unpublished year is guessed.</summary>
    public static ForecastedQueue Warned(ForecastedQueue queue, ProjectDays days, DateOnly from, int count) =>
        Enumerable.Range(0, count).Any(day => days.IsKnown(from.AddDays(day)) == false)
            ? queue with { Warnings = queue.Warnings.Add(Unpublished) } : queue;
}

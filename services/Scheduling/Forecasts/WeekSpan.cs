using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Scheduling.Forecasts;

/// <summary>A span of some weekdays by the wall clock, for which somebody states by hand what holds.</summary>
/// <param name="On">Every day when null.</param>
/// <param name="From">The first of the day when null.</param>
/// <param name="To">The end of the day when null, or 00:00.</param>
public readonly record struct WeekSpan(IReadOnlyList<DayOfWeek>? On, TimeOnly? From, TimeOnly? To)
{
    private HoursOfDay Hours => new(From, To);

    public void Check(string pointer)
    {
        if (From is { } from && !LocalCalendar.IsOnQuarter(from) || To is { } to && !LocalCalendar.IsOnQuarter(to))
            throw new InvalidException($"{pointer}/{(From is { } begin && !LocalCalendar.IsOnQuarter(begin) ? "from" : "to")}", "not-a-quarter",
                "A span begins and ends on a quarter hour.");
        if (Hours.IsReversed)
            throw new InvalidException($"{pointer}/to", "span-reversed", "A span ends after it begins; 00:00 is the end of the day.");
    }

    public bool Holds(DateOnly date, TimeOnly time) =>
        On?.Contains(date.DayOfWeek) != false && Hours.Holds(time);

    /// <summary>For each quarter hour of the day the last of the statements that holds there; null where none does.</summary>
    public static IEnumerable<T?> Over<T>(IReadOnlyList<T> stated, Func<T, WeekSpan> span, DateOnly date, LocalCalendar calendar)
        where T : class =>
        calendar.QuartersOf(date).Select(calendar.TimeOf).Select(time => stated.LastOrDefault(s => span(s).Holds(date, time)));
}

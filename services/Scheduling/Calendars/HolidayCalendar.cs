using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using CallCenter.EventSourcing;
using CallCenter.Rules;

namespace CallCenter.Scheduling.Calendars;

// ---- Values

/// <summary>What a notice makes of a day: a holiday, or a working day that makes up for one.</summary>
public enum DayKind { Holiday, WorkingDay }

/// <summary>A day that a notice names.</summary>
/// <param name="Date">Local day.</param>
/// <param name="Kind">A holiday, or a working day that makes up for one.</param>
/// <param name="Name">Of the holiday, as the notice calls it.</param>
/// <param name="NameEn">In English; null where nobody has said it.</param>
public sealed record NamedDay(
    DateOnly Date, DayKind Kind, [Required, VisibleText, Line, MaxLength(100)] string Name, [Line, MaxLength(100)] string? NameEn = null)
{
    /// <summary>For people.</summary>
    [JsonIgnore]
    public string Label => (NameEn is null ? Name : $"{Name} · {NameEn}") + (Kind is DayKind.WorkingDay ? " (make-up working day)" : "");
}

/// <summary>What was published of a year.</summary>
/// <param name="Year">It may name days of the last December before it as well.</param>
/// <param name="Source">Where that is written.</param>
/// <param name="Days">In order of time.</param>
public sealed record CalendarYear(int Year, string Source, IReadOnlyList<NamedDay> Days)
{
    public bool Reaches(DateOnly day) => day.Year == Year || (day.Year == Year - 1 && day.Month == 12);

    /// <summary>Records compare their lists by reference.</summary>
    public bool IsSameAs(CalendarYear? other) => other is not null && Source == other.Source && Days.SequenceEqual(other.Days);
}

// ---- Events

public sealed record CalendarMade(Guid CalendarId, string Name, Guid By, DateTimeOffset At);

/// <summary>It replaces what was known of the year.</summary>
public sealed record CalendarYearSet(Guid CalendarId, CalendarYear Year, Guid By, DateTimeOffset At);

/// <summary>What was set of a year was a mistake: what came with the product holds again, or nothing is known of it.</summary>
public sealed record CalendarYearTakenBack(Guid CalendarId, int Year, Guid By, DateTimeOffset At);

// ---- Commands

public sealed record MakeCalendar(Guid CalendarId, string Name, Guid By, DateTimeOffset Now);

/// <param name="Reason">Of the request.</param>
public sealed record SetCalendarYear(CalendarYear Year, string? Reason, Guid By, DateTimeOffset Now);

public sealed record TakeBackCalendarYear(int Year, Guid By, DateTimeOffset Now);

// ---- State

/// <summary>Public holidays and make-up working days of a country. Of a year that nobody has published nothing is known.</summary>
public sealed record HolidayCalendar
{
    public Guid Id { get; init; }

    /// <summary>0 while nobody has changed what came with the product.</summary>
    public long Version { get; init; }
    public string Name { get; init; } = "";

    /// <summary>What people have set.</summary>
    public IReadOnlyList<CalendarYear> Set { get; init; } = [];

    /// <summary>What people have set, else what came with the product, in the order of years.</summary>
    [JsonIgnore]
    public IEnumerable<CalendarYear> Years =>
        Set.Concat(Id == China.Id ? China.Years : []).DistinctBy(year => year.Year).OrderBy(year => year.Year);

    public HolidayCalendar Evolve(object @event) => @event switch
    {
        CalendarMade e => this with { Name = e.Name },
        CalendarYearSet e => this with { Set = [.. Set.Where(year => year.Year != e.Year.Year), e.Year] },
        CalendarYearTakenBack e => this with { Set = [.. Set.Where(year => year.Year != e.Year)] },
        _ => this,
    };
}

// ---- Decisions

public static class HolidayCalendarDecider
{
    private const int MostDays = 200;

    public static object[] Decide(MakeCalendar command, HolidayCalendar state) =>
        state.Version > 0 ? [] : [new CalendarMade(command.CalendarId, command.Name, command.By, command.Now)];

    /// <exception cref="InvalidException"><c>day-twice</c>, <c>outside-year</c>, <c>no-day</c> or <c>too-many-days</c></exception>
    /// <exception cref="RefusedException"><c>year-known</c>: what people plan by is not changed without a reason.</exception>
    public static object[] Decide(SetCalendarYear command, HolidayCalendar state)
    {
        var year = command.Year with { Days = [.. command.Year.Days.OrderBy(day => day.Date)] };
        if (year.Days.Count is 0 or > MostDays)
            throw new InvalidException("/days", year.Days.Count == 0 ? "no-day" : "too-many-days",
                $"A year that is published names 1 to {MostDays} days; one that is not stays unknown.");
        var errors = Errors(command.Year).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);

        var known = state.Years.FirstOrDefault(other => other.Year == year.Year);
        if (year.IsSameAs(known))
            return [];
        if (known is not null && command.Reason is null)
            throw new RefusedException("year-known",
                $"{year.Year} is known already, from {known.Source}; say in X-Reason why it is another.");

        return [new CalendarYearSet(state.Id, year, command.By, command.Now)];
    }

    public static object[] Decide(TakeBackCalendarYear command, HolidayCalendar state) =>
        state.Set.Any(year => year.Year == command.Year)
            ? [new CalendarYearTakenBack(state.Id, command.Year, command.By, command.Now)]
            : [];

    private static IEnumerable<Error> Errors(CalendarYear year)
    {
        var seen = new HashSet<DateOnly>();
        foreach (var (i, day) in year.Days.Index())
            if (!year.Reaches(day.Date))
                yield return new($"/days/{i}/date", "outside-year",
                    $"{day.Date:yyyy-MM-dd} is neither of {year.Year} nor of the December before.");
            else if (!seen.Add(day.Date))
                yield return new($"/days/{i}/date", "day-twice", $"{day.Date:yyyy-MM-dd} is named twice.");
    }
}

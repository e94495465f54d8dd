namespace CallCenter.Reporting.Calendars;

/// <summary>
/// A project's calendar: which instants make up a local day, a quarter hour, a reporting week. The days of a calendar
/// follow each other without gap or overlap whatever the clocks do, so the sum of the parts is the whole.
/// </summary>
/// <param name="zone">IANA zone of the project.</param>
/// <param name="weekStartsOn">First day of its reporting week.</param>
public sealed class LocalCalendar(TimeZoneInfo zone, DayOfWeek weekStartsOn)
{
    /// <summary>Length of an interval.</summary>
    public static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    public LocalCalendar(string zone, DayOfWeek weekStartsOn)
        : this(TimeZoneInfo.FindSystemTimeZoneById(zone), weekStartsOn)
    {
    }

    public TimeZoneInfo Zone => zone;

    /// <summary>The local day an instant belongs to.</summary>
    public DateOnly DayOf(DateTimeOffset instant)
    {
        var day = LocalDate(instant);

        // Where the clocks go back over midnight, the second 23:xx has the date of a day that is already over.
        return instant >= StartOf(day.AddDays(1)) ? day.AddDays(1) : day;
    }

    /// <summary>The first instant with that local date; where midnight is skipped, the moment the clocks jump.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);

        if (zone.IsAmbiguousTime(midnight))
            return new DateTimeOffset(midnight, zone.GetAmbiguousTimeOffsets(midnight).Max()).ToUniversalTime();

        return zone.IsInvalidTime(midnight)
            ? FirstInstant(day)
            : new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    public DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    /// <summary>The starts of a day's quarter hours: 96 of them, 92 or 100 (Lord Howe 94 or 98) when the clocks change.</summary>
    public DateTimeOffset[] QuartersOf(DateOnly day)
    {
        var (start, end) = (StartOf(day), EndOf(day));

        return [.. Enumerable.Range(0, (int)Math.Ceiling((end - start) / Quarter)).Select(quarter => start + quarter * Quarter)];
    }

    /// <summary>The first day of the reporting week a day is in.</summary>
    public DateOnly WeekOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek - (int)weekStartsOn + 7) % 7));

    /// <summary>The instant of a local time on a day, as the wall clock first shows it or jumps over it.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);

        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);

        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>An instant as the project's wall clock shows it.</summary>
    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);

    private DateOnly LocalDate(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant).DateTime);

    private DateTimeOffset FirstInstant(DateOnly day)
    {
        var noon = new DateTimeOffset(day.ToDateTime(new(12, 0)), TimeSpan.Zero);
        var (before, after) = (noon.AddDays(-2).ToUnixTimeSeconds(), noon.AddDays(2).ToUnixTimeSeconds());

        while (after - before > 1)
        {
            var middle = before + (after - before) / 2;

            if (LocalDate(DateTimeOffset.FromUnixTimeSeconds(middle)) >= day)
                after = middle;
            else
                before = middle;
        }

        return DateTimeOffset.FromUnixTimeSeconds(after);
    }
}

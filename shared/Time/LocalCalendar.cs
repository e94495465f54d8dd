namespace CallCenter.Time;

/// <summary>
/// A zone's calendar: which instants make up a local day, a quarter hour, a week. Days follow each other without gap or
/// overlap whatever the clocks do, so the sum of the parts is the whole (docs/decisions/0076).
/// </summary>
/// <param name="zone">IANA zone.</param>
/// <param name="weekStartsOn">First day of the week.</param>
public sealed class LocalCalendar(TimeZoneInfo zone, DayOfWeek weekStartsOn = DayOfWeek.Monday)
{
    public const int QuarterMinutes = 15;

    /// <summary>Quarter hours on a wall clock.</summary>
    public const int SlotsPerDay = 96;

    public static readonly TimeSpan Quarter = TimeSpan.FromMinutes(QuarterMinutes);

    public static LocalCalendar Of(string zone, DayOfWeek weekStartsOn = DayOfWeek.Monday) =>
        new(TimeZoneInfo.FindSystemTimeZoneById(zone), weekStartsOn);

    public TimeZoneInfo Zone => zone;

    public DayOfWeek WeekStartsOn => weekStartsOn;

    public static bool IsOnQuarter(TimeOnly time) => time.Ticks % Quarter.Ticks == 0;

    /// <summary>An instant as the zone's wall clock shows it.</summary>
    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);

    public TimeOnly TimeOf(DateTimeOffset instant) => TimeOnly.FromDateTime(Local(instant).DateTime);

    /// <summary>
    /// The local day an instant belongs to: the one that has begun and whose successor has not. Where clocks go back over
    /// midnight, the second 23:xx thus belongs to the day that has begun, though the clock shows the date before.
    /// </summary>
    public DateOnly DayOf(DateTimeOffset instant)
    {
        var day = DateOf(instant);

        return instant >= StartOf(day.AddDays(1)) ? day.AddDays(1) : day;
    }

    /// <summary>
    /// The first instant of a local day: its midnight, the first one where it comes twice; where midnight is skipped, the
    /// moment the clocks jump. A day that a zone leaves out begins and ends with the next one's start.
    /// </summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);

        return InstantsOf(midnight) is [var first, ..] ? first : FirstFrom(day, AsUtc(midnight));
    }

    /// <summary>The first instant after the day.</summary>
    public DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    /// <summary>
    /// The instant of a wall-clock time. One that is skipped is as long after the gap as it was meant to be after its start
    /// (RFC 5545, 3.3.5): 02:30 becomes 03:30. One that comes twice is the first, unless that is before
    /// <paramref name="notBefore"/>: then it is the second.
    /// </summary>
    public DateTimeOffset At(DateTime local, DateTimeOffset? notBefore = null) => InstantsOf(local) switch
    {
        [var first, var second] => notBefore > first ? second : first,
        [var only] => only,
        _ => AsUtc(local) - zone.GetUtcOffset(AsUtc(local).AddDays(-1)),
    };

    /// <inheritdoc cref="At(DateTime, DateTimeOffset?)"/>
    public DateTimeOffset At(DateOnly day, TimeOnly time) => At(day.ToDateTime(time));

    /// <summary>The instants, in order, at which the wall clock shows a time: none where it is skipped, two where it comes twice.</summary>
    public IReadOnlyList<DateTimeOffset> InstantsOf(DateTime local)
    {
        // No zone changes its offset twice within two days.
        var utc = AsUtc(local);
        var (before, after) = (zone.GetUtcOffset(utc.AddDays(-1)), zone.GetUtcOffset(utc.AddDays(1)));
        if (before == after)
            return [utc - before];

        return [.. new[] { utc - before, utc - after }.Where(instant => zone.GetUtcOffset(instant) == utc - instant).Order()];
    }

    /// <summary>The starts of a day's quarter hours: 96 of them, 92 or 100 (Lord Howe Island 94 or 98) when the clocks change.</summary>
    public IReadOnlyList<DateTimeOffset> QuartersOf(DateOnly day)
    {
        var (start, end) = (StartOf(day), EndOf(day));

        return [.. Enumerable.Range(0, (int)Math.Ceiling((end - start) / Quarter)).Select(quarter => start + quarter * Quarter)];
    }

    /// <summary>Which quarter hour by the wall clock, from 0: an autumn night has some twice, a spring night lacks some.</summary>
    public int SlotOf(DateTimeOffset instant) => (int)(Local(instant).TimeOfDay / Quarter);

    /// <summary>The first day of the week a day is in.</summary>
    public DateOnly WeekOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek - (int)weekStartsOn + 7) % 7));

    private DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant).DateTime);

    private static DateTimeOffset AsUtc(DateTime local) => new(local.Ticks, TimeSpan.Zero);

    private DateTimeOffset FirstFrom(DateOnly day, DateTimeOffset midnight)
    {
        var (before, from) = (midnight.AddDays(-1).ToUnixTimeSeconds(), midnight.AddDays(1).ToUnixTimeSeconds());

        while (from - before > 1)
        {
            var middle = before + (from - before) / 2;
            (before, from) = DateOf(DateTimeOffset.FromUnixTimeSeconds(middle)) >= day ? (before, middle) : (middle, from);
        }

        return DateTimeOffset.FromUnixTimeSeconds(from);
    }
}

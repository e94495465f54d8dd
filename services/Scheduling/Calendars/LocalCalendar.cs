using System.Globalization;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Scheduling.Calendars;

/// <summary>Days and quarter hours of one zone: 92, 96 or 100 a day (94 or 98 on Lord Howe Island).</summary>
public sealed class LocalCalendar(TimeZoneInfo zone)
{
    public const int QuarterMinutes = 15;

    /// <summary>Quarter hours by the wall clock: every day of a forecast has these.</summary>
    public const int SlotsPerDay = 96;

    public TimeZoneInfo Zone => zone;

    public static bool IsOnQuarter(TimeOnly time) => time.Ticks % (QuarterMinutes * TimeSpan.TicksPerMinute) == 0;

    public static LocalCalendar Of(string zone) => new(TimeZoneInfo.FindSystemTimeZoneById(zone));

    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant));

    public TimeOnly TimeOf(DateTimeOffset instant) => TimeOnly.FromDateTime(Local(instant));

    public DateTime Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>The first instant of the local day: where clocks skip midnight, the one after the gap.</summary>
    public DateTimeOffset StartOf(DateOnly date) => At(date, TimeOnly.MinValue);

    /// <summary>
    /// The instant of a wall-clock time. One that occurs twice is its first occurrence; one that is skipped is as long after the
    /// gap as it was meant to be after its start (RFC 5545, 3.3.5).
    /// </summary>
    public DateTimeOffset At(DateOnly date, TimeOnly time)
    {
        var local = date.ToDateTime(time);

        if (zone.IsInvalidTime(local))
            return new DateTimeOffset(local, zone.GetUtcOffset(BeforeGap(local))).ToUniversalTime();

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The starts of the day's quarter hours, in order.</summary>
    public IReadOnlyList<DateTimeOffset> QuartersOf(DateOnly date)
    {
        var (start, end) = (StartOf(date), StartOf(date.AddDays(1)));
        var count = (int)((end - start).TotalMinutes / QuarterMinutes);

        return [.. Enumerable.Range(0, count).Select(i => start.AddMinutes(i * QuarterMinutes))];
    }

    /// <summary>Which quarter hour by the wall clock, from 0: an autumn night has some twice, a spring night lacks some.</summary>
    public int SlotOf(DateTimeOffset instant) => (int)(Local(instant).TimeOfDay.TotalMinutes / QuarterMinutes);

    /// <summary>Reads <c>2026-11-01T01:30</c> by the wall clock, or with an offset or Z, which must be given where the time occurs twice.</summary>
    /// <exception cref="InvalidException"><c>not-a-time</c>, <c>time-occurs-twice</c> or <c>time-skipped</c>.</exception>
    public DateTimeOffset Read(string pointer, string text)
    {
        string[] local = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];
        string[] instant = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

        if (DateTimeOffset.TryParseExact(text, instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact))
            return exact.ToUniversalTime();

        if (!DateTime.TryParseExact(text, local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
            throw new InvalidException(pointer, "not-a-time", "A time is written as 2026-03-02T09:00, with an offset like +08:00 or Z where that matters.");

        if (zone.IsAmbiguousTime(wall))
            throw new InvalidException(pointer, "time-occurs-twice",
                $"{text} occurs twice in {zone.Id}. Write it with its offset: {string.Join(" or ", zone.GetAmbiguousTimeOffsets(wall).OrderDescending().Select(o => text + Written(o)))}.");

        if (zone.IsInvalidTime(wall))
            throw new InvalidException(pointer, "time-skipped", $"{text} does not exist in {zone.Id}: the clocks go forward over it.");

        return At(DateOnly.FromDateTime(wall), TimeOnly.FromDateTime(wall));
    }

    private DateTime BeforeGap(DateTime local)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(-QuarterMinutes);
        return local;
    }

    private static string Written(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture);
}

using System.Globalization;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Calls.Imports;

/// <summary>Times as the sources write them.</summary>
internal sealed class TimeReader(LocalCalendar calendar)
{
    private const string DateAndTime = "yyyy-MM-dd'T'HH:mm:ss";

    private static readonly string[] Iso =
        [$"{DateAndTime}K", $"{DateAndTime}.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a time of the given format; null when it is not one.</summary>
    /// <param name="after">A time of day more than 12 hours before this belongs to the next day.</param>
    public DateTimeOffset? Read(string text, string format, DateTimeOffset? after)
    {
        switch (format)
        {
            case "iso":
                return HasOffset(text) && DateTimeOffset.TryParseExact(
                    text, Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
                    ? instant.ToUniversalTime() : null;

            case "epoch":
                return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                    && seconds < 253_402_300_800m
                    ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;

            default:
                if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
                    return null;

                // Whatever the offset: at the ends of the calendar there is none to be had.
                if (!Ranges.Days.Contains(DateOnly.FromDateTime(local)))
                    return new DateTimeOffset(local.Ticks, TimeSpan.Zero);

                var at = calendar.At(local, after);
                return after - at > TimeSpan.FromHours(12) ? calendar.At(local.AddDays(1), after) : at;
        }
    }

    // Without it the machine's own zone would silently take its place.
    private static bool HasOffset(string text) =>
        text is [.., 'Z'] or [.., '+' or '-', >= '0' and <= '9', >= '0' and <= '9', ':', >= '0' and <= '9', >= '0' and <= '9'];

    /// <summary>Seconds, or h:mm:ss; null when it is neither.</summary>
    public static int? Seconds(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return seconds;

        return text.Split(':') is [var h, var m, var s]
            && int.TryParse(h, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours < 10_000
            && int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes < 60
            && int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var rest) && rest < 60
                ? hours * 3600 + minutes * 60 + rest : null;
    }
}

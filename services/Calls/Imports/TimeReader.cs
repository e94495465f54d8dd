using System.Globalization;
using System.Text.RegularExpressions;
using CallCenter.Rules;
using CallCenter.Time;

namespace CallCenter.Calls.Imports;

/// <summary>Times as the sources write them.</summary>
internal sealed partial class TimeReader(LocalCalendar calendar)
{
    private static readonly DateTime Sample = new(2026, 11, 17, 13, 45, 56, DateTimeKind.Unspecified);

    private static readonly string[] Rfc2822 = ["d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz", "d MMM yy HH:mm:ss zzz"];

    // By how large a number is, what it counts: no two of these overlap between 1990 and 2200.
    private static readonly (decimal From, decimal PerSecond)[] EpochUnits =
        [(1e17m, 1e9m), (1e14m, 1e6m), (1e11m, 1e3m), (0m, 1m)];

    private const decimal LastSecond = 253_402_300_800m;

    /// <summary>Reads a time of the given format; null when it is not one.</summary>
    /// <param name="after">A time of day more than 12 hours before this belongs to the next day.</param>
    public DateTimeOffset? Read(string text, string format, DateTimeOffset? after) => format switch
    {
        "iso" => Iso(text),
        "epoch" => Epoch(text),
        "rfc2822" => Mail(text),
        _ => HasOffset(format) ? WithOffset(text, format, after) : Local(text, format, after),
    };

    /// <summary>Whether the format means that nothing is there by this value.</summary>
    public static bool IsUnset(string? format, string text) => format is "epoch" && text.AsSpan().Trim("0.").IsEmpty;

    /// <summary>What is wrong with a format; null when it can be used.</summary>
    public static string? Fault(string format)
    {
        if (format is "iso" or "epoch" or "rfc2822")
            return null;
        if (format.Length is < 2 or > 100)
            return "A format is iso, epoch, rfc2822 or a pattern of 2 to 100 characters.";

        try
        {
            var written = new DateTimeOffset(Sample, TimeSpan.FromHours(1)).ToString(format, CultureInfo.InvariantCulture);
            var read = HasOffset(format)
                ? DateTimeOffset.ParseExact(written, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).DateTime
                : DateTime.ParseExact(written, format, CultureInfo.InvariantCulture);

            return read.Date != Sample.Date ? $"'{format}' does not tell year, month and day."
                : read.Hour != Sample.Hour ? $"'{format}' does not tell the hour of the day: HH, or hh with tt." : null;
        }
        catch (FormatException)
        {
            return $"'{format}' is not a pattern by which times can be read.";
        }
    }

    private static DateTimeOffset? Epoch(string text)
    {
        const NumberStyles plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var number) || number < 0)
            return null;

        var seconds = number / EpochUnits.First(unit => number >= unit.From).PerSecond;
        return seconds < LastSecond ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
    }

    private static DateTimeOffset? Iso(string text)
    {
        if (IsoText().Match(text) is not { Success: true } match)
            return null;

        int Two(int place) => int.Parse(text.AsSpan(place, 2), CultureInfo.InvariantCulture);
        var (year, month, day) = (int.Parse(text.AsSpan(0, 4), CultureInfo.InvariantCulture), Two(5), Two(8));
        var (hour, minute, second) = (Two(11), Two(14), match.Groups["seconds"].Success ? Two(17) : 0);
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return null;

        var fraction = match.Groups["fraction"].ValueSpan;
        var ticks = 0L;
        for (var i = 0; i < 7; i++)
            ticks = 10 * ticks + (i < fraction.Length ? fraction[i] - '0' : 0);

        return Minus(new DateTime(year, month, day, hour, minute, second).AddTicks(ticks), Offset(match.Groups["offset"].ValueSpan));
    }

    // RFC 2822, 3.3, without the words for zones of North America that it calls obsolete.
    private static DateTimeOffset? Mail(string text)
    {
        var plain = text.IndexOf(',', StringComparison.Ordinal) is var comma and >= 0 ? text[(comma + 1)..].Trim() : text;
        plain = MailZone().Replace(plain, "+0000");

        return DateTimeOffset.TryParseExact(
            plain, Rfc2822, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var at) ? at.ToUniversalTime() : null;
    }

    private DateTimeOffset? WithOffset(string text, string format, DateTimeOffset? after)
    {
        if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var read))
            return null;

        // K may stand for no offset at all.
        return read.Kind is DateTimeKind.Unspecified ? Local(read, after)
            : DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                ? at.ToUniversalTime() : null;
    }

    private DateTimeOffset? Local(string text, string format, DateTimeOffset? after) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? Local(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), after) : null;

    private DateTimeOffset? Local(DateTime local, DateTimeOffset? after)
    {
        // Whatever the offset: at the ends of the calendar there is none to be had.
        if (!Ranges.Days.Contains(DateOnly.FromDateTime(local)))
            return new DateTimeOffset(local.Ticks, TimeSpan.Zero);

        var at = calendar.At(local, after);
        return after - at > TimeSpan.FromHours(12) ? calendar.At(local.AddDays(1), after) : at;
    }

    private static DateTimeOffset? Minus(DateTime local, TimeSpan? offset) =>
        offset is { } known && local.Ticks - known.Ticks is >= 0 and var ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static TimeSpan? Offset(ReadOnlySpan<char> text)
    {
        if (text is "Z" or "z")
            return TimeSpan.Zero;

        var (hours, minutes) = (int.Parse(text.Slice(1, 2), CultureInfo.InvariantCulture),
            text.Length > 3 ? int.Parse(text[^2..], CultureInfo.InvariantCulture) : 0);
        return hours > 14 || minutes > 59 ? null : (text[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0);
    }

    // Outside of quotes and escapes.
    private static bool HasOffset(string pattern)
    {
        char? quote = null;
        for (var i = 0; i < pattern.Length; i++)
            if (quote is not null)
                quote = pattern[i] == quote ? null : quote;
            else if (pattern[i] is '\'' or '"')
                quote = pattern[i];
            else if (pattern[i] is '\\')
                i++;
            else if (pattern[i] is 'z' or 'K')
                return true;
        return false;
    }

    [GeneratedRegex(
        @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?<seconds>:[0-9]{2}(?:[.,](?<fraction>[0-9]{1,12}))?)? ?"
        + @"(?<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex IsoText();

    [GeneratedRegex(@"(?<= )(?:UTC|UT|GMT|Z)\z")]
    private static partial Regex MailZone();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace CallCenter.Calls.Imports;

/// <summary>Durations as the sources write them: numbers, h:mm:ss, m:ss, ISO 8601.</summary>
internal static partial class Durations
{
    public const string Complaint = "is not a duration: a number, h:mm:ss, m:ss or ISO 8601";

    private const decimal Longest = 1_000_000_000; // seconds: some thirty years

    /// <returns>Null when it is none.</returns>
    public static TimeSpan? Read(string text, DurationUnit unit = DurationUnit.Seconds)
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var number))
            return Of(number * (unit switch { DurationUnit.Milliseconds => 0.001m, DurationUnit.Minutes => 60m, _ => 1m }));

        var match = text.Contains(':', StringComparison.Ordinal) ? Clock().Match(text) : Iso().Match(text);
        return match.Success && match.Length > 2
            ? Of(86400 * Part(match, "d") + 3600 * Part(match, "h") + 60 * Part(match, "m") + Part(match, "s")) : null;
    }

    private static decimal Part(Match match, string name) =>
        match.Groups[name] is { Success: true } part ? decimal.Parse(part.Value, CultureInfo.InvariantCulture) : 0;

    // Checked before it is multiplied: a number of a file may be any.
    private static TimeSpan? Of(decimal seconds) =>
        Math.Abs(seconds) > Longest ? null : TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));

    [GeneratedRegex(
        @"\A(?:(?<h>[0-9]{1,5}):(?<m>[0-5]?[0-9])|(?<m>[0-9]{1,6})):(?<s>[0-5][0-9](?:\.[0-9]{1,9})?)\z")]
    private static partial Regex Clock();

    [GeneratedRegex(
        @"\AP(?:(?<d>[0-9]{1,4})D)?(?:T(?:(?<h>[0-9]{1,5})H)?(?:(?<m>[0-9]{1,6})M)?(?:(?<s>[0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?\z")]
    private static partial Regex Iso();
}

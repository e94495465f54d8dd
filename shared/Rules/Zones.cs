using System.Text.RegularExpressions;

namespace CallCenter.Rules;

/// <summary>IANA zones only, each as it is spelt there: an abbreviation or offset does not say when clocks change.</summary>
public static partial class Zones
{
    // The longest known has half of that; who writes more has no name in mind that could be near.
    private const int Longest = 64;

    /// <exception cref="InvalidException">422 <c>unknown-zone</c>, with near matches.</exception>
    public static TimeZoneInfo Require(string pointer, string zone)
    {
        if (zone.Length <= Longest && (Area().IsMatch(zone) || zone == "UTC"))
            // By chance, of what it has found before, the framework finds other spellings too.
            if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId && found.Id == zone)
                return found;

        if (zone.Length > Longest)
            throw new InvalidException(pointer, "unknown-zone",
                $"An IANA time zone has {Longest} characters at most, such as Asia/Shanghai.");

        var near = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id)
            .Where(id => id.Contains('/', StringComparison.Ordinal))
            .OrderBy(id => Distance(zone, id)).ThenBy(id => id, StringComparer.Ordinal).Take(3);

        throw new InvalidException(pointer, "unknown-zone",
            $"'{zone}' is not an IANA time zone. Did you mean {string.Join(", ", near)}?");
    }

    // The framework opens whatever file the name leads to: zones with leap seconds (right/), copies (posix/), paths.
    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_+-]*(?:/[A-Z][A-Za-z0-9_+-]*)+\z")]
    private static partial Regex Area();

    // Levenshtein, on the city too: "Beijing" and "Asia/Shangai" both deserve a hint.
    private static int Distance(string written, string id) => Math.Min(
        Edits(written, id), Edits(written, id[(id.LastIndexOf('/') + 1)..]));

    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitute = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}

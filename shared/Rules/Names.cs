using System.Globalization;

namespace CallCenter.Rules;

/// <summary>Names of people and things: one line that reads the same wherever it is shown.</summary>
public static class Names
{
    /// <summary>In characters as people count them.</summary>
    public const int MaxLength = 100;

    // So many marks on one letter are not a name; the limit lets every script's honest clusters through.
    private const int MaxUnits = 400;

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? Fault(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "A name is not empty.";

        if (name.Length > MaxUnits || new StringInfo(name).LengthInTextElements > MaxLength)
            return $"A name has {MaxLength} characters at most.";

        if (!Text.IsVisible(name))
            return "A name has something visible in it.";

        if (Text.Fault(name) is not null || name.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'))
            return "A name is one line without control characters.";

        return name.Any(Reorders) ? "A name has no characters that turn the reading direction." : null;
    }

    /// <exception cref="InvalidException">422 <c>name</c>.</exception>
    public static string Require(string pointer, string name) =>
        Fault(name) is { } fault ? throw new InvalidException(pointer, "name", fault) : name.Trim();

    // Bidirectional embeddings, overrides, isolates and marks: they can make a name look like another one.
    private static bool Reorders(char c) =>
        c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}

using System.Globalization;
using System.Text;

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
        Fault(name) is { } fault ? throw new InvalidException(pointer, "name", fault) : Text.Bare(name);

    /// <summary>
    /// What names are told apart by where each is somebody's own: people read two as one that differ in case, width, blanks or what
    /// nobody sees. It is compared and locked by, never shown or kept.
    /// </summary>
    public static string Key(string name)
    {
        if (Text.Fault(name) is not null) // of before such names were refused
            return name;

        var seen = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
            if (!IsUnseen(rune))
                seen.Append(rune);
        var folded = seen.ToString().Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant()
            .Replace("ß", "ss", StringComparison.Ordinal);

        return string.Join(' ', folded.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    // Marks that only choose between two looks of a letter among them.
    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format
        || rune.Value is 0x034F or 0x180B or 0x180C or 0x180D or 0x180F or 0x115F or 0x1160 or 0x3164 or 0xFFA0
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    // Bidirectional embeddings, overrides, isolates and marks: they can make a name look like another one.
    private static bool Reorders(char c) =>
        c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}

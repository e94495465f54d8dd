using System.Globalization;
using System.Text;

namespace CallCenter.Rules;

/// <summary>What holds for every text, wherever it comes from.</summary>
public static class Text
{
    /// <summary>What is no text, PostgreSQL cannot store or a log line must not contain; null when the text has nothing of it.</summary>
    public static string? Fault(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < ' ' && text[i] is not ('\n' or '\r' or '\t'))
                return $"The text contains the control character U+{(int)text[i]:X4}.";

            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
                return "The text is not valid Unicode.";

            if (IsNoCharacter(text[i]))
                return $"The text contains U+{(int)text[i]:X4}, which is no character.";
        }

        return null;
    }

    /// <summary>The text in one normal form (NFC); as it is where it has a <see cref="Fault"/>.</summary>
    public static string Composed(string text) =>
        Fault(text) is not null || text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);

    /// <summary>
    /// A name, a code or an id without what nobody sees around it, composed: the same from an event as from a file and an address.
    /// </summary>
    public static string Bare(string text)
    {
        var (from, to) = (0, text.Length);
        while (from < to && IsAround(text[from]))
            from++;
        while (from < to && IsAround(text[to - 1]))
            to--;

        return Composed(text[from..to]);
    }

    /// <summary>As much of what somebody wrote as a message repeats.</summary>
    public static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    // What spreadsheets, browsers and files leave at the ends. Joiners are none of it: words of some scripts end with one.
    private static bool IsAround(char unit) => char.IsWhiteSpace(unit)
        || unit is '\u00AD' or '\u061C' or '\u180E' or '\u200B' or '\u200E' or '\u200F' or '\u2060' or '\uFEFF';

    // Unicode keeps them for the inner use of programs: a turned byte order mark is one of them.
    private static bool IsNoCharacter(char unit) => unit is '\uFFFE' or '\uFFFF' or (>= '\uFDD0' and <= '\uFDEF');

    /// <summary>
    /// Whether it is one line with something visible in it, read in the order of its characters: a code, an id, a name of a queue.
    /// </summary>
    public static bool IsLine(string text) => IsVisible(text)
        && !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    /// <summary>
    /// Whether a reader sees anything: a letter, digit, punctuation mark or symbol. Blanks of all kinds, zero-width
    /// characters and marks that have nothing to stand on are not seen.
    /// </summary>
    public static bool IsVisible(string text) => text.EnumerateRunes().Any(IsVisible);

    // Letters and symbols by their category, blank by their glyph: Hangul fillers, the empty Braille pattern, the empty note
    // head, the object replacement character.
    private static bool IsVisible(Rune rune) =>
        rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0xFFFC or 0x1D159)
        && (Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber);
}

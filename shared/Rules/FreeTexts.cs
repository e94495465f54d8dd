using System.Globalization;
using System.Text;

namespace CallCenter.Rules;

/// <summary>
/// A member that people write what they like into, and that stays in events for ever: numbers of payment cards in it are masked where
/// it is read.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FreeTextAttribute : Attribute;

public static class FreeTexts
{
    private const int Shortest = 13;
    private const int Longest = 19;
    private const int MostBetween = 3;

    // A place in a text, and whether a group of digits begins there.
    private readonly record struct Digit(int At, int Length, int Value, bool Begins);

    /// <summary>
    /// The text with all but the last four digits of card numbers starred out, in whatever script and however they are grouped: by up to
    /// three blanks, dashes, dots or slashes of any kind.
    /// </summary>
    public static string Masked(string text)
    {
        if (text.Length < Shortest)
            return text;

        var masked = new StringBuilder(text);
        foreach (var digit in Runs(text).SelectMany(OfCards).OrderByDescending(digit => digit.At))
            masked.Remove(digit.At, digit.Length).Insert(digit.At, '*');
        return masked.ToString();
    }

    /// <summary>Whether the digits are those of a payment card: 13 to 19 of them, the last of which is right by Luhn's sum.</summary>
    public static bool IsCard(string text) => IsCard([.. text.Where(char.IsAsciiDigit).Select(c => c - '0')]);

    private static bool IsCard(IReadOnlyList<int> digits) => digits.Count is >= Shortest and <= Longest
        && digits.Reverse().Select((digit, i) => i % 2 == 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9).Sum() % 10 == 0;

    // Digits that nothing but a few separators lies between.
    private static IEnumerable<List<Digit>> Runs(string text)
    {
        var (run, between, at) = (new List<Digit>(), 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsDigit(rune))
            {
                run.Add(new(at, rune.Utf16SequenceLength, CharUnicodeInfo.GetDecimalDigitValue(text, at), run.Count == 0 || between > 0));
                between = 0;
            }
            else if (run.Count > 0 && (++between > MostBetween || !Separates(rune)))
            {
                yield return run;
                (run, between) = ([], 0);
            }

            at += rune.Utf16SequenceLength;
        }

        yield return run;
    }

    // All that is to be starred out. A card is whole groups, as a date may follow it; of a part of a run it also has to begin as cards do.
    private static IEnumerable<Digit> OfCards(List<Digit> run)
    {
        for (var from = 0; from + Shortest <= run.Count; from++)
            for (var count = run[from].Begins ? Math.Min(Longest, run.Count - from) : 0; count >= Shortest; count--)
                if ((from + count == run.Count || run[from + count].Begins) && run.GetRange(from, count) is var card
                    && (count == run.Count || card[0].Value is >= 3 and <= 6 || (card[0].Value == 2 && card[1].Value is >= 2 and <= 7))
                    && IsCard([.. card.Select(digit => digit.Value)]))
                {
                    foreach (var digit in card[..^4])
                        yield return digit;
                    from += count - 1;
                    break;
                }
    }

    private static bool Separates(Rune rune) => Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format
        || rune.Value is '.' or '/' or 0x00B7 or 0x2022 or 0x2024 or 0x2027 or 0x2044 or 0x2212 or 0x2215 or 0x30FB
            or 0xFF0E or 0xFF0F or 0xFF65;
}

using System.Text.RegularExpressions;

namespace CallCenter.Rules;

/// <summary>
/// A member that people write what they like into, and that stays in events for ever: numbers of payment cards in it are masked where
/// it is read.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FreeTextAttribute : Attribute;

public static partial class FreeTexts
{
    /// <summary>The text with all but the last four digits of card numbers starred out, however they are grouped.</summary>
    public static string Masked(string text) => Digits().Replace(text, run => IsCard(run.Value) ? Starred(run.Value) : run.Value);

    /// <summary>Whether the digits are those of a payment card: 13 to 19 of them, the last of which is right by Luhn's sum.</summary>
    public static bool IsCard(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).Select(c => c - '0').Reverse().ToList();
        return digits.Count is >= 13 and <= 19
            && digits.Select((digit, i) => i % 2 == 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9).Sum() % 10 == 0;
    }

    private static string Starred(string number)
    {
        var left = number.Count(char.IsAsciiDigit) - 4;
        return string.Concat(number.Select(c => char.IsAsciiDigit(c) && left-- > 0 ? '*' : c));
    }

    [GeneratedRegex(@"(?<![0-9])[0-9](?:[ .-]?[0-9]){12,18}(?![0-9])")]
    private static partial Regex Digits();
}

using System.Text.RegularExpressions;

namespace CallCenter.Calls.Imports;

/// <summary>Regular expressions of a mapping: of a kind whose time grows with the text alone.</summary>
internal static class Patterns
{
    private const int Longest = 200;

    public static Regex Of(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Fault(string pattern)
    {
        if (pattern.Length is 0 or > Longest)
            return $"A pattern has 1 to {Longest} characters.";

        try
        {
            Of(pattern);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"'{pattern}' is not a regular expression without lookarounds and back references.";
        }
    }
}

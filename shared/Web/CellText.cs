using System.Globalization;
using System.Text.RegularExpressions;

namespace CallCenter.Web;

/// <summary>
/// Texts of workbooks. XML has no place for some control characters, and of the end of a line it keeps one of two: they are written as
/// <c>_x000D_</c>, and an underscore that would be read as the beginning of that as <c>_x005F_</c> (ECMA-376 part 1, 22.9.2.19).
/// </summary>
internal static partial class CellText
{
    public static string Escaped(string text) => ToEscape().Replace(text, character => $"_x{(int)character.Value[0]:X4}_");

    public static string Read(string cell) => cell.Contains("_x", StringComparison.Ordinal)
        ? Escape().Replace(cell, Character) : cell;

    private static string Character(Match escape) =>
        $"{(char)ushort.Parse(escape.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)}";

    [GeneratedRegex(@"[\x00-\x08\x0B-\x1F\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)")]
    private static partial Regex ToEscape();

    [GeneratedRegex("_x([0-9A-Fa-f]{4})_")]
    private static partial Regex Escape();
}

using System.Globalization;
using System.Text;

namespace CallCenter.Web;

/// <summary>
/// Cells as RFC 4180 writes them, safe to open in a spreadsheet: what would be read there as a formula gets an apostrophe.
/// Every export writes its cells by this.
/// </summary>
public static class Csv
{
    private const char Mark = '\'';

    /// <summary>A text as a cell.</summary>
    public static string Cell(string text, string delimiter = ",", bool quotes = true) =>
        Quoted(IsMarked(text) ? Mark + text : text, delimiter, quotes);

    /// <summary>A text as a cell of a line that is marked as a whole (<see cref="Neutral"/>).</summary>
    public static string Quoted(string text, string delimiter, bool quotes = true) =>
        !quotes ? text.Replace(delimiter, " ", StringComparison.Ordinal)
            : text.AsSpan().IndexOfAny("\"\r\n") < 0 && !text.Contains(delimiter, StringComparison.Ordinal) ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A line of somebody else's cells with the formulas among them marked, and nothing else changed.</summary>
    public static string Neutral(string line, string delimiter, bool quotes = true)
    {
        var neutral = new StringBuilder(line.Length + 8);
        var (quoted, starts) = (false, true);

        for (var i = 0; i < line.Length; i++)
        {
            if (starts && quotes && line[i] == '"')
            {
                (quoted, starts) = (true, false);
                neutral.Append('"');
                if (IsMarked(line.AsSpan(i + 1)))
                    neutral.Append(Mark);
                continue;
            }

            if (starts && IsMarked(line.AsSpan(i)) && !line.AsSpan(i).StartsWith(delimiter, StringComparison.Ordinal))
                neutral.Append(Mark);

            quoted = quotes && line[i] == '"' ? !quoted : quoted;
            starts = !quoted && line.AsSpan(i).StartsWith(delimiter, StringComparison.Ordinal);
            neutral.Append(line[i]);
        }

        return neutral.ToString();
    }

    /// <summary>What a cell was before it was marked.</summary>
    public static string Unmarked(string cell) => cell is [Mark, .. var text] && IsMarked(text) ? text : cell;

    // Also what looks as if it were marked already: else the mark could not be told from somebody's own apostrophe.
    private static bool IsMarked(ReadOnlySpan<char> text) => IsFormula(text.TrimStart(Mark));

    // What spreadsheets take for the beginning of one, the forms of full width among them.
    private static bool IsFormula(ReadOnlySpan<char> text) =>
        text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..];
}

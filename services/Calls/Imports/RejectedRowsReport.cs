using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>
/// The rows that were not taken, each as it came with the reason before it, in the format it came in: such a report is
/// mended and sent again as it is, with the same mapping. Its formulas are marked, and read as they were.
/// </summary>
internal sealed class RejectedRowsReport : IDisposable
{
    public static readonly IReadOnlyList<string> Columns = ["error_line", "error_column", "error_code", "error_message"];

    // It is read by people and by our own reader, never by a browser.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream file;
    private readonly RowFormat? csv;

    /// <param name="rows">The upload, as far as its form goes.</param>
    /// <param name="mapping">By which it and the report are read.</param>
    /// <param name="length">What is older than the last checkpoint; anything after it is written again.</param>
    public RejectedRowsReport(string path, IRows rows, RowFormat mapping, long length)
    {
        (csv, var header) = (rows.Csv, rows.Header);
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024);
        GoTo(length);
        if (length > 0)
            return;

        // The report is UTF-8 whatever the upload was, and has the upload's delimiter whatever the mapping says.
        if (mapping.Encoding is not null)
            file.Write(Encoding.UTF8.Preamble);
        if (csv is not null && csv.Delimiter != mapping.Delimiter)
            Line($"sep={csv.Delimiter}");
        if (csv is not null)
            Line(Join([.. Columns, .. header is null ? csv.Columns ?? [] : []], csv) + (header is null ? "" : csv.Delimiter + header));
        Flush(); // a checkpoint names its length
    }

    /// <summary>Takes back what was written after it had this length.</summary>
    public void GoTo(long length)
    {
        if (file.Position == length && file.Length == length)
            return;
        file.SetLength(length);
        file.Position = length;
    }

    /// <summary>What has been written, on disk or not.</summary>
    public long Length => file.Position;

    public void Add(Rejection rejection)
    {
        var (line, error, original) = (rejection.Line, rejection.Error, rejection.Original);
        if (csv is null)
            Line(AsJson(line, error, original));
        else
            Line(Join([line.ToString(CultureInfo.InvariantCulture), error.Column, error.Code, error.Message], csv)
                + csv.Delimiter + Csv.Neutral(original, csv.Delimiter, csv.Quotes));
    }

    /// <returns>The length that is on disk.</returns>
    public long Flush()
    {
        file.Flush(flushToDisk: true);
        return file.Length;
    }

    /// <summary>Cells as one line of CSV.</summary>
    public static string Join(IEnumerable<string> cells, RowFormat format) =>
        string.Join(format.Delimiter, cells.Select(cell => Csv.Cell(cell, format.Delimiter, format.Quotes)));

    private static string AsJson(long line, RowError error, string original)
    {
        try
        {
            return Marked(JsonNode.Parse(original)?.AsObject() ?? []);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON, a member twice, or half a surrogate pair, which only shows when it is written.
            return Marked(new JsonObject { ["error_original"] = original });
        }

        string Marked(JsonObject row)
        {
            (row["error_line"], row["error_column"], row["error_code"]) = (line, error.Column, error.Code);
            row["error_message"] = error.Message;
            return row.ToJsonString(Readable);
        }
    }

    private void Line(string text) => file.Write(RowBytes.Bytes(text + "\n"));

    public void Dispose() => file.Dispose();
}

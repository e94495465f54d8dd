using System.Text;
using System.Text.Json;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>One JSON object a line; a column is a member, or a path of members joined by dots.</summary>
internal sealed class NdjsonRows : IRows
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly FileStream file;
    private readonly string[][] paths;
    private readonly byte[] buffer = new byte[RowBytes.LongestRow];
    private int start;
    private int end;
    private ReadOnlyMemory<byte> current;
    private string? setAside;

    public NdjsonRows(FileStream file, IReadOnlyList<string> columns, RowPosition start)
    {
        this.file = file;
        paths = [.. columns.Select(column => column.Split('.'))];
        Position = start;
        file.Position = start.Offset;
    }

    public RowPosition Position { get; private set; }

    public string? Header => null;

    public string Original => setAside ?? Encoding.UTF8.GetString(current.Span).TrimEnd('\r');

    public bool Read(Row row)
    {
        while (true)
        {
            row.Line = Position.Line + 1;
            row.Broken = null;
            var feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');

            if (feed < 0 && Refill())
                continue;

            if (feed < 0 && end - start == buffer.Length)
            {
                SetAside(row);
                return true;
            }

            if (feed < 0 && start == end)
                return false;

            var line = buffer.AsMemory(start, feed < 0 ? end - start : feed);
            var length = line.Length + (feed < 0 ? 0 : 1);
            start += length;
            Position = new(Position.Offset + length, Position.Line + 1);

            if (line.Span.Trim(" \t\r"u8).IsEmpty)
                continue;

            Fill(row, line);
            return true;
        }
    }

    // False when there is no more room or nothing more to read.
    private bool Refill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
            return false;

        var read = file.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }

    private void SetAside(Row row)
    {
        var (beginning, next) = RowBytes.SkipLine(file, Position.Offset);
        setAside = beginning;
        row.Broken = new("", "row-too-long", $"A row has {RowBytes.LongestRow:N0} bytes at most.");
        Position = new(next, Position.Line + 1);
        file.Position = next;
        (start, end) = (0, 0);
    }

    private void Fill(Row row, ReadOnlyMemory<byte> line)
    {
        (current, setAside) = (line, null);
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                row.Broken = new("", "not-an-object", "A row is one JSON object.");
            else
                for (var i = 0; i < paths.Length; i++)
                    row.Cells[i] = Cell(document.RootElement, paths[i], row);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            row.Broken = new("", "not-json", "The line is not one well-formed JSON object with distinct members.");
        }
    }

    private static string Cell(JsonElement element, string[] path, Row row)
    {
        foreach (var name in path)
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return "";

        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return element.GetString()!.Trim().Normalize(NormalizationForm.FormC);
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.Object or JsonValueKind.Array:
                row.Broken = new(string.Join('.', path), "not-a-value", "Text, a number, true, false or null is expected here.");
                return "";
            default:
                return element.GetRawText();
        }
    }

    public void Dispose() => file.Dispose();
}

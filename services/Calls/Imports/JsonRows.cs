using System.Text.Json;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>
/// Objects of JSON, one after another: a line each, all in one line, over several lines, in one list, or in the lists of pages. A column
/// is a member or a path (<see cref="JsonPath"/>).
/// </summary>
internal sealed class JsonRows : IRows
{
    private const int Deepest = 64;

    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest, AllowDuplicateProperties = false };
    internal static readonly JsonReaderOptions Reading = new() { MaxDepth = Deepest };

    // Pages without rows that may come before the first that has any.
    private const int MostEmptyPages = 1000;

    private readonly FileStream file;
    private readonly JsonPath[] paths;
    private readonly RecordParts? parts;
    private readonly JsonPages? pages; // where the file is made of them
    private readonly bool isList;
    private readonly byte[] buffer = new byte[RowBytes.LongestRow];
    private bool isLines = true; // as long as every object was found on a line of its own
    private int start;
    private int end;
    private ReadOnlyMemory<byte> current;
    private JsonElement[] record = []; // as its rows, where it has several
    private int part;
    private int recordLength;
    private string? setAside;

    public JsonRows(FileStream file, RowFormat format, IReadOnlyList<string> columns, RowPosition start)
    {
        this.file = file;
        parts = format.Each is { } each ? new(each) : null;
        paths = [.. columns.Select(JsonPath.Of)];
        Met = new bool[paths.Length];

        Refill();
        var beginning = buffer.AsSpan(0, end).StartsWith(Bom) ? Bom.Length : 0;
        isList = buffer.AsSpan(beginning, end - beginning).TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
        this.start = beginning;
        pages = format.List is { } member && !isList && new JsonPages(member) is var found && AreThere(found) ? found : null;
        isList |= pages is not null;
        Position = start.Offset > 0 ? start : new(beginning, 0);
        file.Position = Position.Offset;
        (this.start, end) = (0, 0);
        pages?.IsBetween = start.Offset <= beginning;
        if (isList && pages is null && start.Offset == 0)
            PassList();
    }

    public RowPosition Position { get; private set; }

    public bool IsWithin => part + 1 < record.Length;

    public string? Header => null;

    public RowFormat? Csv => null;

    /// <summary>Which of the columns any row had, empty or not.</summary>
    public bool[] Met { get; }

    public string Original => setAside ?? RowBytes.Text(current.Span.TrimEnd((byte)'\r'));

    public bool Read(Row row)
    {
        if (IsWithin)
        {
            (row.Line, row.Broken, row.Part) = (Position.Line + 1, null, ++part);
            Fill(row, record[part]);
            PassRecord();
            return true;
        }

        if (!PassBlanks())
            return false;

        (row.Line, row.Broken, row.Part, setAside) = (Position.Line + 1, null, 0, null);
        if (buffer[start] == '{' && (OfLine(row) || OfObject(row)))
            return true;

        Break(row);
        return true;
    }

    // The common case: the line is the object.
    private bool OfLine(Row row)
    {
        if (!isLines || Line() is not { } line || !Fill(row, line))
            return false;

        recordLength = Math.Min(line.Length + 1, end - start);
        PassRecord();
        return true;
    }

    private bool OfObject(Row row)
    {
        for (int length; (length = ObjectLength(Unpassed)) >= 0;)
        {
            if (length == 0)
            {
                if (Refill())
                    continue;
                return false;
            }

            var rest = buffer.AsSpan(start + length, end - start - length).TrimStart(" \t\r"u8);
            if (rest is not ([] or [(byte)'\n' or (byte)'{' or (byte)',' or (byte)']', ..]))
                return false;

            var whole = buffer.AsMemory(start, length);
            isLines &= rest is [] or [(byte)'\n', ..] && !whole.Span.Contains((byte)'\n');
            if (!Fill(row, whole))
                row.Broken = NotJson;
            current = whole;
            recordLength = length;
            PassRecord();
            return true;
        }

        return false;
    }

    // 0 when it goes on behind what has been read, negative when it is none.
    private static int ObjectLength(ReadOnlySpan<byte> read)
    {
        try
        {
            var reader = new Utf8JsonReader(read, isFinalBlock: false, new JsonReaderState(Reading));
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : 0;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    private static RowError NotJson => new("", "not-json", "This is not one well-formed JSON object with distinct members.");

    // What cannot be read ends with its line, or where objects have several lines, before the next line that begins one.
    private void Break(Row row)
    {
        if (Line() is not { } line)
        {
            var (beginning, next) = RowBytes.SkipLine(file, Position.Offset);
            setAside = beginning;
            row.Broken = new("", "row-too-long", $"A row has {RowBytes.LongestRow:N0} bytes at most.");
            Position = new(next, Position.Line + 1);
            file.Position = next;
            (start, end) = (0, 0);
            return;
        }

        row.Broken = IsOther(line) ? new("", "not-an-object", "A row is one JSON object.") : NotJson;
        setAside = RowBytes.Text(line.Span.TrimEnd((byte)'\r'));
        Pass(Math.Min(line.Length + 1, end - start));
        while ((isList || !isLines) && PassBlanks() && buffer[start] != '{' && Line() is { } more)
            Pass(Math.Min(more.Length + 1, end - start));
    }

    private static bool IsOther(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            return document.RootElement.ValueKind is not JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // The rest of the line, without its end; null when it does not fit.
    private ReadOnlyMemory<byte>? Line()
    {
        while (true)
        {
            var feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (feed >= 0)
                return buffer.AsMemory(start, feed);
            if (Refill())
                continue;

            return end - start == buffer.Length ? (ReadOnlyMemory<byte>?)null : buffer.AsMemory(start, end - start);
        }
    }

    // The first pages may be those of days without calls; a file without pages has none among its first objects.
    private bool AreThere(JsonPages asked)
    {
        for (var passed = 0; passed <= MostEmptyPages && PassBlanks(); passed++)
        {
            if (PassUpTo(asked.HeadLength))
                return true;
            if (!PassUpTo(ObjectLength))
                return false;
        }

        return false;
    }

    private void PassList()
    {
        while (PassBlanks() && buffer[start] != '[')
            Pass(1);
        if (start < end)
            Pass(1);
    }

    // Blanks, and what stands between the objects of a list. False at the end.
    private bool PassBlanks()
    {
        while (start < end || Refill())
        {
            if (pages is { IsBetween: true } && buffer[start] == '{')
            {
                // A page without its list is that of a day without calls.
                pages.IsBetween = !PassUpTo(pages.HeadLength);
                if (pages.IsBetween && !PassUpTo(ObjectLength))
                    return true;
            }
            else if (buffer[start] == ']' && pages is not null && PassUpTo(pages.TailLength))
                pages.IsBetween = true;
            else if (buffer[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' || (isList && buffer[start] == ']'))
                Pass(1);
            else
                return true;
        }

        return false;
    }

    private delegate int LengthOf(ReadOnlySpan<byte> read);

    private ReadOnlySpan<byte> Unpassed => buffer.AsSpan(start, end - start);

    // By a length that is 0 when it goes on behind what has been read, negative when there is none.
    private bool PassUpTo(LengthOf length)
    {
        int found;
        while ((found = length(Unpassed)) == 0)
            if (!Refill())
                return false;
        if (found > 0)
            Pass(found);
        return found > 0;
    }

    // A record is left behind with its last row.
    private void PassRecord()
    {
        if (!IsWithin)
            Pass(recordLength);
    }

    private void Pass(int length)
    {
        Position = new(Position.Offset + length, Position.Line + buffer.AsSpan(start, length).Count((byte)'\n'));
        start += length;
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

    // False when it is not one object.
    private bool Fill(Row row, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                return false;

            var all = parts is null ? [] : parts.Of(document.RootElement);
            if (all is null)
                row.Broken = new("", "row-too-long", $"A record has {RecordParts.Most} rows at most.");
            (record, part) = (all ?? [], 0);
            Fill(row, record is [var first, ..] ? first : document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        current = json;
        return true;
    }

    private void Fill(Row row, JsonElement record)
    {
        for (var i = 0; i < paths.Length; i++)
            row.Cells[i] = Cell(record, i, row);
    }

    private string Cell(JsonElement root, int column, Row row)
    {
        var (found, isMet) = paths[column].In(root);
        Met[column] |= isMet;
        row.IsThere[column] = isMet;

        switch (found.ValueKind)
        {
            case JsonValueKind.String:
                return Text.Bare(found.GetString()!);
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return "";
            case JsonValueKind.Object or JsonValueKind.Array:
                row.Broken ??= new(paths[column].Text, "not-a-value", "Text, a number, true, false or null is expected here.");
                return "";
            default:
                return found.GetRawText();
        }
    }

    public void Dispose() => file.Dispose();
}

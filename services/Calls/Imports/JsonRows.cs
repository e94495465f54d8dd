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
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = Deepest };

    private readonly FileStream file;
    private readonly JsonPath[] paths;
    private readonly RecordParts? parts;
    private readonly string? list; // a page's member, where the file is made of pages
    private readonly bool isList;
    private readonly byte[] buffer = new byte[RowBytes.LongestRow];
    private bool isLines = true; // as long as every object was found on a line of its own
    private int start;
    private int end;
    private ReadOnlyMemory<byte> current;
    private JsonReaderState inPage;
    private bool isBetweenPages;
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
        list = format.List is { } member && !isList && PassBlanks() && PassUpTo(() => HeadLength(member)) ? member : null;
        isList |= list is not null;
        Position = start.Offset > 0 ? start : new(beginning, 0);
        file.Position = Position.Offset;
        (this.start, end) = (0, 0);
        isBetweenPages = list is not null && start.Offset <= beginning;
        if (isList && list is null && start.Offset == 0)
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
        for (int length; (length = ObjectLength()) >= 0;)
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
    private int ObjectLength()
    {
        try
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isFinalBlock: false, new JsonReaderState(Reading));
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
            if (isBetweenPages && buffer[start] == '{')
            {
                // A page without its list is that of a day without calls.
                isBetweenPages = !PassUpTo(() => HeadLength(list!));
                if (isBetweenPages && !PassUpTo(ObjectLength))
                    return true;
            }
            else if (list is not null && buffer[start] == ']' && PassUpTo(TailLength))
                isBetweenPages = true;
            else if (buffer[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' || (isList && buffer[start] == ']'))
                Pass(1);
            else
                return true;
        }

        return false;
    }

    // By a length that is 0 when it goes on behind what has been read, negative when there is none.
    private bool PassUpTo(Func<int> length)
    {
        int found;
        while ((found = length()) == 0)
            if (!Refill())
                return false;
        if (found > 0)
            Pass(found);
        return found > 0;
    }

    // How far a page goes before the rows of its list.
    private int HeadLength(string member)
    {
        try
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isFinalBlock: false, new JsonReaderState(Reading));
            while (reader.Read())
            {
                if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } || !reader.ValueTextEquals(member))
                    continue;
                if (!reader.Read())
                    return 0;
                if (reader.TokenType is not JsonTokenType.StartArray)
                    return -1;

                inPage = reader.CurrentState;
                return (int)reader.BytesConsumed;
            }

            return reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 } ? -1 : 0;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    // How far a page goes from the end of its list.
    private int TailLength()
    {
        try
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isFinalBlock: false, inPage);
            while (reader.Read())
                if (reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 })
                    return (int)reader.BytesConsumed;
            return 0;
        }
        catch (JsonException)
        {
            return -1;
        }
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
                return Text.Composed(found.GetString()!.Trim());
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

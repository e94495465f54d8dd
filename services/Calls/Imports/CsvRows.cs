using System.Text;
using CallCenter.Rules;
using CallCenter.Web;
using Sylvan.Data.Csv;

namespace CallCenter.Calls.Imports;

/// <summary>
/// CSV rows by Sylvan's reader. It stops for good at a row it cannot read; here that row is set aside and a new reader
/// starts on the next line. The bytes are handed to it as Latin-1, one character each, so that a row's place in the file is
/// exact and broken UTF-8 spoils one field and not the file.
/// </summary>
internal sealed class CsvRows : IRows
{
    private readonly FileStream file;
    private readonly RowFormat format;
    private readonly CsvDataReaderOptions options;
    private readonly char[] buffer = new char[Bytes.LongestRow];
    private readonly int[] ordinals;
    private readonly int fields;
    private readonly int reported; // leading columns that a report of rejected rows has added
    private CsvDataReader? reader;
    private string? setAside;

    public CsvRows(FileStream file, RowFormat format, IReadOnlyList<string> columns, Position start)
    {
        (this.file, this.format) = (file, format);
        options = new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = format.Delimiter[0],
            CsvStyle = format.Quotes ? CsvStyle.Standard : CsvStyle.Escaped,
            Escape = format.Quotes ? '"' : '\0',
            OwnsReader = true,
        };

        var first = First();
        reported = first is ["error_line", "error_column", "error_code", "error_message", ..] ? Rejections.Columns.Count : 0;
        var hasHeader = format.Header || reported > 0;
        string[] written = reported > 0 ? [.. first[reported..].Select(Csv.Unmarked)] : first;
        var names = format.Header ? written : [.. format.Columns!];

        Header = hasHeader ? Join(written) : null;
        fields = format.Header ? first.Length : 0;
        ordinals = [.. columns.Select(column => Ordinal(names, column))];
        Position = start.Offset > 0 ? start : hasHeader ? new Position(Position.Offset, 1) : default;
        Close();
    }

    public Position Position { get; private set; }

    public string? Header { get; }

    public string Original => setAside ?? (reported > 0
        ? Join(Enumerable.Range(reported, Math.Max(0, reader!.RowFieldCount - reported))
            .Select(i => Csv.Unmarked(Bytes.Utf8(reader.GetFieldSpan(i)) ?? "")))
        : Raw());

    public bool Read(Row row)
    {
        while (true)
        {
            row.Line = Position.Line + 1;
            row.Broken = null;
            setAside = null;
            try
            {
                reader ??= Open();
                if (!reader.Read())
                    return false;
            }
            catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException)
            {
                if (Position.Offset >= file.Length)
                    return false;

                SetAside(row, e);
                return true;
            }

            var raw = reader.GetRawRecordSpan();
            Position = new(Position.Offset + raw.Length, Position.Line + Math.Max(1, raw.Count('\n')));

            if (raw.Trim("\r\n").IsEmpty)
                continue;

            Fill(row);
            return true;
        }
    }

    private void Fill(Row row)
    {
        var source = reader!;
        if (fields > 0 && source.RowFieldCount != fields)
        {
            row.Broken = new("", "column-count", $"The row has {source.RowFieldCount - reported} fields, the header {fields - reported}.");
            return;
        }

        for (var i = 0; i < ordinals.Length; i++)
        {
            var ordinal = ordinals[i];
            var text = ordinal < 0 || ordinal >= source.RowFieldCount ? "" : Bytes.Utf8(source.GetFieldSpan(ordinal));
            if (text is null)
                row.Broken = new("", "not-utf-8", $"Field {ordinal - reported + 1} is not UTF-8.");
            row.Cells[i] = reported > 0 ? Csv.Unmarked(text ?? "") : text ?? "";
        }
    }

    private string Raw()
    {
        var raw = reader!.GetRawRecordSpan().TrimEnd("\r\n");
        var bytes = new byte[raw.Length];
        Encoding.Latin1.GetBytes(raw, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private void SetAside(Row row, Exception e)
    {
        var (beginning, end) = Bytes.SkipLine(file, Position.Offset);
        setAside = beginning;
        row.Broken = e is CsvRecordTooLargeException
            ? new("", "row-too-long", $"A row has {Bytes.LongestRow:N0} bytes at most; this may also be a quote that is never closed.")
            : new("", "quotes", "A quoted field is not closed, or text follows its closing quote.");
        Position = new(end, Position.Line + 1);
        Close();
    }

    private string[] First()
    {
        var bom = new byte[3];
        file.Position = 0;
        var hasBom = file.ReadAtLeast(bom, 3, throwOnEndOfStream: false) == 3 && bom is [0xEF, 0xBB, 0xBF];
        Position = new Position(hasBom ? 3 : 0, 0);

        try
        {
            reader = Open();
            if (!reader.Read())
                throw new InvalidException("", "empty-file", "The upload has no rows.");
        }
        catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException)
        {
            throw new InvalidException("", "unreadable-header", "The first line cannot be read as CSV with this mapping's delimiter.");
        }

        Position = new Position(Position.Offset + reader.GetRawRecordSpan().Length, 1);
        return [.. Enumerable.Range(0, reader.RowFieldCount).Select(i => Bytes.Utf8(reader.GetFieldSpan(i)) ?? "")];
    }

    private int Ordinal(string[] names, string column)
    {
        var ordinal = Array.IndexOf(names, column);
        if (ordinal < 0 && format.Optional?.Contains(column) != true)
            throw new InvalidException("", "missing-column", $"The upload has no column '{column}', which the mapping needs.");

        return ordinal < 0 ? -1 : ordinal + reported;
    }

    private CsvDataReader Open()
    {
        file.Position = Position.Offset;
        return CsvDataReader.Create(
            new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024, leaveOpen: true), buffer, options);
    }

    private string Join(IEnumerable<string> cells) => Rejections.Join(cells, format);

    private void Close()
    {
        reader?.Dispose();
        reader = null;
    }

    public void Dispose()
    {
        Close();
        file.Dispose();
    }
}

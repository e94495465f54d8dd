using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>Rows of CSV by the columns that a mapping names; a report of rejected rows is read like the file it came from.</summary>
internal sealed class CsvRows : IRows
{
    // Reports have a title, a period, a blank line before their columns.
    private const int MostTitleLines = 50;

    private readonly CsvReader csv;
    private readonly RowFormat format;
    private readonly int[] ordinals;
    private readonly int fields;
    private readonly int reported; // leading columns that a report of rejected rows has added

    public CsvRows(Stream file, RowFormat format, IReadOnlyList<string> columns, RowPosition start)
    {
        csv = new CsvReader(file, format.Delimiter[0], format.Quotes);
        this.format = format with { Delimiter = csv.Delimiter.ToString() };
        var beginning = csv.Position;

        var first = First();
        reported = first is ["error_line", "error_column", "error_code", "error_message", ..] ? RejectedRowsReport.Columns.Count : 0;
        if (format.Header && reported == 0)
            first = Titled(first, columns);
        var hasHeader = format.Header || reported > 0;
        string[] written = reported > 0 ? [.. first[reported..].Select(Web.Csv.Unmarked)] : first;
        var names = format.Header ? written : [.. format.Columns!];

        Header = hasHeader ? Join(written) : null;
        fields = format.Header ? first.Length : 0;
        ordinals = [.. columns.Select(column => Ordinal(names, column))];
        if (start.Offset > 0 || !hasHeader)
            csv.GoTo(start.Offset > 0 ? start : beginning);
    }

    public RowPosition Position => csv.Position;

    public bool IsWithin => false;

    public string? Header { get; }

    public RowFormat Csv => format;

    public string Original => reported == 0 || csv.Fault is not null ? csv.Original
        : string.Join(format.Delimiter, Enumerable.Range(reported, Math.Max(0, csv.FieldCount - reported))
            .Select(i => Web.Csv.Quoted(Web.Csv.Unmarked(csv.Field(i) ?? ""), format.Delimiter, format.Quotes)));

    public bool Read(Row row)
    {
        if (!csv.Read())
            return false;

        row.Line = csv.Line;
        row.Broken = csv.Fault is { } fault ? new("", fault.Code, fault.Message) : null;
        if (row.Broken is null)
            Fill(row);
        return true;
    }

    private void Fill(Row row)
    {
        var count = csv.FieldCount;
        if (fields > 0 && count != fields)
        {
            row.Broken = new("", "column-count", $"The row has {count - reported} fields, the header {fields - reported}.");
            return;
        }

        for (var i = 0; i < ordinals.Length; i++)
        {
            var ordinal = ordinals[i];
            row.IsThere[i] = ordinal >= 0 && ordinal < count;
            var text = row.IsThere[i] ? csv.Field(ordinal) : "";
            if (text is null)
                row.Broken = new("", "not-utf-8", $"Field {ordinal - reported + 1} is not UTF-8.");
            row.Cells[i] = reported > 0 ? Rules.Text.Bare(Web.Csv.Unmarked(text ?? "")) : text ?? "";
        }
    }

    private string[] First()
    {
        if (!csv.Read())
            throw new InvalidException("", "empty-file", "The upload has no rows.");
        if (csv.Fault is not null)
            throw new InvalidException("", "unreadable-header", "The first line cannot be read as CSV with this mapping's delimiter.");

        return Fields();
    }

    // The first line that names every column that is needed; the first of all where none does.
    private string[] Titled(string[] first, IReadOnlyList<string> columns)
    {
        bool HasAll(string[] names) => columns.All(column => names.Contains(column) || format.Optional?.Contains(column) == true);

        for (var (line, passed) = (first, 0); ; passed++, line = csv.Fault is null ? Fields() : [])
        {
            if (HasAll(line))
                return line;
            if (passed == MostTitleLines || !csv.Read())
                return first;
        }
    }

    private string[] Fields() => [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.Field(i) ?? throw new InvalidException(
        "", "not-utf-8", "The line that names the columns is not UTF-8. A mapping says in format/encoding what else its files are."))];

    private int Ordinal(string[] names, string column)
    {
        var ordinal = Array.IndexOf(names, column);
        if (ordinal < 0 && format.Optional?.Contains(column) != true)
            throw new InvalidException("", "missing-column", $"The upload has no column '{column}', which the mapping needs.");

        return ordinal < 0 ? -1 : ordinal + reported;
    }

    private string Join(IEnumerable<string> cells) => RejectedRowsReport.Join(cells, format);

    public void Dispose() => csv.Dispose();
}

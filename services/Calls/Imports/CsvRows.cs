using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>Rows of CSV by the columns that a mapping names; a report of rejected rows is read like the file it came from.</summary>
internal sealed class CsvRows : IRows
{
    private readonly CsvReader csv;
    private readonly RowFormat format;
    private readonly int[] ordinals;
    private readonly int fields;
    private readonly int reported; // leading columns that a report of rejected rows has added

    public CsvRows(Stream file, RowFormat format, IReadOnlyList<string> columns, RowPosition start)
    {
        this.format = format;
        csv = new CsvReader(file, format.Delimiter[0], format.Quotes);
        var beginning = csv.Position;

        var first = First();
        reported = first is ["error_line", "error_column", "error_code", "error_message", ..] ? RejectedRowsReport.Columns.Count : 0;
        var hasHeader = format.Header || reported > 0;
        string[] written = reported > 0 ? [.. first[reported..].Select(Csv.Unmarked)] : first;
        var names = format.Header ? written : [.. format.Columns!];

        Header = hasHeader ? Join(written) : null;
        fields = format.Header ? first.Length : 0;
        ordinals = [.. columns.Select(column => Ordinal(names, column))];
        if (start.Offset > 0 || !hasHeader)
            csv.GoTo(start.Offset > 0 ? start : beginning);
    }

    public RowPosition Position => csv.Position;

    public string? Header { get; }

    public string Original => reported == 0 || csv.Fault is not null ? csv.Original
        : Join(Enumerable.Range(reported, Math.Max(0, csv.FieldCount - reported)).Select(i => Csv.Unmarked(csv.Field(i) ?? "")));

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
            var text = ordinal < 0 || ordinal >= count ? "" : csv.Field(ordinal);
            if (text is null)
                row.Broken = new("", "not-utf-8", $"Field {ordinal - reported + 1} is not UTF-8.");
            row.Cells[i] = reported > 0 ? Csv.Unmarked(text ?? "") : text ?? "";
        }
    }

    private string[] First()
    {
        if (!csv.Read())
            throw new InvalidException("", "empty-file", "The upload has no rows.");
        if (csv.Fault is not null)
            throw new InvalidException("", "unreadable-header", "The first line cannot be read as CSV with this mapping's delimiter.");

        return [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.Field(i) ?? "")];
    }

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

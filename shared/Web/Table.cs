using System.Globalization;
using System.Text;
using SpreadCheetah;

namespace CallCenter.Web;

/// <summary>A table on its way out, as CSV or as a workbook.</summary>
public sealed class Table(params string[] header)
{
    /// <summary>What workbooks are called by those who ask for one.</summary>
    public const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private readonly List<object?[]> rows = [];

    public void Add(params object?[] cells) => rows.Add(cells);

    /// <summary>As CSV.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(string.Join(',', header) + "\r\n");
        foreach (var row in rows)
            text.AppendJoin(',', row.Select(Cell)).Append("\r\n");

        return text.ToString();
    }

    /// <summary>As a workbook of one sheet: numbers are numbers and days are days. Texts are texts, whatever they begin with.</summary>
    public async Task Write(Stream workbook, CancellationToken cancellation)
    {
        await using var spreadsheet = await Spreadsheet.CreateNewAsync(workbook, cancellationToken: cancellation);
        await spreadsheet.StartWorksheetAsync("1", token: cancellation);
        await spreadsheet.AddRowAsync([.. header.Select(name => new DataCell(CellText.Escaped(name)))], cancellation);
        foreach (var row in rows)
            await spreadsheet.AddRowAsync([.. row.Select(DataCell)], cancellation);
        await spreadsheet.FinishAsync(cancellation);
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string s => Csv.Cell(s),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Csv.Cell(value.ToString()!),
    };

    // Workbooks know no offsets: an instant is written as the clock that it was written with showed it.
    private static DataCell DataCell(object? value) => value switch
    {
        null => default,
        bool flag => new(flag),
        int number => new(number),
        long number => new(number),
        double number => new(number),
        decimal number => new(number),
        DateOnly day => new(day.ToDateTime(TimeOnly.MinValue)),
        DateTimeOffset instant => new(instant.DateTime),
        _ => new(CellText.Escaped(value as string ?? Cell(value))),
    };
}

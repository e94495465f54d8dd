using System.Globalization;
using System.Text;
using CallCenter.People.Teams;
using CallCenter.Rules;
using Sylvan.Data.Csv;

namespace CallCenter.People.Imports;

/// <param name="Columns">Those the file has: what it has no column for is left as it is on file.</param>
internal sealed record EmployeeSheet(IReadOnlyCollection<string> Columns, IReadOnlyList<EmployeeRow> Rows);

/// <summary>Reads employees from CSV: UTF-8, headers in English or Chinese, in any order.</summary>
internal static class EmployeeFile
{
    public const int MaxRows = 10_000;

    private static readonly Dictionary<string, string> Chinese = new()
    {
        ["工号"] = "staff_number", ["姓名"] = "name", ["入职日期"] = "hired_on", ["离职日期"] = "left_on", ["职级"] = "grade",
        ["班组"] = "teams", ["技能"] = "skills", ["周工时"] = "weekly_hours", ["时区"] = "zone",
    };

    private static readonly string[] Required = ["staff_number", "name", "hired_on", "grade", "weekly_hours", "zone"];
    private static readonly string[] Known = [.. Required, "left_on", "teams", "skills"];

    /// <exception cref="BadHttpRequestException">The file as a whole cannot be read; nothing of it is taken.</exception>
    /// <exception cref="InvalidException">Its columns are not ours, or it is too long; nothing of it is taken.</exception>
    public static async Task<EmployeeSheet> Read(Stream body, IReadOnlyList<Team> teams, CancellationToken cancellation)
    {
        var line = 1;
        try
        {
            // Bytes that are not UTF-8 must not become question marks in somebody's name.
            using var text = new StreamReader(body, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
            var header = await text.ReadLineAsync(cancellation) ?? "";
            var columns = Columns(header.TrimStart('\uFEFF'));

            await using var csv = await CsvDataReader.CreateAsync(text, Options(Delimiter(header)), cancellation);
            var reader = new RowReader(columns, teams);
            List<EmployeeRow> rows = [];

            for (line++; await csv.ReadAsync(cancellation); line += Lines(csv))
            {
                if (!csv.GetRawRecordSpan().IsWhiteSpace())
                    rows.Add(reader.Read(csv, line));

                if (rows.Count > MaxRows)
                    throw new InvalidException("", "too-many-rows", $"A file has {MaxRows} rows at most; send the rest as another file.");
            }

            return new EmployeeSheet(columns.Keys, rows);
        }
        catch (DecoderFallbackException)
        {
            throw new BadHttpRequestException($"The file is not UTF-8 (at or after line {line}). Save it as \"CSV UTF-8\".");
        }
        catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException)
        {
            throw new BadHttpRequestException($"From line {line} on the file is not CSV: {e.Message}");
        }
    }

    private static CsvDataReaderOptions Options(char delimiter) => new()
    {
        HasHeaders = false,
        Delimiter = delimiter,
        MaxBufferSize = 256 * 1024,
        Culture = CultureInfo.InvariantCulture,
    };

    private static Dictionary<string, int> Columns(string header)
    {
        List<Error> errors = [];
        Dictionary<string, int> columns = [];

        foreach (var (i, cell) in header.Split(Delimiter(header)).Index())
        {
            var written = cell.Trim(' ', '"');
            var name = Chinese.GetValueOrDefault(written, written.ToLowerInvariant().Replace(' ', '_').Replace('-', '_'));

            if (!Known.Contains(name))
                errors.Add(new("line 1", "unknown-column", $"'{written}' is none of: {string.Join(", ", Known)}."));
            else if (!columns.TryAdd(name, i))
                errors.Add(new("line 1", "duplicate-column", $"'{written}' is there twice."));
        }

        errors.AddRange(Required.Except(columns.Keys).Select(name => new Error("line 1", "missing-column", $"There is no column {name}.")));

        return errors.Count == 0 ? columns : throw new InvalidException(errors);
    }

    private static char Delimiter(string header) => ",;\t".MaxBy(delimiter => header.Count(c => c == delimiter));

    private static int Lines(CsvDataReader csv) => Math.Max(1, csv.GetRawRecordSpan().Count('\n'));
}

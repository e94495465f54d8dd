using CallCenter.People.Teams;
using CallCenter.Rules;
using CallCenter.Web;

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

    /// <param name="file">On disk or in memory: it is read more than once.</param>
    /// <exception cref="BadHttpRequestException">The file as a whole cannot be read; nothing of it is taken.</exception>
    /// <exception cref="InvalidException">Its columns are not ours, or it is too long; nothing of it is taken.</exception>
    public static EmployeeSheet Read(Stream file, IReadOnlyList<Team> teams)
    {
        using var csv = new CsvReader(file, CsvReader.DelimiterOf(file));
        var columns = Columns(csv.Read() ? [.. Enumerable.Range(0, Whole(csv).FieldCount).Select(i => Cell(csv, i))] : [""]);
        var reader = new RowReader(columns, teams);
        List<EmployeeRow> rows = [];

        while (csv.Read())
        {
            rows.Add(reader.Read([.. Enumerable.Range(0, Whole(csv).FieldCount).Select(i => Cell(csv, i))], (int)csv.Line));

            if (rows.Count > MaxRows)
                throw new InvalidException("", "too-many-rows", $"A file has {MaxRows} rows at most; send the rest as another file.");
        }

        return new EmployeeSheet(columns.Keys, rows);
    }

    private static CsvReader Whole(CsvReader csv) => csv.Fault is not { } fault ? csv
        : throw new BadHttpRequestException($"Line {csv.Line} of the file is not CSV: {fault.Message}");

    // Bytes that are not UTF-8 must not become question marks in somebody's name.
    private static string Cell(CsvReader csv, int ordinal) => csv.Field(ordinal)
        ?? throw new BadHttpRequestException($"The file is not UTF-8 (line {csv.Line}). Save it as \"CSV UTF-8\".");

    private static Dictionary<string, int> Columns(string[] header)
    {
        List<Error> errors = [];
        Dictionary<string, int> columns = [];

        foreach (var (i, written) in header.Index())
        {
            var name = Chinese.GetValueOrDefault(written, written.ToLowerInvariant().Replace(' ', '_').Replace('-', '_'));

            if (!Known.Contains(name))
                errors.Add(new("line 1", "unknown-column", $"'{written}' is none of: {string.Join(", ", Known)}."));
            else if (!columns.TryAdd(name, i))
                errors.Add(new("line 1", "duplicate-column", $"'{written}' is there twice."));
        }

        errors.AddRange(Required.Except(columns.Keys).Select(name => new Error("line 1", "missing-column", $"There is no column {name}.")));

        return errors.Count == 0 ? columns : throw new InvalidException(errors);
    }
}

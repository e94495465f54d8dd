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

    private static readonly NamedColumns Columns = new(
        ["staff_number", "name", "hired_on", "grade", "weekly_hours", "zone"], ["left_on", "teams", "skills"], new Dictionary<string, string>
        {
            ["工号"] = "staff_number", ["姓名"] = "name", ["入职日期"] = "hired_on", ["离职日期"] = "left_on", ["职级"] = "grade",
            ["班组"] = "teams", ["技能"] = "skills", ["周工时"] = "weekly_hours", ["时区"] = "zone",
        });

    /// <param name="file">On disk or in memory: it is read more than once.</param>
    /// <exception cref="BadHttpRequestException">The file as a whole cannot be read; nothing of it is taken.</exception>
    /// <exception cref="InvalidException">Its columns are not ours, or it is too long; nothing of it is taken.</exception>
    public static EmployeeSheet Read(Stream file, IReadOnlyList<Team> teams)
    {
        using var csv = new CsvReader(file, CsvReader.DelimiterOf(file));
        var columns = Columns.In(csv.Read() ? csv.WholeCells() : [""]);
        var reader = new RowReader(columns, teams);
        List<EmployeeRow> rows = [];

        while (csv.Read())
        {
            rows.Add(reader.Read(csv.WholeCells(), (int)csv.Line));

            if (rows.Count > MaxRows)
                throw new InvalidException("", "too-many-rows", $"A file has {MaxRows} rows at most; send the rest as another file.");
        }

        return new EmployeeSheet(columns.Keys, rows);
    }
}

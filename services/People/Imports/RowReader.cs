using System.Globalization;
using CallCenter.People.Employees;
using CallCenter.People.Teams;
using CallCenter.Rules;

namespace CallCenter.People.Imports;

/// <summary>One line of the file: what it asks for, or what is wrong with it.</summary>
/// <param name="Line">Line of the file on which the row starts; the header is line 1.</param>
/// <param name="Request">Null when there are errors.</param>
internal sealed record EmployeeRow(int Line, string StaffNumber, EmployeeRequest? Request, IReadOnlyList<RowError> Errors);

/// <summary>What is wrong with one cell.</summary>
/// <param name="Line">Line of the file; the header is line 1.</param>
/// <param name="Column">English name of the column; empty when it is the row as a whole.</param>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Message">For people.</param>
public sealed record RowError(int Line, string Column, string Code, string Message);

internal sealed class RowReader(Dictionary<string, int> columns, IReadOnlyList<Team> teams)
{
    private static readonly Dictionary<string, Grade> Grades = new(StringComparer.OrdinalIgnoreCase)
    {
        ["junior"] = Grade.Junior, ["intermediate"] = Grade.Intermediate, ["senior"] = Grade.Senior,
        ["account-manager"] = Grade.AccountManager,
        ["初级"] = Grade.Junior, ["中级"] = Grade.Intermediate, ["高级"] = Grade.Senior, ["客户经理"] = Grade.AccountManager,
    };

    private static readonly Dictionary<string, string> ColumnOfMember = new()
    {
        ["staffNumber"] = "staff_number", ["name"] = "name", ["leftOn"] = "left_on", ["weeklyHours"] = "weekly_hours",
        ["zone"] = "zone", ["teamIds"] = "teams", ["skills"] = "skills",
    };

    private readonly ILookup<string, Guid> teamsByName = teams.ToLookup(t => t.Name, t => t.Id);
    private readonly HashSet<Guid> teamIds = [.. teams.Select(t => t.Id)];
    private readonly Dictionary<string, Error?> zones = [];
    private readonly Dictionary<Guid, int> lineOfNumber = [];

    public EmployeeRow Read(string[] cells, int line)
    {
        List<RowError> errors = [];
        string Cell(string column) => columns.TryGetValue(column, out var i) && i < cells.Length ? cells[i] : "";
        void Refuse(string column, string code, string message) => errors.Add(new(line, column, code, message));

        if (cells.Length > columns.Count)
            Refuse("", "too-many-cells", $"The row has {cells.Length} cells, the header {columns.Count}.");

        var request = new EmployeeRequest(
            Cell("staff_number"), Cell("name"), Date("hired_on", required: true) ?? default,
            GradeOf(Cell("grade")), Hours(Cell("weekly_hours")),
            Cell("zone"), [.. List("teams").Select(Team)], [.. List("skills").Select(SkillOf)], Date("left_on", required: false));

        if (errors.Count == 0)
            errors.AddRange(EmployeeRules.Check(request).Append(Zone(request.Zone)).Append(Again(request.StaffNumber)).OfType<Error>()
                .Select(e => new RowError(line, ColumnOfMember[e.Pointer.Split('/')[1]], e.Code, e.Message)));

        return new EmployeeRow(line, request.StaffNumber, errors.Count == 0 ? request : null, errors);

        DateOnly? Date(string column, bool required)
        {
            var text = Cell(column);

            if (DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy/M/d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                if (Ranges.Days.Check(column, date) is { } broken)
                    Refuse(column, broken.Code, broken.Message);
                return date;
            }

            if (required || text.Length > 0)
                Refuse(column, "date", $"'{Text.Shown(text)}' is not a date like 2026-03-02.");

            return null;
        }

        Grade GradeOf(string text)
        {
            if (!Grades.TryGetValue(text, out var grade))
                Refuse("grade", "grade", $"'{Text.Shown(text)}' is none of: {string.Join(", ", Grades.Keys)}.");

            return grade;
        }

        decimal Hours(string text)
        {
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours))
                Refuse("weekly_hours", "weekly-hours", $"'{Text.Shown(text)}' is not a number of hours like 37.5.");

            return hours;
        }

        Guid Team(string text)
        {
            Guid[] found = Guid.TryParseExact(text, "D", out var id) ? [.. teamIds.Where(t => t == id)] : [.. teamsByName[text]];

            if (found.Length != 1)
                Refuse("teams", found.Length == 0 ? "unknown-team" : "ambiguous-team",
                    found.Length == 0 ? $"There is no team '{Text.Shown(text)}'."
                        : $"{found.Length} teams are called '{Text.Shown(text)}'; name the team by its id.");

            return found.FirstOrDefault();
        }

        Skill SkillOf(string text)
        {
            var colon = text.LastIndexOf(':');

            if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var level))
            {
                Refuse("skills", "skill-level", $"'{Text.Shown(text)}' is not a skill and a level like billing:3.");
                return new("", 0);
            }

            return new(Rules.Text.Bare(text[..colon]), level);
        }

        IEnumerable<string> List(string column) =>
            Cell(column).Split([';', '|', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Error? Again(string staffNumber) => lineOfNumber.TryAdd(StaffNumber.IdOf(staffNumber), line)
            ? null
            : new Error("/staffNumber", "duplicate-row", $"Line {lineOfNumber[StaffNumber.IdOf(staffNumber)]} has the same staff number.");
    }

    // Near matches cost a walk over all zones, and a wrong zone tends to be on every line.
    private Error? Zone(string zone)
    {
        if (!zones.TryGetValue(zone, out var error))
        {
            try
            {
                Zones.Require("/zone", zone);
            }
            catch (InvalidException e)
            {
                error = e.Errors[0];
            }

            zones[zone] = error;
        }

        return error;
    }
}

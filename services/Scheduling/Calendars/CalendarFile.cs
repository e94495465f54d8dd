using System.Globalization;
using CallCenter.Rules;
using CallCenter.Web;
using Ical.Net.CalendarComponents;

namespace CallCenter.Scheduling.Calendars;

/// <param name="Year">Of the notice; null where the file has no column for it.</param>
public sealed record CalendarRow(int? Year, NamedDay Day);

/// <summary>Holidays and make-up working days from a file: CSV as the table that comes with the product, or iCalendar.</summary>
public static class CalendarFile
{
    private const int MaxRows = 5_000;

    private static readonly NamedColumns Columns = new(["date", "kind", "name"], ["year", "name_en"], new Dictionary<string, string>
    {
        ["年份"] = "year", ["日期"] = "date", ["类型"] = "kind", ["名称"] = "name", ["英文名称"] = "name_en",
    });

    private static readonly Dictionary<string, DayKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [DayKind.Holiday.Code] = DayKind.Holiday, [DayKind.WorkingDay.Code] = DayKind.WorkingDay, ["休"] = DayKind.Holiday,
        ["班"] = DayKind.WorkingDay,
    };

    // How calendars of China name a working day that makes up for a holiday: 上班, 补班.
    private const string AtWork = "班";

    /// <summary>The rows of a year; those of other years are left where the file says which they are.</summary>
    /// <exception cref="InvalidException">What is wrong with which line.</exception>
    public static IReadOnlyList<NamedDay> OfYear(Stream csv, int year) =>
        [.. Rows(csv).Where(row => row.Year is null || row.Year == year).Select(row => row.Day)];

    public static IReadOnlyList<CalendarRow> Rows(Stream file)
    {
        using var csv = new CsvReader(file, CsvReader.DelimiterOf(file));
        if (!csv.Read())
            throw new InvalidException("", "empty-file", "The upload has no rows.");
        var columns = Columns.In(csv.WholeCells());
        var (rows, errors) = (new List<CalendarRow>(), new List<Error>());

        while (csv.Read())
        {
            if (rows.Count + errors.Count == MaxRows)
                throw new InvalidException("", "too-many-rows", $"A file has {MaxRows} rows at most.");
            var cells = csv.WholeCells();
            string Of(string column) => columns.TryGetValue(column, out var i) && i < cells.Length ? cells[i] : "";

            if (!DateOnly.TryParseExact(Of("date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                errors.Add(new($"line {csv.Line}", "not-a-day", $"'{Text.Shown(Of("date"))}' is no day; write it as 2026-10-01."));
            else if (!Kinds.TryGetValue(Of("kind"), out var kind))
                errors.Add(new($"line {csv.Line}", "kind-unknown", "A kind is holiday or working-day."));
            else if (Names.Fault(Of("name")) is { } fault)
                errors.Add(new($"line {csv.Line}", "name", fault));
            else
                rows.Add(new(int.TryParse(Of("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : null,
                    new(date, kind, Of("name"), Of("name_en") is { Length: > 0 and <= Names.MaxLength } english ? english : null)));
        }

        return errors.Count == 0 ? rows : throw new InvalidException(errors);
    }

    /// <summary>The whole days of an iCalendar that a notice of the year can name; others are passed over.</summary>
    /// <exception cref="InvalidException">What is wrong with which line; <c>event-unclear</c></exception>
    public static IReadOnlyList<NamedDay> OfYear(string icalendar, int year)
    {
        var notice = new CalendarYear(year, "", []);
        return
        [
            .. Events(icalendar).SelectMany(Days).Where(day => notice.Reaches(day.Date)).OrderBy(day => day.Date).Distinct(),
        ];
    }

    private static List<CalendarEvent> Events(string icalendar)
    {
        var errors = Faults(icalendar).Take(MaxFaults).ToList();
        if (errors.Count > 0)
            throw new InvalidException(errors);
        try
        {
            return Ical.Net.Calendar.Load(icalendar)?.Events.ToList() ?? [];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Its lines are lines of a calendar, and together they are none.
            throw new InvalidException("", "not-icalendar", $"The file cannot be read as iCalendar: {Text.Shown(e.Message)}");
        }
    }

    private const int MaxFaults = 100;

    private static readonly string[] Times = ["DTSTART", "DTEND"];

    /// <summary>What is wrong with which line: the reader of calendars says of none which.</summary>
    private static IEnumerable<Error> Faults(string icalendar)
    {
        var open = new Stack<string>();
        foreach (var (number, line) in Unfolded(icalendar))
        {
            var colon = ValueOf(line);
            if (colon <= 0 || (open.Count == 0 && !line.Equals("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase)))
            {
                yield return NoCalendar(number, open.Count == 0 ? "A calendar begins with BEGIN:VCALENDAR."
                    : $"'{Text.Shown(line)}' is no line of a calendar: a name, a colon and a value.");
                yield break;
            }

            var (name, value) = (line[..colon].Split(';')[0].ToUpperInvariant(), line[(colon + 1)..].Trim());
            if (name == "BEGIN")
                open.Push(value);
            else if (name == "END" && !(open.TryPop(out var begun) && begun.Equals(value, StringComparison.OrdinalIgnoreCase)))
            {
                yield return NoCalendar(number, $"END:{Text.Shown(value)} ends what has not begun.");
                yield break;
            }
            else if (Times.Contains(name) && open.TryPeek(out var of) && of.Equals("VEVENT", StringComparison.OrdinalIgnoreCase)
                && !IsTime(value))
                yield return new($"line {number}", "not-a-day", $"{name} '{Text.Shown(value)}' is no day; write it as 20261001.");
        }

        if (open.TryPeek(out var left))
            yield return NoCalendar(Unfolded(icalendar).Last().Number, $"{Text.Shown(left)} has no end.");
        else if (!Unfolded(icalendar).Any())
            yield return new("", "empty-file", "The upload has no lines.");

        static Error NoCalendar(int number, string says) => new($"line {number}", "not-icalendar", says);
    }

    // A colon in a quoted parameter begins no value.
    private static int ValueOf(string line)
    {
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
            if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ':' && !quoted)
                return i;

        return -1;
    }

    // RFC 5545, 3.1: what begins with a blank goes on with the line before.
    private static IEnumerable<(int Number, string Line)> Unfolded(string icalendar)
    {
        var (begun, text) = (0, "");
        foreach (var (i, line) in icalendar.TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')).Index())
            if (line is [' ' or '\t', ..] && begun > 0)
                text += line[1..];
            else if (line.Trim().Length > 0)
            {
                if (begun > 0)
                    yield return (begun, text);
                (begun, text) = (i + 1, line);
            }

        if (begun > 0)
            yield return (begun, text);
    }

    private static readonly string[] TimeForms = ["yyyyMMdd", "yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmmss'Z'"];

    private static bool IsTime(string value) =>
        DateTime.TryParseExact(value, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private const int LongestEvent = 60;

    private static IEnumerable<NamedDay> Days(CalendarEvent named)
    {
        if (named.Start is not { HasTime: false } start || named.Summary is not { } summary || Names.Fault(summary) is not null)
            yield break;
        if (named.RecurrenceRule is not null || named.Duration is not null)
            throw new InvalidException("", "event-unclear",
                $"'{Text.Shown(summary)}' repeats or lasts by a rule: write its first day and the day after its last.");
        var first = DateOnly.FromDateTime(start.Value);
        var last = named.End is { } end && end.Value > start.Value ? DateOnly.FromDateTime(end.Value).AddDays(-1) : first;
        var kind = summary.Contains(AtWork, StringComparison.Ordinal) || summary.Contains(DayKind.WorkingDay.Code, StringComparison.Ordinal)
            ? DayKind.WorkingDay : DayKind.Holiday;

        if (last.DayNumber - first.DayNumber >= LongestEvent)
            throw new InvalidException("", "event-unclear", $"'{Text.Shown(summary)}' lasts more than {LongestEvent} days.");

        for (var n = first.DayNumber; n <= last.DayNumber; n++)
            yield return new(DateOnly.FromDayNumber(n), kind, Text.Bare(summary));
    }
}

using System.Globalization;
using CallCenter.Rules;
using CallCenter.Web;
using Ical.Net.CalendarComponents;
using Microsoft.AspNetCore.Http;

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
    /// <exception cref="BadHttpRequestException">It is no iCalendar.</exception>
    /// <exception cref="InvalidException"><c>event-unclear</c></exception>
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
        try
        {
            return (Ical.Net.Calendar.Load(icalendar)?.Events ?? throw new FormatException("There is no calendar in it.")).ToList();
        }
        catch (Exception e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The upload is not iCalendar.", e);
        }
    }

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

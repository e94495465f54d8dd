using System.Globalization;
using CallCenter.Reporting.Kpis;

namespace CallCenter.Reporting.Digests;

/// <summary>The digest's language: words, and how numbers and dates are written among them.</summary>
public sealed record DigestWords
{
    public required string Language { get; init; }
    public required string Title { get; init; }
    public required string Offered { get; init; }
    public required string Answered { get; init; }
    public required string Abandoned { get; init; }
    public required string Open { get; init; }
    public required string Other { get; init; }
    public required string Target { get; init; }
    public required string Met { get; init; }
    public required string Missed { get; init; }
    public required string LastWeek { get; init; }

    /// <summary>{0} the difference.</summary>
    public required string ThanLastWeek { get; init; }
    public required string SameAsLastWeek { get; init; }
    public required string Figure { get; init; }
    public required string NoTarget { get; init; }
    public required string Days { get; init; }
    public required string Day { get; init; }
    public required string Queues { get; init; }
    public required string Queue { get; init; }
    public required string Hours { get; init; }
    public required string HoursNote { get; init; }
    public required string Worst { get; init; }
    public required string Best { get; init; }
    public required string When { get; init; }
    public required string WaitedTooLong { get; init; }
    public required string Staff { get; init; }
    public required string StaffNote { get; init; }
    public required string People { get; init; }
    public required string Restated { get; init; }
    public required string NothingRestated { get; init; }
    public required string Was { get; init; }
    public required string Now { get; init; }
    public required string Why { get; init; }
    public required string AllFigures { get; init; }
    public required string Online { get; init; }
    public required string HowCounted { get; init; }
    public required string Footer { get; init; }
    public required string Points { get; init; }
    public required string HourUnit { get; init; }
    public required string Plus { get; init; }
    public required string Colon { get; init; }
    public required IReadOnlyDictionary<string, string> Kpis { get; init; }
    public required IReadOnlyDictionary<string, string> Causes { get; init; }
    public required IReadOnlyList<string> Weekdays { get; init; }
    public required string DayFormat { get; init; }
    public required string ShortDayFormat { get; init; }
    public required string DateFormat { get; init; }

    /// <summary>{0} service level, {1} distance in points, {2} target.</summary>
    public required string Above { get; init; }
    public required string Below { get; init; }
    public required string OnTarget { get; init; }
    public required string Level { get; init; }

    /// <summary>{0} when, {1} customers, {2} of how many.</summary>
    public required string WorstInsight { get; init; }

    /// <summary>{0} quarter hours, {1} staff-hours.</summary>
    public required string ShortInsight { get; init; }

    /// <summary>{0} best day and {1} its level, {2} worst day and {3} its level.</summary>
    public required string DaysAlt { get; init; }
    public required string HoursAlt { get; init; }
    public required string ScoredInsight { get; init; }
    public required string Quiet { get; init; }

    /// <summary>{0} facts of the kind {1}.</summary>
    public required string Late { get; init; }
    public required string Corrected { get; init; }
    public required string Semicolon { get; init; }

    public static DigestWords Of(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? DigestLanguages.Chinese : DigestLanguages.English;

    public string NameOf(Kpi kpi) => Kpis.GetValueOrDefault(kpi.Id, kpi.Name);

    /// <summary>A value in its KPI's unit; a dash when there is none.</summary>
    public string Show(Kpi kpi, decimal? value) => (kpi.Unit, value) switch
    {
        (_, null) => "–",
        ("share", { } share) => Percent(share),
        ("seconds", >= 100 and { } seconds) => $"{(long)Math.Round(seconds, MidpointRounding.AwayFromZero) / 60}:{(long)Math.Round(seconds, MidpointRounding.AwayFromZero) % 60:00}\u00a0min",
        ("seconds", { } seconds) => Text($"{seconds:0.0}\u00a0s"),
        ("points", { } points) => Text($"{points:0.0}"),
        ("hours", { } hours) => Text($"{hours:#,0.0} {HourUnit}"),
        (_, { } count) => Count((long)count),
    };

    /// <summary>A difference, with its sign.</summary>
    public string Difference(Kpi kpi, decimal change)
    {
        var sign = change < 0 ? "−" : "+";

        return kpi.Unit switch
        {
            "share" => Text($"{sign}{Math.Round(Math.Abs(change) * 100, 1, MidpointRounding.AwayFromZero):0.0} {Points}"),
            "seconds" => Text($"{sign}{Math.Abs(change):0.0}\u00a0s"),
            "points" => Text($"{sign}{Math.Abs(change):0.0}"),
            "hours" => Text($"{sign}{Math.Abs(change):#,0.0} {HourUnit}"),
            _ => Text($"{sign}{Math.Abs(change):#,0}"),
        };
    }

    public static string Percent(decimal? share) => share is { } value ? Text($"{Math.Round(value * 100, 1, MidpointRounding.AwayFromZero):0.0}\u00a0%") : "–";

    public static string Count(long count) => Text($"{count:#,0}");

    public static string Number(decimal number) => Text($"{number:#,0.0}");

    public string OfDay(DateOnly day) => string.Format(CultureInfo.InvariantCulture, DayFormat, Weekdays[(int)day.DayOfWeek], day.Day, Month(day));

    public string OfDate(DateOnly day) => string.Format(CultureInfo.InvariantCulture, DateFormat, day.Day, Month(day), day.Year);

    public string OfShortDay(DateOnly day) => string.Format(CultureInfo.InvariantCulture, ShortDayFormat, Weekdays[(int)day.DayOfWeek], day.Day);

    public string OfTime(DateTimeOffset start) => $"{OfDay(DateOnly.FromDateTime(start.DateTime))} {OfClock(start)}";

    public static string OfClock(DateTimeOffset start) => Text($"{start:HH:mm}–{start.AddMinutes(15):HH:mm}");

    public static string Fill(string format, params object[] values) => string.Format(CultureInfo.InvariantCulture, format, values);

    private string Month(DateOnly day) => Language == "en" ? CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(day.Month) : $"{day.Month}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using CallCenter.Reporting.Kpis;
using CallCenter.Web;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// The digest's language: words, and how numbers and dates are written among them. The words are in <c>DigestResources.resx</c> and
/// <c>DigestResources.zh-CN.resx</c>, under the names they have here.
/// </summary>
public sealed class DigestResources
{
    private static readonly ResourceManager Resources = new(typeof(DigestResources));

    private readonly Language language;

    private DigestResources(Language language) => this.language = language;

    /// <summary>The digest in the language of a tag.</summary>
    public static DigestResources Of(string language) => new(Web.Language.Of(language));

    public string Language => language.Tag;

    public string Title => Word();
    public string Offered => Word();
    public string Answered => Word();
    public string Abandoned => Word();
    public string Open => Word();
    public string Other => Word();
    public string Target => Word();
    public string Met => Word();
    public string Missed => Word();
    public string LastWeek => Word();
    public string ThanLastWeek => Word();
    public string SameAsLastWeek => Word();
    public string Figure => Word();
    public string NoTarget => Word();
    public string Days => Word();
    public string Day => Word();
    public string Queues => Word();
    public string Queue => Word();
    public string Hours => Word();
    public string HoursNote => Word();
    public string Worst => Word();
    public string Best => Word();
    public string When => Word();
    public string WaitedTooLong => Word();
    public string Staff => Word();
    public string StaffNote => Word();
    public string People => Word();
    public string CoachingInsight => Word();
    public string Restated => Word();
    public string NothingRestated => Word();
    public string Was => Word();
    public string Now => Word();
    public string Why => Word();
    public string AllFigures => Word();
    public string Online => Word();
    public string HowCounted => Word();
    public string Footer => Word();
    public string Points => Word();
    public string HourUnit => Word();
    public string Plus => Word();
    public string Colon => Word();
    public string DayFormat => Word();
    public string ShortDayFormat => Word();
    public string DateFormat => Word();
    public string Above => Word();
    public string Below => Word();
    public string OnTarget => Word();
    public string Level => Word();
    public string WorstInsight => Word();
    public string ShortInsight => Word();
    public string DaysAlt => Word();
    public string HoursAlt => Word();
    public string Quiet => Word();
    public string Late => Word();
    public string Corrected => Word();
    public string Semicolon => Word();
    public string None => Word();

    /// <summary>What a KPI is called where room is scarce; in full where that is short enough.</summary>
    public string NameOf(Kpi kpi) => Find($"Kpi.{kpi.Id}") ?? kpi.NameIn(language);

    /// <summary>A KPI's name with what it was measured by, where that is not the usual, or why it has no value.</summary>
    public string NameOf(KpiLine line) =>
        line.Value is null ? $"{NameOf(line.Kpi)} ({Find($"None.{line.Kpi.Id}") ?? None})"
        : line is { Basis: { } basis } && Find($"Basis.{basis}") is { } measured
            ? $"{NameOf(line.Kpi)} ({measured})" : NameOf(line.Kpi);

    /// <summary>What kind of fact changed a figure.</summary>
    public string CauseOf(string kind) => Find($"Cause.{kind}") ?? kind;

    /// <summary>A value in its KPI's unit; a dash when there is none.</summary>
    public string Show(Kpi kpi, decimal? value) => (kpi.Unit, value) switch
    {
        (_, null) => "–",
        ("share", { } share) => Percent(share),
        ("seconds", >= 100 and { } seconds) =>
            $"{(long)Math.Round(seconds, MidpointRounding.AwayFromZero) / 60}:{(long)Math.Round(seconds, MidpointRounding.AwayFromZero) % 60:00}\u00a0min",
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

    public static string Percent(decimal? share) =>
        share is { } value ? Text($"{Math.Round(value * 100, 1, MidpointRounding.AwayFromZero):0.0}\u00a0%") : "–";

    public static string Count(long count) => Text($"{count:#,0}");

    public static string Number(decimal number) => Text($"{number:#,0.0}");

    public string OfDay(DateOnly day) => string.Format(CultureInfo.InvariantCulture, DayFormat, Weekday(day), day.Day, Month(day));

    public string OfDate(DateOnly day) => string.Format(CultureInfo.InvariantCulture, DateFormat, day.Day, Month(day), day.Year);

    public string OfShortDay(DateOnly day) => string.Format(CultureInfo.InvariantCulture, ShortDayFormat, Weekday(day), day.Day);

    public string OfTime(DateTimeOffset start) => $"{OfDay(DateOnly.FromDateTime(start.DateTime))} {OfClock(start)}";

    public static string OfClock(DateTimeOffset start) => Text($"{start:HH:mm}–{start.AddMinutes(15):HH:mm}");

    public static string Fill(string format, params object[] values) => string.Format(CultureInfo.InvariantCulture, format, values);

    private string Weekday(DateOnly day) => Word($"Weekday.{day.DayOfWeek}");

    private string Month(DateOnly day) => language == Web.Language.English
        ? CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(day.Month) : $"{day.Month}";

    private string Word([CallerMemberName] string name = "") => Find(name) ?? throw new MissingManifestResourceException(name);

    private string? Find(string name) => Resources.GetString(name, language.ToCulture());

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

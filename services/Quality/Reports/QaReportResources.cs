using System.Globalization;
using System.Resources;
using CallCenter.Web;

namespace CallCenter.Quality.Reports;

/// <summary>
/// The words of a report in one language, and how numbers and dates are written among them: <c>QaReportResources.resx</c> and
/// <c>QaReportResources.zh-CN.resx</c>.
/// </summary>
internal sealed class QaReportResources(Language language)
{
    private static readonly ResourceManager Resources = new(typeof(QaReportResources));

    public Language Language => language;

    public string this[string name] => Find(name) ?? throw new MissingManifestResourceException(name);

    public string? Find(string name) => Resources.GetString(name, language.ToCulture());

    public string Fill(string name, params object?[] values) => string.Format(CultureInfo.InvariantCulture, this[name], values);

    public string Choose(IReadOnlyDictionary<string, string> titles) => language.Choose(titles);

    public string OfDate(DateOnly day) => Fill("DateFormat", day.Day,
        language == Language.English ? CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(day.Month) : $"{day.Month}", day.Year);

    public static string Number(double? number) => number is { } known ? known.ToString("0.0", CultureInfo.InvariantCulture) : "–";

    public static string Percent(double? share) =>
        share is { } known ? (100 * known).ToString("0.0", CultureInfo.InvariantCulture) + "\u00a0%" : "–";

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}

using CallCenter.Reporting.Projects;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Reporting.Kpis;

/// <param name="From">First local day, as <c>2026-03-02</c>.</param>
/// <param name="To">Last local day.</param>
/// <param name="By">project (default), queue, team or agent.</param>
/// <param name="Interval">quarter, day (default) or week.</param>
/// <param name="Key">Only this queue, team or agent.</param>
/// <param name="Kpi">Codes of KPIs, also with a variant as <c>service-level:v3</c>; repeated; all that fit if none.</param>
public sealed record KpiParameters(Guid Project, string From, string To, string? By, string? Interval, string? Key, string[]? Kpi);

/// <summary>What is asked of <c>GET /kpis/values</c>, understood.</summary>
internal sealed record KpiQuery(
    Guid Project, Period Period, string By, string Interval, string? Key, IReadOnlyList<(Kpi Kpi, KpiVariant Variant)> Kpis)
{
    private static readonly string[] Dimensions = ["project", "queue", "team", "agent"];
    private static readonly string[] Intervals = ["quarter", "day", "week"];

    public static KpiQuery Of(KpiParameters asked)
    {
        var by = OneOf("by", asked.By, Dimensions, "project");

        return new KpiQuery(
            asked.Project, Period.Of(asked.From, asked.To), by, OneOf("interval", asked.Interval, Intervals, "day"), asked.Key,
            asked.Kpi is { Length: > 0 }
                ? [.. asked.Kpi.Select(code => Asked(code, by))]
                : [.. KpiCatalogue.All.Where(kpi => kpi.By.Contains(by)).Select(kpi => (kpi, kpi.Variants[0]))]);
    }

    private static (Kpi, KpiVariant) Asked(string code, string by)
    {
        var (id, variant) = code.Split(':') is [var first, var second] ? (first, second) : (code, null);
        var kpi = KpiCatalogue.Find(id)
            ?? throw new UnreadableException("kpi", $"kpi is one of {string.Join(", ", KpiCatalogue.All.Select(k => k.Id))}.");

        if (!kpi.By.Contains(by))
            throw new InvalidException("by", "not-by-this", $"{kpi.Name} is known by {string.Join(", ", kpi.By)}.");

        return (kpi, variant is null ? kpi.Variants[0] : kpi.Variants.FirstOrDefault(v => v.Id == variant)
            ?? throw new UnreadableException("kpi", $"The variants of {kpi.Id} are {string.Join(", ", kpi.Variants.Select(v => v.Id))}."));
    }

    private static string OneOf(string name, string? value, string[] allowed, string otherwise) =>
        string.IsNullOrEmpty(value) ? otherwise
        : allowed.Contains(value) ? value
        : throw new UnreadableException(name, $"{name} is one of {string.Join(", ", allowed)}.");
}

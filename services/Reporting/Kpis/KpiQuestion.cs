using CallCenter.Web;

namespace CallCenter.Reporting.Kpis;

/// <summary>What is asked of <c>GET /kpis/values</c>.</summary>
/// <param name="Kpis">The KPIs and their variants: <c>kpi=service-level</c> or <c>kpi=service-level:v3</c>, repeated; all that fit if none.</param>
internal sealed record KpiQuestion(
    Guid Project, Period Period, string By, string Interval, string? Key, IReadOnlyList<(Kpi Kpi, KpiVariant Variant)> Kpis)
{
    private static readonly string[] Dimensions = ["project", "queue", "team", "agent"];
    private static readonly string[] Intervals = ["quarter", "day", "week"];

    public static async ValueTask<KpiQuestion> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var by = OneOf("by", query["by"], Dimensions, "project");

        return new KpiQuestion(
            Guid.TryParse(query["project"], out var project) ? project : throw new BadHttpRequestException("project is the id of a project."),
            await Period.BindAsync(context), by, OneOf("interval", query["interval"], Intervals, "day"), query["key"],
            query["kpi"] is { Count: > 0 } asked
                ? [.. asked.Select(code => Asked(code!, by))]
                : [.. KpiCatalogue.All.Where(kpi => kpi.By.Contains(by)).Select(kpi => (kpi, kpi.Variants[0]))]);
    }

    private static (Kpi, KpiVariant) Asked(string code, string by)
    {
        var (id, variant) = code.Split(':') is [var first, var second] ? (first, second) : (code, null);
        var kpi = KpiCatalogue.Find(id)
            ?? throw new BadHttpRequestException($"kpi is one of {string.Join(", ", KpiCatalogue.All.Select(k => k.Id))}.");

        if (!kpi.By.Contains(by))
            throw new InvalidException("/by", "not-by-this", $"{kpi.Name} is known by {string.Join(", ", kpi.By)}.");

        return (kpi, variant is null ? kpi.Variants[0] : kpi.Variants.FirstOrDefault(v => v.Id == variant)
            ?? throw new BadHttpRequestException($"The variants of {kpi.Id} are {string.Join(", ", kpi.Variants.Select(v => v.Id))}."));
    }

    private static string OneOf(string name, string? value, string[] allowed, string otherwise) =>
        string.IsNullOrEmpty(value) ? otherwise
        : allowed.Contains(value) ? value
        : throw new BadHttpRequestException($"{name} is one of {string.Join(", ", allowed)}.");
}

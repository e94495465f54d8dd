using System.Globalization;
using CallCenter.Web;

namespace CallCenter.Reporting.Kpis;

/// <summary>Which contacts <c>GET /reports/calls</c> lists: those that a KPI value was counted from.</summary>
internal sealed record CallQuestion(
    Guid Project, DateTimeOffset From, DateTimeOffset To, string? Queue, string? Team, Guid? Agent, string Kpi, string Condition)
{
    // The denominator's contacts, or the counted ones.
    private static readonly Dictionary<string, string> Conditions = new()
    {
        ["offered"] = "direction <> 'outbound'",
        ["answered"] = "direction <> 'outbound' AND outcome = 'answered'",
        ["abandoned"] = "direction <> 'outbound' AND outcome = 'abandoned'",
        ["open"] = "direction <> 'outbound' AND outcome = 'open'",
        ["other"] = "direction <> 'outbound' AND outcome NOT IN ('answered', 'abandoned', 'open')",
        ["outbound"] = "direction = 'outbound'",
        ["service-level"] = "direction <> 'outbound' AND outcome IN ('answered', 'abandoned')",
        ["abandonment-rate"] = "direction <> 'outbound'",
        ["asa"] = "direction <> 'outbound' AND outcome = 'answered'",
        ["aht"] = "direction <> 'outbound' AND outcome = 'answered'",
        ["talk-time"] = "direction <> 'outbound' AND outcome = 'answered'",
        ["hold-time"] = "direction <> 'outbound' AND outcome = 'answered'",
        ["after-contact-work"] = "direction <> 'outbound' AND outcome = 'answered'",
    };

    public static ValueTask<CallQuestion> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var kpi = query["kpi"] is { Count: > 0 } asked ? asked.ToString() : "offered";

        var question = new CallQuestion(
            Id(query["project"], "project"), Instant(query["from"], "from"), Instant(query["to"], "to"), query["queue"], query["team"],
            string.IsNullOrEmpty(query["agent"]) ? null : Id(query["agent"], "agent"), kpi,
            Conditions.GetValueOrDefault(kpi) ?? throw new BadHttpRequestException($"kpi is one of {string.Join(", ", Conditions.Keys)}."));

        if (question.To <= question.From)
            throw new InvalidException("/to", "period-backwards", "The period ends before it begins.");
        if (question.To - question.From > TimeSpan.FromDays(40))
            throw new InvalidException("/to", "period-too-long", "At most 40 days at a time.");

        return ValueTask.FromResult(question);
    }

    /// <summary>The question whose answer are the contacts behind a value.</summary>
    public static string? Link(Guid project, Kpi kpi, string by, string key, DateTimeOffset from, DateTimeOffset to) =>
        !Conditions.ContainsKey(kpi.Id) ? null
            : $"/reports/calls?project={project}&from={Uri.EscapeDataString(Text(from))}&to={Uri.EscapeDataString(Text(to))}&kpi={kpi.Id}"
                + (by == "project" ? "" : $"&{by}={Uri.EscapeDataString(key)}");

    private static string Text(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static Guid Id(string? text, string name) =>
        Guid.TryParse(text, out var id) ? id : throw new BadHttpRequestException($"{name} is an id.");

    private static DateTimeOffset Instant(string? text, string name) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && instant.Year is >= 1970 and < 2200
                ? instant.ToUniversalTime() : throw new BadHttpRequestException($"{name} is an instant with offset such as 2026-03-02T09:00:00+08:00.");
}

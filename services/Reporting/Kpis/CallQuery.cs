using System.Globalization;
using CallCenter.Rules;
using CallCenter.Web;

namespace CallCenter.Reporting.Kpis;

/// <param name="From">First instant, with offset.</param>
/// <param name="To">First instant after.</param>
/// <param name="Team">Id of the team; <c>none</c> for agents in no team.</param>
/// <param name="Kpi">The KPI whose contacts are meant; offered if none.</param>
public sealed record CallParameters(Guid Project, string From, string To, string? Queue, string? Team, Guid? Agent, string? Kpi);

/// <summary>Which contacts <c>GET /reports/calls</c> lists: those that a KPI value was counted from.</summary>
internal sealed record CallQuery(
    Guid Project, DateTimeOffset From, DateTimeOffset To, string? Queue, string? Team, Guid? Agent, string Condition)
{
    public static CallQuery Of(CallParameters asked)
    {
        var kpi = asked.Kpi ?? "offered";
        var question = new CallQuery(
            asked.Project, Instant(asked.From, "from"), Instant(asked.To, "to"), asked.Queue, asked.Team, asked.Agent,
            KpiCatalogue.Find(kpi)?.Contacts ?? throw new UnreadableException(
                "kpi", $"kpi is one of {string.Join(", ", KpiCatalogue.All.Where(k => k.Contacts is not null).Select(k => k.Id))}."));

        if (question.To <= question.From)
            throw new InvalidException("to", "period-backwards", "The period ends before it begins.");
        if (question.To - question.From > TimeSpan.FromDays(40))
            throw new InvalidException("to", "period-too-long", "At most 40 days at a time.");

        return question;
    }

    /// <summary>The question whose answer are the contacts behind a value.</summary>
    public static string? Link(Guid project, Kpi kpi, string by, string key, DateTimeOffset from, DateTimeOffset to) =>
        kpi.Contacts is null ? null
            : $"/reports/calls?project={project}&from={Uri.EscapeDataString(Text(from))}&to={Uri.EscapeDataString(Text(to))}&kpi={kpi.Id}"
                + (by == "project" ? "" : $"&{by}={Uri.EscapeDataString(key)}");

    private static string Text(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    // A plus sign that nobody escaped has become a blank on the way.
    private static DateTimeOffset Instant(string text, string name) => Json.Read<DateTimeOffset>(name, text.Replace(' ', '+'));
}

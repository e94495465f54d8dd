using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CallCenter.Planning.Rostering;

namespace CallCenter.Scheduling.Rosters;

/// <summary>
/// A roster as one page of HTML: a coloured timeline per agent and day, and below it the required and scheduled staff. No script, no
/// style attribute and nothing from elsewhere, so that the strictest content policy lets it through, from disk too.
/// </summary>
public static class RosterPage
{
    /// <summary>Only the page's own style sheet, known by its hash.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(RosterPageStyle.Css)))}'; base-uri 'none'; form-action 'none'";

    public static string Of(Roster roster, RosterContext context)
    {
        var cover = Coverage.Of(context.Problem, context.Frame.Assignments(roster));
        var title = $"{context.Project.Name}: roster {roster.From:d MMM} – {roster.To:d MMM yyyy}";
        var page = new StringBuilder();

        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <title>{Text(title)}</title>
            <style>{RosterPageStyle.Css}</style>
            </head>
            <body>
            <header>
            <p class="client">{Text(context.Project.Client)}</p>
            <h1>{Text(context.Project.Name)}</h1>
            <p class="sub">Roster {roster.From:d MMMM} – {roster.To:d MMMM yyyy} · {roster.Agents.Count} agents · {Text(Status(roster))} · times in {Text(roster.Zone)}</p>
            </header>
            <main>
            """);

        Summary(page, roster, context, cover);
        Legend(page);
        for (var day = 0; day < roster.Days; day++)
            Day(page, roster, context, cover, day);
        page.Append("</main>\n</body>\n</html>\n");

        return page.ToString();
    }

    internal static string Text(string text) => System.Net.WebUtility.HtmlEncode(text);

    private static string Status(Roster roster) => roster.Status switch
    {
        RosterStatus.Published => $"published (no. {roster.Publication})",
        RosterStatus.Changed => $"changed since publication no. {roster.Publication}",
        _ => "draft",
    };

    private static void Summary(StringBuilder page, Roster roster, RosterContext context, IReadOnlyList<SkillCover> cover)
    {
        page.Append("""<section class="card"><table><thead><tr><th scope="col">Day</th><th scope="col">On shift</th><th scope="col">Leave</th><th scope="col">Needed h</th><th scope="col">Scheduled h</th><th scope="col">Missing h</th><th scope="col">Need met</th></tr></thead><tbody>""");
        for (var day = 0; day < roster.Days; day++)
        {
            var date = roster.From.AddDays(day);
            var totals = DayTotals.Of(roster, context, cover, day);
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr><th scope="row"><a href="#d{date:yyyyMMdd}">{date:ddd d MMM}</a></th><td>{totals.OnShift}</td><td>{totals.OnLeave}</td><td>{totals.Required:0.#}</td><td>{totals.Scheduled:0.#}</td><td{(totals.Missing >= 0.05 ? " class=\"bad\"" : "")}>{totals.Missing:0.#}</td><td>{Meter(totals.Met)}</td></tr>
                """);
        }

        page.Append("</tbody></table></section>\n");
    }

    // A bar as SVG attributes: a width in a style attribute would need a laxer policy.
    private static string Meter(double share) => string.Create(CultureInfo.InvariantCulture,
        $"""<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10" rx="2"/><rect class="{(share >= 0.995 ? "full" : share >= 0.9 ? "near" : "low")}" width="{100 * share:0.#}" height="10" rx="2"/></svg> {100 * Math.Floor(share * 1000) / 1000:0.#} %""");

    private static void Legend(StringBuilder page)
    {
        page.Append("""<nav class="legend" aria-label="Legend">""");
        foreach (var (kind, name) in new[]
        {
            ("early", "Early shift"), ("day", "Day shift"), ("late", "Late shift"), ("night", "Night shift"),
            ("break", "Break"), ("meal", "Meal"), ("training", "Training"), ("leave", "Leave"), ("need", "Required"), ("staff", "Scheduled"), ("gap", "Missing"),
        })
            page.Append(CultureInfo.InvariantCulture, $"""<span><svg viewBox="0 0 14 14" aria-hidden="true"><rect class="{kind}" x="1" y="{(kind == "need" ? 6 : 1)}" width="12" height="{(kind == "need" ? 2.5 : 12)}" rx="2"/></svg>{name}</span>""");
        page.Append("</nav>\n");
    }

    private static void Day(StringBuilder page, Roster roster, RosterContext context, IReadOnlyList<SkillCover> cover, int day)
    {
        var date = roster.From.AddDays(day);
        var totals = DayTotals.Of(roster, context, cover, day);
        var chart = new RosterDayChart(roster, context, cover, day);

        page.Append(CultureInfo.InvariantCulture, $"""
            <section class="card" id="d{date:yyyyMMdd}">
            <h2>{date:dddd d MMMM yyyy}</h2>
            <p class="facts"><b>{totals.OnShift}</b> on shift · <b>{totals.Required:0.#}</b> agent hours needed · <b>{totals.Scheduled:0.#}</b> scheduled · <b{(totals.Missing >= 0.05 ? " class=\"bad\"" : "")}>{totals.Missing:0.#}</b> missing{ClockChange(context, day)}</p>
            {chart.Timeline()}
            {chart.Cover()}
            """);
        if (chart.Off is { Length: > 0 } off)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"off\"><b>Off:</b> {Text(off)}</p>\n");
        page.Append("</section>\n");
    }

    private static string ClockChange(RosterContext context, int day)
    {
        var starts = context.Frame.DayStarts;
        var hours = (starts[day + 1] - starts[day]) / 60.0;
        return hours == 24 ? "" : string.Create(CultureInfo.InvariantCulture, $" · <b class=\"note\">clocks change: this day has {hours:0.#} hours</b>");
    }
}

internal sealed record DayTotals(int OnShift, int OnLeave, double Required, double Scheduled, double Missing)
{
    public double Met => Required > 0 ? 1 - Missing / Required : 1;

    public static DayTotals Of(Roster roster, RosterContext context, IReadOnlyList<SkillCover> cover, int day)
    {
        var date = roster.From.AddDays(day);
        var (first, last) = (context.Frame.DayStarts[day] / 15, context.Frame.DayStarts[day + 1] / 15);
        var intervals = cover.SelectMany(c => Enumerable.Range(first, last - first).Select(t => (Required: c.Required[t], Scheduled: c.Scheduled[t]))).ToList();

        return new(
            roster.Agents.Count(a => a.Value.Any(s => s.Date == date)),
            roster.Agents.Keys.Count(a => context.Leaves[a].Any(l => l.FirstDay <= date && date <= l.LastDay)),
            intervals.Sum(i => i.Required) / 4, intervals.Sum(i => i.Scheduled) / 4, intervals.Sum(i => Math.Max(0, i.Required - i.Scheduled)) / 4);
    }
}

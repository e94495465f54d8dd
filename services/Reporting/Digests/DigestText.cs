using System.Text;
using static CallCenter.Reporting.Digests.DigestResources;

namespace CallCenter.Reporting.Digests;

/// <summary>The plain-text part: the same figures, for those who read mail as text.</summary>
internal static class DigestText
{
    public static string Render(DigestModel model, DigestResources words)
    {
        var text = new StringBuilder();
        var level = words.NameOf(model.Kpi("service-level").Kpi);
        var asa = model.Kpi("asa").Kpi;

        Line(text, $"{words.Title} · {words.OfDate(model.From)} – {words.OfDate(model.To)}", model.Project, "");
        foreach (var insight in model.Insights(words))
            Line(text, insight);

        Heading(text, words.Title);
        foreach (var line in model.Tiles.Concat(model.People))
            Line(text, string.Join("; ", new[]
            {
                $"{words.NameOf(line)}{words.Colon}{words.Show(line.Kpi, line.Value)}",
                line.Met switch { true => words.Met, false => words.Missed, null => null },
                words.TargetOf(line),
                words.ChangeOf(line),
            }.Where(part => part is not null)));

        var v = model.Volume;
        Line(text, "",
            $"{Count(v.Offered)} {words.Offered} = {Count(v.Answered)} {words.Answered} + {Count(v.Abandoned)} {words.Abandoned} + {Count(v.Open)} {words.Open} + {Count(v.Other)} {words.Other}".ToLowerInvariant());
        if (words.ChangeOf(v) is { } change)
            Line(text, change);

        Heading(text, words.Days);
        foreach (var day in model.Days)
            Line(text,
                $"{words.OfDay(day.Day)}{words.Colon}{words.Offered} {Count(day.Offered)}, {words.Answered} {Count(day.Answered)}, {words.Abandoned} {Count(day.Abandoned)}, {level} {Percent(day.ServiceLevel)}");

        if (model.Queues.Count > 0)
            Heading(text, words.Queues);
        foreach (var queue in model.Queues)
            Line(text, $"{queue.Name}{words.Colon}{words.Offered} {Count(queue.Offered)}, {words.Abandoned} {Count(queue.Abandoned)}, "
                + $"{words.NameOf(asa)} {words.Show(asa, queue.Asa)}, {level} {Percent(queue.ServiceLevel)}");

        Intervals(text, words.Worst, model.Worst, words, level, staffed: true);
        Intervals(text, words.Best, model.Best, words, level, staffed: false);

        Heading(text, words.Restated);
        if (model.Restated.Count == 0)
            Line(text, words.NothingRestated);
        foreach (var line in model.Restated.Take(DigestFormatter.RestatedShown))
            Line(text,
                $"{words.About(line)}, {words.NameOf(line.Kpi)}{words.Colon}{words.Was} {words.Show(line.Kpi, line.Old)}, {words.Now} {words.Show(line.Kpi, line.New)} ({words.Causes(line.Causes)})");
        if (model.Restated.Count > DigestFormatter.RestatedShown)
            Line(text, $"+ {Count(model.Restated.Count - DigestFormatter.RestatedShown)} (CSV)");

        Line(text, "", $"{words.Online}{words.Colon}{model.DigestLink}", $"{words.AllFigures}{words.Colon}{model.ValuesLink}");
        Heading(text, words.HowCounted);
        Line(text, model.Footer(words));

        return text.ToString();
    }

    private static void Intervals(
        StringBuilder text, string title, IReadOnlyList<IntervalLine> lines, DigestResources words, string level, bool staffed)
    {
        if (lines.Count > 0)
            Heading(text, title);
        foreach (var line in lines)
            Line(text, $"{words.OfTime(line.Start)}{words.Colon}{words.Offered} {Count(line.Offered)}, "
                + $"{words.WaitedTooLong} {Count(line.Missed)}, {level} {Percent(line.ServiceLevel)}"
                + (staffed && line.Required is not null ? $", {words.Staff} {DigestResources.StaffOf(line)}" : ""));
    }

    private static void Heading(StringBuilder text, string title) => Line(text, "", title.ToUpperInvariant(), new string('-', 40));

    private static void Line(StringBuilder text, params string[] lines) => text.AppendJoin("\r\n", lines).Append("\r\n");
}

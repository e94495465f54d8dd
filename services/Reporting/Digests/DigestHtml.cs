using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using static CallCenter.Reporting.Digests.DigestWords;

namespace CallCenter.Reporting.Digests;

/// <summary>The HTML part: tables and inline styles for mail clients, classes for the dark scheme and small screens.</summary>
internal static class DigestHtml
{
    private const string Style = """
        :root{color-scheme:light dark;supported-color-schemes:light dark}
        a{text-decoration:none}
        @media (max-width:480px){.pad{padding-left:16px!important;padding-right:16px!important}.big{font-size:22px!important;line-height:28px!important}
        .num td,.num th{padding-left:6px!important;padding-right:0!important;font-size:12px!important}.num th{font-size:11px!important}.num td:first-child,.num th:first-child{padding-left:0!important}.box{width:50%!important}.outer{padding:0!important}.shell{border-radius:0!important}}
        @media (prefers-color-scheme:dark){.page{background:#0d1117!important}.card{background:#161b22!important}.ink{color:#e6edf3!important}.mute{color:#9aa7b4!important}
        .line{border-color:#2d3540!important}.tile{background:#1d242d!important}.head{background:#0b2236!important}.good{color:#5fd6a8!important}.bad{color:#ff938a!important}
        .goodbar{background:#2ea77b!important}.badbar{background:#e0625a!important}.bar{background:#2d3540!important}.link{color:#79b8ff!important}.zero{color:#6e7a87!important}}
        """;

    private const string Font = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue','PingFang SC','Microsoft YaHei','Noto Sans SC',Arial,sans-serif";

    public static string Render(DigestModel model, DigestWords words, string daysImage, string hoursImage)
    {
        var body = new StringBuilder();
        Head(body, model, words);
        Tiles(body, model, words);
        Days(body, model, words, daysImage);
        Queues(body, model, words);
        Hours(body, model, words, hoursImage);
        Intervals(body, words.Worst, model.Worst, words, staffed: true);
        Intervals(body, words.Best, model.Best, words, staffed: false);
        People(body, model, words);
        Restated(body, model, words);
        Foot(body, model, words);

        return $"""
            <!DOCTYPE html>
            <html lang="{words.Language}" xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>{Safe(model.Subject(words))}</title><style>{Style}</style></head>
            <body class="page" style="margin:0;padding:0;background:#eef1f5;-webkit-text-size-adjust:100%"><div style="display:none;max-height:0;overflow:hidden">{Safe(string.Join(' ', model.Insights(words)))}</div>
            <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#eef1f5;{Font}"><tr><td class="outer" align="center" style="padding:24px 8px">
            <table role="presentation" class="card shell" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:12px;overflow:hidden;text-align:left">
            {body}</table></td></tr></table></body></html>
            """;
    }

    private static void Head(StringBuilder body, DigestModel model, DigestWords words)
    {
        var (first, rest) = (model.Insights(words)[0], model.Insights(words).Skip(1));
        body.Append(CultureInfo.InvariantCulture, $"""
            <tr><td class="head pad" style="background:#0f2f4a;padding:28px 32px 26px">
            <div style="font-size:12px;letter-spacing:.06em;color:#9fc3e0;font-weight:600">{Safe(words.Title)} · {Safe(words.OfDate(model.From))} – {Safe(words.OfDate(model.To))}</div>
            <h1 style="margin:6px 0 14px;font-size:16px;line-height:22px;font-weight:600;color:#ffffff">{Safe(model.Project)}</h1>
            <p class="big" style="margin:0;font-size:26px;line-height:33px;font-weight:700;color:#ffffff">{Safe(first)}</p>
            """);
        foreach (var insight in rest)
            body.Append(CultureInfo.InvariantCulture, $"""<p style="margin:10px 0 0;font-size:15px;line-height:22px;color:#d5e4f0">{Safe(insight)}</p>""");
        body.Append("</td></tr>\n");
    }

    // Tiles flow: three in a row where there is room, two on a telephone, without a media query.
    private static void Tiles(StringBuilder body, DigestModel model, DigestWords words)
    {
        body.Append("""<tr><td class="pad" style="padding:24px 24px 4px;font-size:0">""");
        foreach (var line in model.Tiles)
            body.Append(CultureInfo.InvariantCulture, $"""
                <div class="box" style="display:inline-block;vertical-align:top;width:33.33%;min-width:136px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding:4px">
                <table role="presentation" class="tile" width="100%" cellpadding="0" cellspacing="0" style="background:#f5f7fa;border-radius:8px"><tr><td style="padding:12px 12px 13px;height:94px;vertical-align:top">
                <div class="mute" style="font-size:12px;line-height:16px;color:#596675">{Safe(words.NameOf(line.Kpi))}</div>
                <div class="ink" style="font-size:23px;line-height:30px;font-weight:700;color:#17202b">{Safe(words.Show(line.Kpi, line.Value))}</div>
                {Verdict(line, words)}{Change(line, words)}</td></tr></table></td></tr></table></div>
                """);
        body.Append("</td></tr>\n");

        var v = model.Volume;
        var before = words.ChangeOf(v) is { } change ? $" ({change})" : "";
        body.Append(CultureInfo.InvariantCulture, $"""
            <tr><td class="pad" style="padding:10px 32px 6px"><p class="mute" style="margin:0;font-size:13px;line-height:20px;color:#596675"><b class="ink" style="color:#17202b">{Count(v.Offered)} {Lower(words.Offered)}</b>{Safe(before)}
            = {Count(v.Answered)} {Lower(words.Answered)} + {Count(v.Abandoned)} {Lower(words.Abandoned)} + {Count(v.Open)} {Lower(words.Open)} + {Count(v.Other)} {Lower(words.Other)}</p></td></tr>

            """);
    }

    private static string Verdict(KpiLine line, DigestWords words)
    {
        var (style, mark) = line.Met switch
        {
            true => ("class=\"good\" style=\"color:#0f7a55;font-weight:600\"", $"✓ {words.Met} · "),
            false => ("class=\"bad\" style=\"color:#b3261e;font-weight:600\"", $"✕ {words.Missed} · "),
            null => ("class=\"mute\" style=\"color:#596675\"", ""),
        };

        return $"""<div style="font-size:12px;line-height:17px"><span {style}>{Safe(mark + words.TargetOf(line))}</span></div>""";
    }

    private static string Change(KpiLine line, DigestWords words)
    {
        var style = line.Better switch
        {
            true => "class=\"good\" style=\"color:#0f7a55\"",
            false => "class=\"bad\" style=\"color:#b3261e\"",
            null => "class=\"mute\" style=\"color:#596675\"",
        };

        return words.ChangeOf(line) is { } change ? $"""<div style="font-size:12px;line-height:17px"><span {style}>{Safe(change)}</span></div>""" : "";
    }

    private static void Days(StringBuilder body, DigestModel model, DigestWords words, string image)
    {
        Section(body, words.Days, model.DaysAlt(words), image,
            Legend(("#a9bdd3", words.Offered), ("#3d7fc4", words.Answered), ("#d98324", words.NameOf(model.Kpi("service-level").Kpi))));
        Table(body, [words.Day, words.Offered, words.Answered, words.Abandoned, words.NameOf(model.Kpi("service-level").Kpi)], model.Days.Select(day =>
            new[] { Text(words.OfShortDay(day.Day)), Number(day.Offered), Number(day.Answered), Number(day.Abandoned), Level(day.ServiceLevel, model) }));
    }

    private static void Queues(StringBuilder body, DigestModel model, DigestWords words)
    {
        if (model.Queues.Count == 0)
            return;

        Section(body, words.Queues);
        Table(body, [words.Queue, words.Offered, words.Abandoned, words.NameOf(model.Kpi("asa").Kpi), words.NameOf(model.Kpi("service-level").Kpi)], model.Queues.Select(queue =>
            new[] { Text(queue.Name), Number(queue.Offered), Number(queue.Abandoned), Text(words.Show(model.Kpi("asa").Kpi, queue.Asa)), Level(queue.ServiceLevel, model) }));
    }

    private static void Hours(StringBuilder body, DigestModel model, DigestWords words, string image)
    {
        if (model.Hours.Count > 0)
            Section(body, words.Hours, model.HoursAlt(words), image, $"""<span class="mute" style="font-size:12px;color:#596675">{Safe(words.HoursNote)}</span>""");
    }

    private static void Intervals(StringBuilder body, string title, IReadOnlyList<IntervalLine> lines, DigestWords words, bool staffed)
    {
        if (lines.Count == 0)
            return;

        Section(body, title);
        var withStaff = staffed && lines.Any(line => line.Required is not null);
        string[] last = withStaff ? [words.Staff] : [];
        Table(body, [words.When, words.Offered, words.WaitedTooLong, words.Kpis["service-level"], .. last], lines.Select(line => new[]
        {
            When(line, words), Number(line.Offered), Number(line.Missed), Text(Percent(line.ServiceLevel)),
        }.Concat(withStaff ? [Text(DigestWords.StaffOf(line))] : []).ToArray()));
        if (withStaff)
            Note(body, words.StaffNote);
    }

    private static void People(StringBuilder body, DigestModel model, DigestWords words)
    {
        var scored = model.ScoredSoFar(words);
        if (model.People.Count == 0 && scored is null)
            return;

        Section(body, words.People);
        if (scored is not null)
            Note(body, scored);
        if (model.People.Count == 0)
            return;

        Table(body, [words.Figure, words.Now, words.Target, words.LastWeek], model.People.Select(line => new[]
        {
            Text(words.NameOf(line.Kpi)), $"""<b>{Safe(words.Show(line.Kpi, line.Value))}</b>""", Text(line.Target is null ? "–" : words.Show(line.Kpi, line.Target)),
            Text(line.Change is { } change ? words.Difference(line.Kpi, change) : "–"),
        }));
    }

    private static void Restated(StringBuilder body, DigestModel model, DigestWords words)
    {
        Section(body, words.Restated);
        if (model.Restated.Count == 0)
        {
            Note(body, words.NothingRestated);
            return;
        }

        Table(body, [words.When, words.Figure, words.Was, words.Now], model.Restated.Take(DigestPhrases.RestatedShown).Select(line => new[]
        {
            Text(words.About(line)), Text(words.NameOf(line.Kpi)), Text(words.Show(line.Kpi, line.Old)), $"""<b>{Safe(words.Show(line.Kpi, line.New))}</b>""",
        }));
        foreach (var causes in model.Restated.Select(line => words.Causes(line.Causes)).Distinct())
            Note(body, $"{words.Why}{words.Colon}{causes}");
        if (model.Restated.Count > DigestPhrases.RestatedShown)
            Note(body, $"+ {Count(model.Restated.Count - DigestPhrases.RestatedShown)} (CSV)");
    }

    private static void Foot(StringBuilder body, DigestModel model, DigestWords words) => body.Append(CultureInfo.InvariantCulture, $"""
        <tr><td class="pad line" style="padding:26px 32px 8px">
        <a href="{Safe(model.DigestLink)}" style="display:inline-block;background:#1a66c2;border-radius:6px;padding:9px 16px;margin:0 14px 8px 0;font-size:14px;line-height:20px;font-weight:600;color:#ffffff">{Safe(words.Online)}</a>
        <a class="link" href="{Safe(model.ValuesLink)}" style="display:inline-block;padding:9px 0;font-size:14px;line-height:20px;font-weight:600;color:#1a66c2">{Safe(words.AllFigures)}</a></td></tr>
        <tr><td class="pad" style="padding:8px 32px 30px"><p class="mute" style="margin:0;font-size:12px;line-height:18px;color:#596675"><b>{Safe(words.HowCounted)}</b><br>{Safe(model.Footer(words))}</p></td></tr>

        """);

    private static void Section(StringBuilder body, string title, string? alt = null, string? image = null, string legend = "")
    {
        body.Append(CultureInfo.InvariantCulture, $"""<tr><td class="pad" style="padding:26px 32px 8px"><h2 class="ink" style="margin:0;font-size:16px;line-height:22px;font-weight:700;color:#17202b">{Safe(title)}</h2>""");
        if (image is not null)
            body.Append(CultureInfo.InvariantCulture, $"""<div style="padding:4px 0 6px">{legend}</div><img src="{image}" width="536" alt="{Safe(alt!)}" style="display:block;width:100%;max-width:536px;height:auto;border:0">""");
        body.Append("</td></tr>\n");
    }

    private static string Legend(params (string Color, string Name)[] entries) => string.Concat(entries.Select(entry =>
        $"""<span class="mute" style="font-size:12px;line-height:18px;color:#596675;white-space:nowrap"><span style="display:inline-block;width:10px;height:10px;border-radius:3px;background:{entry.Color}"></span>&nbsp;{Safe(entry.Name)}&nbsp;&nbsp; </span>"""));

    private static void Table(StringBuilder body, string[] head, IEnumerable<string[]> rows)
    {
        body.Append("""<tr><td class="pad" style="padding:0 32px"><table role="presentation" class="num" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><tr>""");
        for (var column = 0; column < head.Length; column++)
            body.Append(CultureInfo.InvariantCulture, $"""<th class="mute line" style="padding:6px {(column == 0 ? "8px 6px 0" : "0 6px 8px")};border-bottom:1px solid #dfe5ec;font-size:12px;line-height:16px;font-weight:600;text-align:{(column == 0 ? "left" : "right")};color:#596675">{Safe(Capital(head[column]))}</th>""");
        body.Append("</tr>");
        foreach (var row in rows)
        {
            body.Append("<tr>");
            for (var column = 0; column < row.Length; column++)
                body.Append(CultureInfo.InvariantCulture, $"""<td class="ink line" style="padding:8px {(column == 0 ? "8px 8px 0" : "0 8px 8px")};border-bottom:1px solid #eef1f5;font-size:13px;line-height:18px;text-align:{(column == 0 ? "left" : "right;white-space:nowrap")};color:#17202b">{row[column]}</td>""");
            body.Append("</tr>\n");
        }
        body.Append("</table></td></tr>\n");
    }

    private static void Note(StringBuilder body, string text) => body.Append(CultureInfo.InvariantCulture,
        $"""<tr><td class="pad" style="padding:6px 32px 0"><p class="mute" style="margin:0;font-size:12px;line-height:18px;color:#596675">{Safe(text)}</p></td></tr>""").Append('\n');

    private static string Level(decimal? level, DigestModel model) => (level, model.Kpi("service-level").Target) switch
    {
        ({ } value, { } target) => $"""<b class="{(value >= target ? "good" : "bad")}" style="color:{(value >= target ? "#0f7a55" : "#b3261e")}">{Percent(value)}</b>""",
        _ => $"<b>{Percent(level)}</b>",
    };

    private static string Number(long number) => number == 0 ? "<span class=\"zero\" style=\"color:#8a95a3\">0</span>" : Count(number);

    private static string When(IntervalLine line, DigestWords words) => $"""
        <span style="white-space:nowrap">{Safe(words.OfDay(DateOnly.FromDateTime(line.Start.DateTime)))}</span> <span style="white-space:nowrap">{Safe(OfClock(line.Start))}</span>
        """;

    private static string Text(string text) => Safe(text);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Lower(string text) => Safe(text.ToLowerInvariant());

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}

using System.Globalization;
using System.Text;
using CallCenter.Reporting.Kpis;
using CallCenter.Web;
using MimeKit;
using MimeKit.Utils;
using RazorSlices;

namespace CallCenter.Reporting.Digests;

/// <summary>A digest as a mail: HTML with its pictures, the same figures as text, and as CSV.</summary>
internal static class DigestMail
{
    public static async Task<MimeMessage> Compose(
        DigestModel model, DigestResources words, string messageId, MailboxAddress from, MailboxAddress to, DateTimeOffset date)
    {
        var domain = messageId[(messageId.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var (days, hours) = ($"days.{model.DigestId:N}@{domain}", $"hours.{model.DigestId:N}@{domain}");
        var body = new BodyBuilder
        {
            TextBody = DigestText.Render(model, words),
            HtmlBody = await DigestPage.Create(new DigestPageModel(model, words, $"cid:{days}", $"cid:{hours}")).RenderAsync(Html.Encoder),
        };

        Picture(body, "days.png", days, DigestCharts.Days(model));
        if (model.Hours.Count > 0)
            Picture(body, "hours.png", hours, DigestCharts.Hours(model));
        body.Attachments.Add($"digest-{model.From:yyyy-MM-dd}.csv", Encoding.UTF8.GetBytes(Csv(model).ToString()),
            new ContentType("text", "csv") { Charset = "utf-8" });

        var mail = new MimeMessage { MessageId = messageId, Subject = model.Subject(words), Date = date, Body = body.ToMessageBody() };
        mail.From.Add(from);
        mail.To.Add(to);
        mail.Headers.Add("List-Id", $"<weekly-digest.{model.ProjectId:N}.{domain}>");
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");

        Settle(mail);
        return mail;
    }

    /// <summary>Seven bits and short lines: no server on the way has a reason to change a byte.</summary>
    public static void Settle(MimeMessage mail) => mail.Prepare(EncodingConstraint.SevenBit);

    public static byte[] Bytes(MimeMessage mail)
    {
        using var stream = new MemoryStream();
        mail.WriteTo(Format, stream);
        return stream.ToArray();
    }

    /// <summary>A stored mail's HTML part as a page of its own: the pictures travel inside it.</summary>
    public static async Task<string> PageOf(byte[] bytes, CancellationToken cancellation)
    {
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(bytes), cancellation);
        var html = mail.HtmlBody ?? "";

        foreach (var picture in mail.BodyParts.OfType<MimePart>().Where(part => part is { ContentId: not null, Content: not null }))
        {
            using var content = new MemoryStream();
            await picture.Content!.DecodeToAsync(content, cancellation);
            html = html.Replace($"cid:{picture.ContentId}",
                $"data:{picture.ContentType.MimeType};base64,{Convert.ToBase64String(content.ToArray())}", StringComparison.Ordinal);
        }

        return html;
    }

    public static FormatOptions Format { get; } = Options();

    private static FormatOptions Options()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }

    public static Table Csv(DigestModel model)
    {
        var table = new Table("section", "name", "kpi", "unit", "value", "target", "week_before");
        foreach (var line in model.Kpis)
            table.Add("week", model.Project, line.Kpi.Id, line.Kpi.Unit, line.Value, line.Target, line.Before);
        foreach (var told in model.Told().Skip(model.Kpis.Count))
            table.Add(told.Scope.StartsWith("queue:", StringComparison.Ordinal) ? "queue" : told.Scope == "week" ? "week" : "day",
                told.Scope == "week" ? model.Project : told.Scope.Replace("queue:", "", StringComparison.Ordinal), told.Kpi,
                KpiCatalogue.Get(told.Kpi).Unit, told.Value, null, null);
        foreach (var (section, lines) in new[] { ("worst", model.Worst), ("best", model.Best) })
            foreach (var line in lines)
                table.Add(section, line.Start.ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture), "service-level", "share",
                    line.ServiceLevel, null, null);
        foreach (var line in model.Restated)
            table.Add("restated", $"{line.Week:yyyy-MM-dd} {line.Scope}", line.Kpi.Id, line.Kpi.Unit, line.New, null, line.Old);

        return table;
    }

    private static void Picture(BodyBuilder body, string name, string contentId, byte[] png)
    {
        var part = body.LinkedResources.Add(name, png, new ContentType("image", "png"));
        part.ContentId = contentId;
        part.ContentDisposition = new ContentDisposition(ContentDisposition.Inline) { FileName = name };
    }
}

using System.Text;
using CallCenter.Contracts.Quality;
using CallCenter.Reporting.Digests;
using CallCenter.Web;
using MimeKit;

namespace CallCenter.Reporting.QaLetters;

/// <summary>A quality report as a mail: what Quality wrote, with the names of people as they are now.</summary>
internal static class QaLetterMail
{
    public static MimeMessage Compose(
        QaReportV1 report, string language, IReadOnlyDictionary<Guid, string> names, string messageId, MailboxAddress from,
            MailboxAddress to,
        DateTimeOffset date)
    {
        var letter = report.Letters.FirstOrDefault(one => one.Language == language) ?? report.Letters[0];
        var body = new BodyBuilder { TextBody = PersonNames.FillText(letter.Text, names),
            HtmlBody = PersonNames.FillHtml(letter.Html, names) };
        body.Attachments.Add($"quality-{report.Period}-{report.From:yyyy-MM-dd}.csv",
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(PersonNames.FillCsv(report.Csv, names))],
            new ContentType("text", "csv") { Charset = "utf-8" });

        var mail = new MimeMessage { MessageId = messageId, Subject = letter.Subject, Date = date, Body = body.ToMessageBody() };
        mail.From.Add(from);
        mail.To.Add(to);
        mail.Headers.Add("List-Id", $"<quality-report.{report.ProjectId:N}.{messageId[(messageId.IndexOf('@', StringComparison.Ordinal) + 1)..]}>");
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        DigestMail.Settle(mail);
        return mail;
    }

    /// <summary>All whom a report names.</summary>
    public static IReadOnlySet<Guid> People(QaReportV1 report) =>
        report.Letters.SelectMany(letter => PersonNames.In(letter.Html)).Concat(PersonNames.In(report.Csv)).ToHashSet();
}

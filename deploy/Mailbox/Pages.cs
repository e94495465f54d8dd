using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using MimeKit;

namespace CallCenter.Mailbox;

/// <summary>The mails on a page: a list, and each one as HTML, as text and as the bytes that came.</summary>
internal static class Pages
{
    private const string Style = """
        :root{color-scheme:light dark}body{margin:0;font:15px/1.5 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;background:light-dark(#eef1f5,#0d1117);color:light-dark(#17202b,#e6edf3)}
        header{padding:18px 24px;background:#0f2f4a;color:#fff}header a{color:#9fc3e0}h1{margin:0;font-size:18px}main{max-width:860px;margin:24px auto;padding:0 16px}
        .mail{display:block;padding:14px 18px;margin:0 0 10px;border-radius:10px;background:light-dark(#fff,#161b22);color:inherit;text-decoration:none}.mail:hover{outline:2px solid #3d7fc4}
        .mail b{display:block}small{color:light-dark(#596675,#9aa7b4)}iframe{width:100%;height:3100px;border:0;border-radius:10px;background:light-dark(#eef1f5,#0d1117)}
        pre{white-space:pre-wrap;padding:18px;border-radius:10px;background:light-dark(#fff,#161b22)}nav a{margin-right:16px;color:light-dark(#1a66c2,#79b8ff)}
        """;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapPages()
        {
            routes.MapGet("/", (MailFolder folder) => Html(Frame("Mailbox", List(folder.List()))));
            routes.MapGet("/mails", (MailFolder folder) => folder.List());
            routes.MapGet("/mails/{name}", (string name, MailFolder folder) => With(folder, name, mail => Html(Frame(mail.Subject ?? "", Mail(name, mail)))));
            routes.MapGet("/mails/{name}/html", (string name, MailFolder folder, HttpResponse response) => With(folder, name, mail =>
            {
                // The mail is somebody else's page: it may show itself and do nothing.
                response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox allow-popups";
                return Html(WithPictures(mail));
            }));
            routes.MapGet("/mails/{name}/text", (string name, MailFolder folder) => With(folder, name, mail => Results.Text(mail.TextBody ?? "", "text/plain; charset=utf-8")));
            routes.MapGet("/mails/{name}/attachments/{nth:int}", (string name, int nth, MailFolder folder) => With(folder, name, mail => Attachment(mail, nth)));
            routes.MapGet("/mails/{name}/source", (string name, MailFolder folder) =>
                folder.Find(name) is { } file ? Results.File(file, "message/rfc822", $"{name}.eml") : Results.NotFound());
        }
    }

    private static IResult With(MailFolder folder, string name, Func<MimeMessage, IResult> show) =>
        folder.Find(name) is { } file ? show(MimeMessage.Load(file)) : Results.NotFound();

    private static IResult Html(string html) => Results.Text(html, "text/html; charset=utf-8");

    private static string Frame(string title, string main) =>
        $"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{Safe(title)}</title><style>{Style}</style></head><body><header><h1><a href="/" style="text-decoration:none">Mailbox</a></h1></header><main>{main}</main></body></html>""";

    private static string List(IReadOnlyList<KeptMail> mails) => mails.Count == 0 ? "<p>No mail yet.</p>" : string.Concat(mails.Select(mail =>
        $"""<a class="mail" href="/mails/{mail.Name}"><b>{Safe(mail.Subject)}</b><small>{Safe(mail.To)} · {mail.Date:yyyy-MM-dd HH:mm zzz} · {mail.Bytes / 1024} KB</small></a>"""));

    private static string Mail(string name, MimeMessage mail)
    {
        var page = new StringBuilder($"""<h2>{Safe(mail.Subject ?? "")}</h2><p><small>{Safe(mail.From.ToString())} → {Safe(mail.To.ToString())} · {mail.Date:yyyy-MM-dd HH:mm zzz} · {Safe(mail.MessageId ?? "")}</small></p><nav>""");
        foreach (var (attachment, nth) in mail.Attachments.OfType<MimePart>().Select((part, nth) => (part, nth)))
            page.Append(CultureInfo.InvariantCulture, $"""<a href="/mails/{name}/attachments/{nth}">{Safe(attachment.FileName ?? "attachment")}</a>""");
        page.Append(CultureInfo.InvariantCulture, $"""<a href="/mails/{name}/text">Text part</a><a href="/mails/{name}/source">Source</a></nav><br>""");
        page.Append(mail.HtmlBody is null ? $"<pre>{Safe(mail.TextBody ?? "")}</pre>" : $"""<iframe src="/mails/{name}/html" sandbox="allow-popups" title="{Safe(mail.Subject ?? "")}"></iframe>""");

        return page.ToString();
    }

    private static string WithPictures(MimeMessage mail)
    {
        var html = mail.HtmlBody ?? "";
        foreach (var picture in mail.BodyParts.OfType<MimePart>().Where(part => part is { ContentId: not null, Content: not null }))
            html = html.Replace($"cid:{picture.ContentId}", $"data:{picture.ContentType.MimeType};base64,{Convert.ToBase64String(Content(picture))}", StringComparison.Ordinal);

        return html;
    }

    private static IResult Attachment(MimeMessage mail, int nth) => mail.Attachments.OfType<MimePart>().ElementAtOrDefault(nth) is { } part
        ? Results.File(Content(part), part.ContentType.MimeType, part.FileName)
        : Results.NotFound();

    private static byte[] Content(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        return content.ToArray();
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}

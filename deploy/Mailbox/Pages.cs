using MimeKit;
using RazorSlices;

namespace CallCenter.Mailbox;

/// <param name="Name">Of its file.</param>
public sealed record ShownMail(string Name, MimeMessage Message)
{
    public IEnumerable<(string Name, int Nth)> Attachments =>
        Message.Attachments.OfType<MimePart>().Select((part, nth) => (part.FileName ?? "attachment", nth));
}

/// <summary>The mails on a page: a list, and each one as HTML, as text and as the bytes that came.</summary>
internal static class Pages
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPages()
        {
            routes.MapGet("/", (MailFolder folder) => Page(MailList.Create(folder.List())));
            routes.MapGet("/mails", (MailFolder folder) => folder.List());
            routes.MapGet("/mails/{name}", (string name, MailFolder folder) =>
                With(folder, name, mail => Page(MailPage.Create(new ShownMail(name, mail)))));
            routes.MapGet("/mails/{name}/html", (string name, MailFolder folder, HttpResponse response) => With(folder, name, mail =>
            {
                // The mail is somebody else's page: it may show itself and do nothing.
                response.Headers.ContentSecurityPolicy =
                    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox allow-popups";
                return Results.Text(WithPictures(mail), "text/html; charset=utf-8");
            }));
            routes.MapGet("/mails/{name}/text", (string name, MailFolder folder) =>
                With(folder, name, mail => Results.Text(mail.TextBody ?? "", "text/plain; charset=utf-8")));
            routes.MapGet("/mails/{name}/attachments/{nth:int}", (string name, int nth, MailFolder folder) =>
                With(folder, name, mail => Attachment(mail, nth)));
            routes.MapGet("/mails/{name}/source", (string name, MailFolder folder) =>
                folder.Find(name) is { } file ? Results.File(file, "message/rfc822", $"{name}.eml") : Results.NotFound());
        }
    }

    private static IResult With(MailFolder folder, string name, Func<MimeMessage, IResult> show) =>
        folder.Find(name) is { } file ? show(MimeMessage.Load(file)) : Results.NotFound();

    private static IResult Page(RazorSlices.RazorSlice page) =>
        Results.Stream(async stream => await page.RenderAsync(stream), "text/html; charset=utf-8");

    private static string WithPictures(MimeMessage mail)
    {
        var html = mail.HtmlBody ?? "";
        foreach (var picture in mail.BodyParts.OfType<MimePart>().Where(part => part is { ContentId: not null, Content: not null }))
            html = html.Replace($"cid:{picture.ContentId}",
                $"data:{picture.ContentType.MimeType};base64,{Convert.ToBase64String(Content(picture))}", StringComparison.Ordinal);

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
}

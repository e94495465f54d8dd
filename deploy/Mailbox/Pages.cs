using System.Net;
using System.Text;
using MimeKit;

namespace CallCenter.Mailbox;

/// <summary>The letters to look at: a list, each one as its reader would see it, its text part, its attachments.</summary>
internal static class Pages
{
    private const string Style = """
        <style>
          body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1f2933; background: #f6f7f9 }
          a { color: #0b63b0; text-decoration: none } a:hover { text-decoration: underline }
          h1 { font-size: 1.3rem } iframe { width: 100%; height: 75vh; border: 1px solid #d5dae1; background: #fff; border-radius: 6px }
          li { list-style: none; background: #fff; border: 1px solid #e1e5ea; border-radius: 6px; padding: .7rem 1rem; margin: .5rem 0 }
          ul { padding: 0 } small { color: #66727f; display: block } pre { background: #fff; padding: 1rem; border: 1px solid #d5dae1; overflow: auto }
        </style>
        """;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapPages()
        {
            routes.MapGet("/", (Letters letters) => Page("Mailbox", List(letters)));
            routes.MapGet("/letters/{name}", (string name, Letters letters) => letters.Find(name) is { } letter ? Page(letter.Subject ?? "", One(name, letter)) : Results.NotFound());
            routes.MapGet("/letters/{name}/html", (string name, Letters letters) => letters.Find(name) is { HtmlBody: not null } letter ? Html(letter) : Results.NotFound());
            routes.MapGet("/letters/{name}/text", (string name, Letters letters) => letters.Find(name) is { TextBody: { } text } ? Results.Text(text, "text/plain", Encoding.UTF8) : Results.NotFound());
            routes.MapGet("/letters/{name}/files/{index:int}", (string name, int index, Letters letters) =>
                letters.Find(name)?.Attachments.OfType<MimePart>().ElementAtOrDefault(index) is { } file ? File(file) : Results.NotFound());
        }
    }

    private static string List(Letters letters)
    {
        var all = letters.All();
        return all.Count == 0 ? "<p>No letter yet.</p>" : $"<ul>{string.Concat(all.Select(l =>
            $"<li><a href='/letters/{l.Name}'>{Text(l.Letter.Subject)}</a><small>{Text(l.Letter.To.ToString())} · {l.Letter.Date:yyyy-MM-dd HH:mm zzz}</small></li>"))}</ul>";
    }

    private static string One(string name, MimeMessage letter) =>
        $"<p><a href='/'>All letters</a></p><small>From {Text(letter.From.ToString())} to {Text(letter.To.ToString())}, {letter.Date:yyyy-MM-dd HH:mm zzz}</small>" +
        $"<p><a href='/letters/{name}/html'>HTML part</a> · <a href='/letters/{name}/text'>text part</a>" +
        string.Concat(letter.Attachments.OfType<MimePart>().Select((file, i) => $" · <a href='/letters/{name}/files/{i}'>{Text(file.FileName)}</a>")) +
        $"</p><iframe sandbox src='/letters/{name}/html' title='the letter'></iframe>";

    // A mail program shows inline images from the letter itself; a browser needs them spelled out.
    private static IResult Html(MimeMessage letter)
    {
        var html = letter.HtmlBody!;
        foreach (var image in letter.BodyParts.OfType<MimePart>().Where(p => p.ContentId is not null && p.Content is not null))
        {
            using var content = new MemoryStream();
            image.Content!.DecodeTo(content);
            html = html.Replace($"cid:{image.ContentId}", $"data:{image.ContentType.MimeType};base64,{Convert.ToBase64String(content.ToArray())}", StringComparison.Ordinal);
        }

        return Results.Content(html, "text/html; charset=utf-8");
    }

    private static IResult File(MimePart file)
    {
        var content = new MemoryStream();
        file.Content!.DecodeTo(content);
        content.Position = 0;
        return Results.File(content, file.ContentType.MimeType, file.FileName);
    }

    private static IResult Page(string title, string body) => Results.Content(
        $"<!doctype html><html lang='en'><meta charset='utf-8'><title>{Text(title)}</title>{Style}<h1>{Text(title)}</h1>{body}</html>", "text/html; charset=utf-8");

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}

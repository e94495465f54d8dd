using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace CallCenter.Mailbox;

/// <summary>A mail that was kept.</summary>
/// <param name="Name">Name of its file, without the ending.</param>
public sealed record KeptMail(string Name, string From, string To, string Subject, DateTimeOffset Date, long Bytes);

/// <summary>Mails as files: <c>.eml</c> and its bytes are what was sent. The same mail to the same recipient is one file.</summary>
internal sealed class MailFolder(IConfiguration configuration)
{
    private readonly string folder = Directory.CreateDirectory(
        configuration["Mail:Folder"] ?? "mail").FullName;

    private readonly ConcurrentDictionary<string, KeptMail> known = new();

    /// <summary>Returns when the mail is on disk, or already was.</summary>
    public async Task Keep(byte[] mail, string recipient, CancellationToken cancellation)
    {
        var target = Path.Combine(folder, NameOf(mail, recipient) + ".eml");
        if (File.Exists(target))
            return; // whoever did not hear our 250 sends it again

        var half = $"{target}.{Guid.CreateVersion7():N}.part";
        await using (var file = new FileStream(half, FileMode.CreateNew, FileAccess.Write))
        {
            await file.WriteAsync(mail, cancellation);
            file.Flush(flushToDisk: true);
        }
        File.Move(half, target, overwrite: true);
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<KeptMail> List() =>
        [.. Directory.EnumerateFiles(folder, "*.eml").Select(Read).OrderByDescending(mail => mail.Date)
        .ThenBy(mail => mail.Name, StringComparer.Ordinal)];

    /// <summary>The mail's file; null when there is none of that name.</summary>
    public string? Find(string name) =>
        name.All(char.IsAsciiHexDigitLower) && Path.Combine(folder, name + ".eml") is var file && File.Exists(file) ? file : null;

    private KeptMail Read(string file) => known.GetOrAdd(file, path =>
    {
        var headers = HeaderList.Load(path);
        var dated = MimeKit.Utils.DateUtils.TryParse(headers[HeaderId.Date] ?? "", out var date);

        return new KeptMail(Path.GetFileNameWithoutExtension(file), headers[HeaderId.From] ?? "", headers[HeaderId.To] ?? "",
            headers[HeaderId.Subject] ?? "", dated ? date : default, new FileInfo(file).Length);
    });

    private static string NameOf(byte[] mail, string recipient)
    {
        var id = HeaderList.Load(new MemoryStream(mail))[HeaderId.MessageId];

        // A mail without an id is its own content.
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{recipient}\n"),
            .. id is null ? mail : Encoding.UTF8.GetBytes(id)]))[..32];
    }
}

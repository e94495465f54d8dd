using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace CallCenter.Mailbox;

/// <summary>Letters as files, one <c>.eml</c> each. A letter that comes again to the same reader is the same letter.</summary>
internal sealed class Letters(string folder)
{
    /// <summary>On disk for good when this returns: only then may the sender forget the letter.</summary>
    public async Task Keep(IReadOnlyList<string> readers, byte[] letter, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, NameOf(readers, letter) + ".eml");
        if (File.Exists(path))
            return;

        var draft = $"{path}.{Guid.CreateVersion7():N}.part";
        await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(letter, cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<(string Name, MimeMessage Letter)> All() => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).GetFiles("*.eml").OrderByDescending(f => f.LastWriteTimeUtc)
            .Select(f => (Path.GetFileNameWithoutExtension(f.Name), MimeMessage.Load(f.FullName))),
    ];

    public MimeMessage? Find(string name)
    {
        var path = Path.Combine(folder, name + ".eml");
        return name.All(char.IsAsciiHexDigit) && File.Exists(path) ? MimeMessage.Load(path) : null;
    }

    private static string NameOf(IReadOnlyList<string> readers, byte[] letter)
    {
        using var stream = new MemoryStream(letter);
        var id = MimeMessage.Load(stream).MessageId;
        var key = id is null ? letter : Encoding.UTF8.GetBytes($"{id} {string.Join(' ', readers.Order(StringComparer.Ordinal))}");
        return Convert.ToHexStringLower(SHA256.HashData(key))[..24];
    }
}

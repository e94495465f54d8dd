using System.Text;
using CallCenter.Web;

namespace CallCenter.Calls.Imports;

/// <summary>What text files are written in, beside UTF-8. A byte order mark says it, else the mapping.</summary>
internal static class Encodings
{
    // What is no character of the encoding becomes one that no value may hold, so that its row is rejected and not guessed.
    private static readonly DecoderFallback Unreadable = new DecoderReplacementFallback("\u001A");

    private static readonly Dictionary<string, Func<Encoding>> Known = new(StringComparer.Ordinal)
    {
        ["utf-8"] = () => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        ["utf-16le"] = () => new UnicodeEncoding(bigEndian: false, byteOrderMark: false),
        ["utf-16be"] = () => new UnicodeEncoding(bigEndian: true, byteOrderMark: false),
        ["latin-1"] = () => Encoding.Latin1,
        ["windows-1252"] = () => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        ["gb18030"] = () => CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!,
    };

    private static readonly (byte[] Mark, string Name)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be"), ([0x84, 0x31, 0x95, 0x33], "gb18030"),
    ];

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>An upload as it is where it is UTF-8, and otherwise rewritten.</summary>
    public static async Task<Upload> AsUtf8(Upload upload, string? declared, CancellationToken cancellation)
    {
        var (name, mark) = await Of(upload.Path, declared, cancellation);
        if (name is "utf-8")
            return upload;

        using (upload)
        {
            var path = Path.Combine(Path.GetDirectoryName(upload.Path)!, $".{Guid.CreateVersion7():N}.part");
            try
            {
                await Rewrite(upload.Path, mark, Readable(name), path, cancellation);
                return upload with { Path = path, Bytes = new FileInfo(path).Length };
            }
            catch
            {
                File.Delete(path);
                throw;
            }
        }
    }

    private static async Task<(string Name, int Mark)> Of(string path, string? declared, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var head = new byte[4];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);

        foreach (var (mark, name) in Marks)
            if (head.AsSpan(0, read).StartsWith(mark))
                return (name, mark.Length);
        return (declared ?? "utf-8", 0);
    }

    private static Encoding Readable(string name)
    {
        var encoding = (Encoding)Known[name]().Clone();
        encoding.DecoderFallback = Unreadable;
        return encoding;
    }

    private static async Task Rewrite(string from, int mark, Encoding encoding, string to, CancellationToken cancellation)
    {
        await using var source = File.OpenRead(from);
        source.Position = mark;
        using var reader = new StreamReader(source, encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024);
        await using var file = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        await using (var writer = new StreamWriter(file, new UTF8Encoding(false), bufferSize: 64 * 1024, leaveOpen: true))
        {
            var buffer = new char[32 * 1024];
            for (int read; (read = await reader.ReadAsync(buffer, cancellation)) > 0;)
                await writer.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        file.Flush(flushToDisk: true);
    }
}

using System.Buffers;
using System.Security.Cryptography;
using CallCenter.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace CallCenter.Web;

/// <summary>What may be uploaded at a route.</summary>
/// <param name="MaxBytes">Largest upload in bytes; more is 413.</param>
/// <param name="Body">How the API document shows it: text or bytes.</param>
/// <param name="Check">Looks at the whole content before anything else does, and throws at what is not of the types.</param>
/// <param name="Types">Media types; others are 415.</param>
public sealed record UploadRule(long MaxBytes, Type Body, Action<Stream> Check, params string[] Types)
{
    // What people send instead of text, by the bytes it begins with.
    private static readonly (string What, byte[] Beginning)[] NoText =
    [
        ("a workbook or another ZIP file", [(byte)'P', (byte)'K', 3, 4]), ("an old workbook", [0xD0, 0xCF, 0x11, 0xE0]),
        ("compressed by gzip", [0x1F, 0x8B]), ("a PDF", [.. "%PDF"u8]),
    ];

    private static readonly (string What, byte[] Beginning)[] NoUtf8 = [("UTF-16", [0xFF, 0xFE]), ("UTF-16", [0xFE, 0xFF])];

    /// <summary>Text in UTF-8, which has at least one byte and is none of the files that are mistaken for it.</summary>
    public static UploadRule Text(long maxBytes, params string[] types) =>
        new(maxBytes, typeof(string), file => RequireText(file, [.. NoText, .. NoUtf8]), types);

    /// <summary>The same in any encoding: who takes it makes UTF-8 of it.</summary>
    public static UploadRule EncodedText(long maxBytes, params string[] types) =>
        new(maxBytes, typeof(string), file => RequireText(file, NoText), types);

    private static void RequireText(Stream file, (string What, byte[] Beginning)[] refused)
    {
        Span<byte> head = stackalloc byte[4];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.IsEmpty)
            throw new InvalidException("", "empty-file", "The upload has no rows.");

        foreach (var (what, beginning) in refused)
            if (head.StartsWith(beginning))
                throw new BadHttpRequestException($"The upload is {what}, not text in UTF-8. Save it as \"CSV UTF-8\".");
    }
}

/// <summary>A request body on disk, not yet under its final name.</summary>
/// <param name="Sha256">In lower-case hex.</param>
/// <param name="MediaType">The one of the rule's types that the request names.</param>
public sealed record Upload(string Path, string Sha256, long Bytes, string MediaType) : IDisposable
{
    /// <summary>
    /// Writes a body to disk as it arrives, however long it claims to be, and flushes it. What is of another type, breaks off,
    /// grows too large or does not stand the check leaves nothing behind.
    /// </summary>
    /// <exception cref="BadHttpRequestException">413, 415, or 400 for bytes that are not of the type they are said to be.</exception>
    /// <exception cref="InvalidException">422: what the rule's check finds.</exception>
    public static async Task<Upload> Save(HttpRequest request, UploadRule rule, string folder, CancellationToken cancellation)
    {
        if (request.ContentLength > rule.MaxBytes)
            throw LargeBodies.TooLarge();

        var type = TypeOf(request, rule);
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.Combine(folder, $".{Guid.CreateVersion7():N}.part");
        try
        {
            var (hash, bytes) = await Write(request.Body, path, rule.MaxBytes, cancellation);
            await using var file = File.OpenRead(path);
            rule.Check(file);
            return new Upload(path, hash, bytes, type);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static string TypeOf(HttpRequest request, UploadRule rule) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && Media.IsUtf8(type)
        && rule.Types.FirstOrDefault(t => type.MediaType.Equals(t, StringComparison.OrdinalIgnoreCase)) is { } named ? named
            : throw new BadHttpRequestException(
                $"An upload here is {string.Join(" or ", rule.Types)}, text in UTF-8.", StatusCodes.Status415UnsupportedMediaType);

    private static async Task<(string Sha256, long Bytes)> Write(Stream body, string path, long limit, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

            var bytes = 0L;
            for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
            {
                // What is only a little too large is read to its end, or its sender would be cut off before it hears why.
                if ((bytes += read) > limit)
                    continue;

                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            if (bytes > limit)
                throw LargeBodies.TooLarge();

            file.Flush(flushToDisk: true);
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Gives it its final name. The same name always means the same content, so an older file may stay as well.</summary>
    public void Keep(string path)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.Move(Path, path, overwrite: true);
    }

    /// <summary>Deletes what uploads have left behind that broke off with their process.</summary>
    /// <param name="before">Who is still writing has written since.</param>
    /// <returns>How many.</returns>
    public static int Sweep(string folder, DateTimeOffset before)
    {
        FileInfo[] left = Directory.Exists(folder)
            ? [.. new DirectoryInfo(folder).EnumerateFiles(".*.part", SearchOption.AllDirectories)
                .Where(file => file.LastWriteTimeUtc < before.UtcDateTime)]
            : [];
        foreach (var file in left)
            file.Delete();
        return left.Length;
    }

    public void Dispose() => File.Delete(Path);
}

public static class Uploading
{
    /// <summary>
    /// The route takes an upload by this rule: its size is refused before it is read, and the API document says its types.
    /// </summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, UploadRule rule) =>
        route.WithMetadata(new RequestSizeLimitAttribute(rule.MaxBytes + LargeBodies.MostRead))
            .Accepts(rule.Body, rule.Types[0], rule.Types[1..]).TakesLong();
}

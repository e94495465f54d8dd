using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace CallCenter.Calls.Intake;

/// <summary>A request body on disk, not yet under its final name.</summary>
/// <param name="Sha256">In lower-case hex.</param>
internal sealed record Upload(string Path, string Sha256, long Bytes) : IDisposable
{
    /// <summary>
    /// Writes a body to disk as it arrives, however long it claims to be, and flushes it. What breaks off or grows too large
    /// leaves nothing behind.
    /// </summary>
    public static async Task<Upload> Save(Stream body, string folder, long limit, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.Combine(folder, $".{Guid.CreateVersion7():N}.part");
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

            var bytes = 0L;
            for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
            {
                if ((bytes += read) > limit)
                    throw new BadHttpRequestException("The upload is too large.", StatusCodes.Status413PayloadTooLarge);

                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            file.Flush(flushToDisk: true);
            return new Upload(path, Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        catch
        {
            File.Delete(path);
            throw;
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

    public void Dispose() => File.Delete(Path);
}

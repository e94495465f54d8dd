using System.Buffers;
using System.Security.Cryptography;

namespace CallCenter.Calls.Recordings;

/// <summary>
/// The SHA-256 of each chunk of a recording, one after the other in a file beside it. They follow from the recording, whose name is
/// the SHA-256 of all of it: lost or damaged ones are made anew.
/// </summary>
internal static class AudioDigests
{
    public const int ChunkBytes = 256 * 1024;

    /// <returns>Null where there are none for a recording of this length.</returns>
    public static async Task<byte[]?> Load(string path, long audioBytes, CancellationToken cancellation)
    {
        try
        {
            var digests = await File.ReadAllBytesAsync(path, cancellation);
            return digests.Length == (audioBytes + ChunkBytes - 1) / ChunkBytes * SHA256.HashSizeInBytes ? digests : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Where they cannot be stored they are made again the next time.</summary>
    public static async Task Save(string path, byte[] digests, CancellationToken cancellation)
    {
        // Named as an upload on its way, so that one left behind by a crash is swept with those.
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.CreateVersion7():N}.part");
        try
        {
            await File.WriteAllBytesAsync(part, digests, cancellation);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
        }
    }

    /// <returns>The SHA-256 of all of it in lower-case hex, and those of its chunks.</returns>
    public static async Task<(string Whole, byte[] OfChunks)> Of(FileStream file, CancellationToken cancellation)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var digests = new MemoryStream();
            for (var number = 0L; await Read(file, number, chunk, cancellation) is > 0 and var read; number++)
            {
                whole.AppendData(chunk, 0, read);
                digests.Write(SHA256.HashData(chunk.AsSpan(0, read)));
            }

            return (Convert.ToHexStringLower(whole.GetHashAndReset()), digests.ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    public static bool Match(byte[] digests, long number, ReadOnlySpan<byte> chunk) =>
        (number + 1) * SHA256.HashSizeInBytes <= digests.Length
        && digests.AsSpan((int)number * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes).SequenceEqual(SHA256.HashData(chunk));

    /// <returns>How many bytes the chunk has: fewer at the end of the file.</returns>
    public static async Task<int> Read(FileStream file, long number, byte[] chunk, CancellationToken cancellation)
    {
        file.Position = number * ChunkBytes;
        return await file.ReadAtLeastAsync(chunk.AsMemory(0, ChunkBytes), ChunkBytes, throwOnEndOfStream: false, cancellation);
    }
}

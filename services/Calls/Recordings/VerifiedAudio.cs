using System.Buffers;

namespace CallCenter.Calls.Recordings;

/// <summary>The file of a recording is not what was filed.</summary>
/// <param name="code">Of the problem: <c>recording-lost</c> or <c>recording-damaged</c>.</param>
internal sealed class RecordingFaultException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    public static RecordingFaultException Lost() => new("recording-lost", "The file of the recording is lost.");

    public static RecordingFaultException Damaged() =>
        new("recording-damaged", "The file of the recording is damaged, and is not given out as what was said.");
}

/// <summary>
/// The audio of a recording, chunk by chunk: no byte is read of a chunk that is not what was filed (docs/decisions/0056).
/// </summary>
internal sealed class VerifiedAudio : Stream
{
    private readonly FileStream file;
    private readonly string recordingId;
    private readonly string digestsPath;
    private readonly byte[] chunk = ArrayPool<byte>.Shared.Rent(AudioDigests.ChunkBytes);
    private byte[] digests;
    private long held = -1;
    private int heldBytes;
    private long position;
    private bool returned;

    private VerifiedAudio(FileStream file, string recordingId, string digestsPath, byte[] digests)
    {
        (this.file, this.recordingId, this.digestsPath, this.digests) = (file, recordingId, digestsPath, digests);
        Length = file.Length;
    }

    /// <exception cref="RecordingFaultException">It is lost, or was never verified before and is damaged.</exception>
    public static async Task<VerifiedAudio> Open(string path, string recordingId, string digestsPath, CancellationToken cancellation)
    {
        var file = OpenFile(path);
        try
        {
            var digests = await AudioDigests.Load(digestsPath, file.Length, cancellation)
                ?? await Digest(file, recordingId, digestsPath, cancellation);
            return new VerifiedAudio(file, recordingId, digestsPath, digests);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads all of a file, whatever was verified before.</summary>
    /// <returns>How many bytes that were.</returns>
    /// <exception cref="RecordingFaultException">It is lost or damaged.</exception>
    public static async Task<long> Check(string path, string recordingId, string digestsPath, CancellationToken cancellation)
    {
        await using var file = OpenFile(path);
        await Digest(file, recordingId, digestsPath, cancellation);
        return file.Length;
    }

    /// <summary>Reads some bytes beforehand, while there is still a status to answer with.</summary>
    /// <exception cref="RecordingFaultException">They are damaged.</exception>
    public async Task Verify(long from, long to, CancellationToken cancellation)
    {
        for (var number = from / AudioDigests.ChunkBytes; number * AudioDigests.ChunkBytes <= to; number++)
            await Load(number, cancellation);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= Length)
            return 0;

        await Load(position / AudioDigests.ChunkBytes, cancellationToken);
        var start = (int)(position % AudioDigests.ChunkBytes);
        var count = Math.Min(buffer.Length, heldBytes - start);
        chunk.AsSpan(start, count).CopyTo(buffer.Span);
        position += count;
        return count;
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw RecordingFaultException.Lost();
        }
    }

    private async Task Load(long number, CancellationToken cancellation)
    {
        if (held == number)
            return;

        held = -1;
        heldBytes = await AudioDigests.Read(file, number, chunk, cancellation);
        if (!AudioDigests.Match(digests, number, chunk.AsSpan(0, heldBytes)))
        {
            // The digests may be what is damaged: the name of the file decides, and they are made anew.
            digests = await Digest(file, recordingId, digestsPath, cancellation);
            heldBytes = await AudioDigests.Read(file, number, chunk, cancellation);
            if (!AudioDigests.Match(digests, number, chunk.AsSpan(0, heldBytes)))
                throw RecordingFaultException.Damaged();
        }

        held = number;
    }

    private static async Task<byte[]> Digest(FileStream file, string recordingId, string digestsPath, CancellationToken cancellation)
    {
        var (whole, digests) = await AudioDigests.Of(file, cancellation);
        if (whole != recordingId)
            throw RecordingFaultException.Damaged();

        await AudioDigests.Save(digestsPath, digests, cancellation);
        return digests;
    }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length { get; }
    public override long Position { get => position; set => position = value; }

    public override long Seek(long offset, SeekOrigin origin) => position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => Length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            if (!returned)
                ArrayPool<byte>.Shared.Return(chunk);
            returned = true;
        }

        base.Dispose(disposing);
    }
}

namespace CallCenter.Sound.Files;

/// <summary>Frames of GSM 6.10 one after the other, as telephone systems write them: 33 bytes for 20 ms, with no header at all.</summary>
internal sealed class GsmFile : SoundFile
{
    private readonly Stream file;
    private readonly GsmFrame frame = new();
    private readonly byte[] bytes = new byte[GsmFrame.Bytes];
    private readonly float[] samples = new float[GsmFrame.Samples];

    public GsmFile(Stream file)
    {
        if (file.Length % GsmFrame.Bytes != 0)
            throw new SoundException($"It begins like GSM 6.10, but its {file.Length} bytes are no whole frames of {GsmFrame.Bytes}.");

        this.file = new BufferedStream(file, 64 * 1024);
        for (var number = 0L; Read(); number++)
            if (!GsmFrame.IsOne(bytes))
                throw new SoundException($"It begins like GSM 6.10, but at byte {number * GsmFrame.Bytes} is no frame.");

        this.file.Position = 0;
        Format = new(SoundKind.Gsm, 1, GsmFrame.SampleRate, file.Length / GsmFrame.Bytes * GsmFrame.Samples / (decimal)GsmFrame.SampleRate);
    }

    public override SoundFormat Format { get; }

    /// <summary>Whether the first frames look like it: nothing else says so.</summary>
    public static bool Is(Stream file)
    {
        var begun = new byte[3 * GsmFrame.Bytes];
        var read = file.ReadAtLeast(begun, begun.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read >= GsmFrame.Bytes
            && Enumerable.Range(0, read / GsmFrame.Bytes).All(i => GsmFrame.IsOne(begun.AsSpan(i * GsmFrame.Bytes)));
    }

    public override ReadOnlySpan<float> Next() => Read() ? frame.Decode(bytes, samples) : [];

    private bool Read() => file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;

    protected override void Dispose(bool disposing) => file.Dispose();
}

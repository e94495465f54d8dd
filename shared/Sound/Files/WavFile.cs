using System.Buffers.Binary;

namespace CallCenter.Sound.Files;

/// <summary>WAV: PCM of 8 to 32 bits, float, A-law and µ-law (ITU-T G.711), GSM 6.10.</summary>
internal sealed class WavFile : SoundFile
{
    private const int SamplesAtOnce = 4096;
    private static readonly float[] ALaw = [.. Enumerable.Range(0, 256).Select(OfALaw)];
    private static readonly float[] MuLaw = [.. Enumerable.Range(0, 256).Select(OfMuLaw)];

    private readonly Stream file;
    private readonly Wav wav;
    private readonly GsmFrame? gsm;
    private readonly byte[] bytes;
    private readonly float[] samples;
    private long left;

    public WavFile(Stream file)
    {
        this.file = file;
        wav = Wav.Read(file);
        file.Position = wav.AudioFrom;
        left = wav.AudioBytes;
        gsm = wav.IsGsm ? new GsmFrame() : null;
        samples = new float[wav.IsGsm ? 2 * GsmFrame.Samples : SamplesAtOnce * wav.Channels];
        bytes = new byte[wav.IsGsm ? GsmFrame.PairBytes : samples.Length * wav.BitsPerSample / 8];
        Format = new(SoundKind.Wav, wav.Channels, wav.SampleRate, wav.Seconds);
    }

    public override SoundFormat Format { get; }

    public override float FullScale => wav.Encoding switch { 6 => ALaw.Max(), 7 => MuLaw.Max(), _ => 1 };

    public override ReadOnlySpan<float> Next()
    {
        var block = bytes.AsSpan(0, (int)Math.Min(left, bytes.Length));
        var read = file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        left -= read;
        if (gsm is not null)
            return read == bytes.Length ? gsm.DecodePair(bytes, samples) : [];

        var width = wav.BitsPerSample / 8;
        var count = read / width;
        for (var i = 0; i < count; i++)
            samples[i] = Sample(bytes.AsSpan(i * width, width));
        return samples.AsSpan(0, count);
    }

    private float Sample(ReadOnlySpan<byte> of) => (wav.Encoding, of.Length) switch
    {
        (1, 1) => (of[0] - 128) / 128f,
        (1, 2) => BinaryPrimitives.ReadInt16LittleEndian(of) / 32768f,
        (1, 3) => ((of[0] << 8 | of[1] << 16 | of[2] << 24) >> 8) / 8388608f,
        (1, _) => BinaryPrimitives.ReadInt32LittleEndian(of) / 2147483648f,
        (3, 4) => Finite(BinaryPrimitives.ReadSingleLittleEndian(of)),
        (3, _) => Finite((float)BinaryPrimitives.ReadDoubleLittleEndian(of)),
        (6, _) => ALaw[of[0]],
        _ => MuLaw[of[0]],
    };

    // Whatever is no number, or no loudness, would spoil all sums that it goes into.
    private static float Finite(float sample) => float.IsFinite(sample) ? Math.Clamp(sample, -1, 1) : 0;

    private static float OfALaw(int code)
    {
        code ^= 0x55;
        var (segment, step) = (code >> 4 & 7, code & 15);
        var size = segment == 0 ? (step << 4) + 8 : (step << 4) + 0x108 << segment - 1;
        return (code & 0x80) != 0 ? size / 32768f : -size / 32768f;
    }

    private static float OfMuLaw(int code)
    {
        code = ~code & 0xFF;
        var size = (((code & 15) << 3) + 0x84 << (code >> 4 & 7)) - 0x84;
        return (code & 0x80) != 0 ? -size / 32768f : size / 32768f;
    }

    protected override void Dispose(bool disposing) => file.Dispose();
}

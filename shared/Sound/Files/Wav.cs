using System.Buffers.Binary;

namespace CallCenter.Sound.Files;

/// <summary>
/// What a WAV file says of itself, believed only as far as the bytes bear it out. Only chunk headers are read, so neither
/// time nor memory depend on the sizes a file declares.
/// </summary>
/// <param name="Encoding">1 PCM, 3 float, 6 A-law, 7 µ-law, 49 GSM 6.10.</param>
/// <param name="AudioFrom">Where in the file the audio begins.</param>
public sealed record Wav(int Encoding, int Channels, int SampleRate, int BitsPerSample, long AudioBytes, long AudioFrom = 0)
{
    private const int MostChunks = 100;
    private const int Gsm = 49;

    public bool IsGsm => Encoding == Gsm;

    /// <summary>How many bytes say how many samples of all channels: 65 of GSM say 320.</summary>
    private (int Bytes, int Samples) Block => IsGsm ? (GsmFrame.PairBytes, 2 * GsmFrame.Samples) : (Channels * BitsPerSample / 8, 1);

    public decimal Seconds => Math.Round((decimal)AudioBytes / Block.Bytes * Block.Samples / SampleRate, 3);

    /// <exception cref="SoundException">What is wrong.</exception>
    public static Wav Read(Stream file)
    {
        Span<byte> head = stackalloc byte[12];
        if (!TryRead(file, head) || !head[..4].SequenceEqual("RIFF"u8) || !head[8..].SequenceEqual("WAVE"u8))
            throw Wrong("It does not begin with RIFF and WAVE (RF64 is not accepted).");

        // Some recorders leave out the pad byte of an odd last chunk, so one byte may be missing.
        var declared = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L;
        if (declared != file.Length && declared != file.Length + 1)
            throw Wrong($"Its header says {declared} bytes, but there are {file.Length}.");

        Wav? format = null;
        Span<byte> chunk = stackalloc byte[8];
        for (var chunks = 0; TryRead(file, chunk); chunks++)
        {
            if (chunks == MostChunks)
                throw Wrong($"It has more than {MostChunks} chunks.");

            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (size > file.Length - file.Position)
                throw Wrong("A chunk is longer than the file.");

            if (chunk[..4].SequenceEqual("fmt "u8))
                format = format is null ? Format(file, size) : throw Wrong("It has two formats.");
            else if (chunk[..4].SequenceEqual("data"u8))
                return Audio(format ?? throw Wrong("Its audio comes before its format."), size, file.Position);
            else
                file.Position = Math.Min(file.Length, file.Position + size + size % 2);
        }

        throw Wrong("It has no audio.");
    }

    private static Wav Format(Stream file, uint size)
    {
        Span<byte> fields = stackalloc byte[40];
        if (size is not (16 or 18 or 20 or 40) || !TryRead(file, fields[..(int)size]))
            throw Wrong("Its format chunk is not one of 16, 18, 20 or 40 bytes.");

        int encoding = BinaryPrimitives.ReadUInt16LittleEndian(fields);
        if (encoding == 0xFFFE && size == 40)
            encoding = BinaryPrimitives.ReadUInt16LittleEndian(fields[24..]);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(fields[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(fields[4..]);
        var bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(fields[8..]);
        int block = BinaryPrimitives.ReadUInt16LittleEndian(fields[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(fields[14..]);

        if (encoding is not (1 or 3 or 6 or 7 or Gsm))
            throw Wrong($"Encoding {encoding} is none of PCM, float, A-law, µ-law and GSM 6.10.");
        if (channels is 0 or > 8)
            throw Wrong($"It has {channels} channels; 1 to 8 are accepted.");
        if (rate is < 4_000 or > 192_000)
            throw Wrong($"It has {rate} samples a second; 4,000 to 192,000 are accepted.");
        if (encoding == Gsm)
            return channels == 1 && block == GsmFrame.PairBytes ? new Wav(encoding, channels, (int)rate, bits, AudioBytes: 0)
                : throw Wrong($"GSM 6.10 has one channel in blocks of {GsmFrame.PairBytes} bytes.");
        if (encoding switch { 1 => bits is not (8 or 16 or 24 or 32), 3 => bits is not (32 or 64), _ => bits is not 8 })
            throw Wrong($"{bits} bits a sample do not go with encoding {encoding}.");
        if (block != channels * bits / 8 || bytesPerSecond != rate * block)
            throw Wrong("Its block size or byte rate contradicts channels, samples and bits.");

        return new Wav(encoding, channels, (int)rate, bits, AudioBytes: 0);
    }

    private static Wav Audio(Wav format, uint size, long from) =>
        size == 0 ? throw Wrong("Its audio is empty.")
        : size % format.Block.Bytes != 0 ? throw Wrong("Its audio ends in the middle of a sample.")
        : format with { AudioBytes = size, AudioFrom = from };

    private static bool TryRead(Stream file, Span<byte> bytes) =>
        file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;

    private static SoundException Wrong(string why) => new(why);
}

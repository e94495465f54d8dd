using System.Buffers.Binary;
using NLayer;

namespace CallCenter.Sound.Files;

/// <summary>The four bytes before each frame of an MP3.</summary>
/// <param name="Version">1 for MPEG 1, 2 for MPEG 2, 3 for MPEG 2.5.</param>
/// <param name="Bytes">Of the whole frame, these four among them.</param>
internal readonly record struct Mp3Header(uint Bits, int Version, int BitRate, int SampleRate, int Bytes)
{
    private static ReadOnlySpan<short> Rates1 => [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static ReadOnlySpan<short> Rates2 => [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static ReadOnlySpan<int> SampleRates => [44100, 48000, 32000];

    public int Samples => Version == 1 ? 1152 : 576;
    public int Mode => (int)(Bits >> 6 & 3);
    public int Channels => Mode == 3 ? 1 : 2;
    public bool HasCrc => (Bits >> 16 & 1) == 0;

    /// <summary>What lies between the header and the sound, the check sum apart.</summary>
    public int SideBytes => (Version, Channels) switch { (1, 2) => 32, (1, _) or (_, 2) => 17, _ => 9 };

    /// <summary>A frame whose length it does not say, and the layers I and II, are not read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp3Header header)
    {
        header = default;
        if (bytes.Length < 4)
            return false;

        var bits = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var version = (bits >> 19 & 3) switch { 3 => 1, 2 => 2, 0 => 3, _ => 0 };
        var (rate, sampleRate) = ((int)(bits >> 12 & 15), (int)(bits >> 10 & 3));
        if (bits >> 21 != 0x7FF || version == 0 || (bits >> 17 & 3) != 1 || rate is 0 or 15 || sampleRate == 3)
            return false;

        var (kilobits, hertz) = ((version == 1 ? Rates1 : Rates2)[rate], SampleRates[sampleRate] >> version - 1);
        header = new(bits, version, kilobits * 1000, hertz,
            ((version == 1 ? 144 : 72) * kilobits * 1000 / hertz) + (int)(bits >> 9 & 1));
        return true;
    }
}

/// <summary>MP3 (MPEG 1, 2 and 2.5, layer III): each frame is found where the one before ends, before any is decoded.</summary>
internal sealed class Mp3File : SoundFile
{
    private readonly BufferedStream file;
    private readonly MpegFrameDecoder decoder = new();
    private readonly Frame frame = new();
    private readonly float[] samples = new float[1152 * 2];
    private readonly long from;
    private readonly long to;

    public Mp3File(Stream source)
    {
        file = new BufferedStream(source, 64 * 1024);
        (from, to) = (AfterTag(), BeforeTag());

        Mp3Header? first = null;
        var count = 0L;
        for (file.Position = from; file.Position < to; count++)
        {
            var at = file.Position;
            if (!Read(out var header))
                throw Wrong(first is null ? $"At byte {at}, where its sound should begin, is no MP3 frame."
                    : $"At byte {at} is no MP3 frame, though the one before ends there.");
            if (at + header.Bytes > to)
                throw Wrong($"Its last frame, at byte {at}, is cut off.");
            if (first is { } begun && (begun.SampleRate, begun.Channels) != (header.SampleRate, header.Channels))
                throw Wrong($"At byte {at} it changes its sample rate or channels.");

            if (first is null && IsIndex())
                (from, count) = (from + header.Bytes, count - 1); // it tells of the others and is no sound
            first ??= header;
        }

        if (count == 0)
            throw Wrong("It has no sound.");

        file.Position = from;
        Format = new(SoundKind.Mp3, first!.Value.Channels, first.Value.SampleRate,
            Math.Round((decimal)count * first.Value.Samples / first.Value.SampleRate, 3));
    }

    public override SoundFormat Format { get; }

    public override ReadOnlySpan<float> Next()
    {
        if (file.Position >= to || !Read(out _))
            return [];

        try
        {
            // A frame that needs bits of one before the beginning says nothing.
            var count = decoder.DecodeFrame(frame, samples, 0);
            var whole = samples.AsSpan(0, frame.SampleCount * Format.Channels);
            if (count < whole.Length)
                whole[count..].Clear();
            return whole;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or InvalidDataException or ArgumentException or NullReferenceException
            or OverflowException or InvalidOperationException)
        {
            throw new SoundException($"The MP3 frame that ends at byte {file.Position} cannot be decoded.");
        }
    }

    private bool Read(out Mp3Header header)
    {
        Span<byte> head = stackalloc byte[4];
        if (file.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4 || !Mp3Header.TryRead(head, out header) || header.Bytes <= 4)
        {
            header = default;
            return false;
        }

        frame.Take(header, file);
        return true;
    }

    private bool IsIndex() => frame.Text(frame.Header.SideBytes) is "Xing" or "Info" || frame.Text(32) == "VBRI";

    // ID3v2: ten bytes, four of them its length in seven bits each.
    private long AfterTag()
    {
        Span<byte> head = stackalloc byte[10];
        file.Position = 0;
        if (file.ReadAtLeast(head, 10, throwOnEndOfStream: false) < 10 || !head.StartsWith("ID3"u8))
            return 0;

        var after = 10L + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + ((head[5] & 0x10) != 0 ? 10 : 0);
        return (head[6] | head[7] | head[8] | head[9]) < 0x80 && after <= file.Length ? after
            : throw Wrong("Its ID3 tag is longer than the file.");
    }

    // ID3v1: the last 128 bytes.
    private long BeforeTag()
    {
        Span<byte> head = stackalloc byte[3];
        file.Position = Math.Max(0, file.Length - 128);
        return file.ReadAtLeast(head, 3, throwOnEndOfStream: false) == 3 && head.SequenceEqual("TAG"u8) ? file.Length - 128 : file.Length;
    }

    private static SoundException Wrong(string why) => new(why);

    protected override void Dispose(bool disposing) => file.Dispose();

    /// <summary>One frame, as the decoder asks for it.</summary>
    private sealed class Frame : IMpegFrame
    {
        private readonly byte[] bytes = new byte[2048];
        private int length;
        private int at;

        public Mp3Header Header { get; private set; }

        public void Take(Mp3Header header, Stream file)
        {
            Header = header;
            length = file.ReadAtLeast(bytes.AsSpan(0, header.Bytes - 4), header.Bytes - 4, throwOnEndOfStream: false);
            Reset();
        }

        public string? Text(int offset) =>
            offset + 4 <= length ? System.Text.Encoding.ASCII.GetString(bytes, offset, 4) : null;

        public int SampleRate => Header.SampleRate;
        public int SampleRateIndex => (int)(Header.Bits >> 10 & 3);
        public int FrameLength => Header.Bytes;
        public int BitRate => Header.BitRate;
        public int BitRateIndex => (int)(Header.Bits >> 12 & 15);
        public MpegVersion Version => Header.Version switch
        {
            1 => MpegVersion.Version1,
            2 => MpegVersion.Version2,
            _ => MpegVersion.Version25,
        };

        public MpegLayer Layer => MpegLayer.LayerIII;
        public MpegChannelMode ChannelMode => (MpegChannelMode)Header.Mode;
        public int ChannelModeExtension => (int)(Header.Bits >> 4 & 3);
        public int SampleCount => Header.Samples;
        public bool IsCopyrighted => (Header.Bits >> 3 & 1) == 1;
        public bool HasCrc => Header.HasCrc;
        public bool IsCorrupted => false;

        public void Reset() => at = Header.HasCrc ? 16 : 0;

        public int ReadBits(int bitCount)
        {
            if (at + bitCount > length * 8)
                return -1;

            var bits = 0;
            for (; bitCount > 0; bitCount--, at++)
                bits = bits << 1 | bytes[at >> 3] >> 7 - (at & 7) & 1;
            return bits;
        }
    }
}

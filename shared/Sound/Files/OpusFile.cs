using System.Buffers.Binary;
using Concentus;
using Concentus.Structs;

namespace CallCenter.Sound.Files;

/// <summary>Opus in Ogg (RFC 7845), one or two channels. It is decoded at 16 kHz: no speech lies above what that can say.</summary>
internal sealed class OpusFile : SoundFile
{
    private const int Clock = 48_000;
    private const int Rate = 16_000;
    private const int LongestMilliseconds = 120;

    private readonly BufferedStream file;
    private readonly IOpusDecoder decoder;
    private readonly float[] samples;
    private readonly int toSkip;
    private readonly long total;
    private OggPages pages;
    private long skipped;
    private long given;

    static OpusFile() => OpusCodecFactory.AttemptToUseNativeLibrary = false;

    public OpusFile(Stream source)
    {
        file = new BufferedStream(source, 64 * 1024);
        pages = new OggPages(file);
        var (channels, skip) = ReadHead();
        total = Length(skip);

        file.Position = 0;
        pages = new OggPages(file);
        ReadHead();
        decoder = OpusCodecFactory.CreateDecoder(Rate, channels);
        samples = new float[Rate * LongestMilliseconds / 1000 * channels];
        toSkip = skip / (Clock / Rate);
        Format = new(SoundKind.OggOpus, channels, Rate, Math.Round((decimal)total / Clock, 3));
    }

    public override SoundFormat Format { get; }

    public override ReadOnlySpan<float> Next()
    {
        var channels = Format.Channels;
        var last = total / (Clock / Rate);
        while (given < last && pages.Next(out var packet))
        {
            var count = Decode(packet);
            var from = (int)Math.Min(count, toSkip - skipped);
            skipped += from;
            count = (int)Math.Min(count - from, last - given);
            given += count;
            if (count > 0)
                return samples.AsSpan(from * channels, count * channels);
        }

        return [];
    }

    private int Decode(ReadOnlySpan<byte> packet)
    {
        try
        {
            return decoder.Decode(packet, samples, samples.Length / Format.Channels, false);
        }
        catch (Exception e) when (e is OpusException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new SoundException($"A packet at {given / (decimal)Rate:0.###} s cannot be decoded.");
        }
    }

    private (int Channels, int Skip) ReadHead()
    {
        if (!pages.Next(out var head) || head.Length < 19 || !head.StartsWith("OpusHead"u8) || head[8] >> 4 != 0)
            throw new SoundException("It is an Ogg file, but not of Opus.");
        int channels = head[9];
        if (channels is not (1 or 2) || head[18] != 0)
            throw new SoundException($"It has {channels} channels; 1 and 2 are read.");
        int skip = BinaryPrimitives.ReadUInt16LittleEndian(head[10..]);
        if (!pages.Next(out var tags) || !tags.StartsWith("OpusTags"u8))
            throw new SoundException("Its second packet is not the tags.");
        return (channels, skip);
    }

    // The last page says where the sound ends; the packets must bear it out.
    private long Length(int skip)
    {
        var (sum, begins, ends) = (0L, (long?)null, 0L);
        while (pages.Next(out var packet))
        {
            var count = packet.IsEmpty ? -1 : OpusPacketInfo.GetNumSamples(packet, Clock);
            if (count is <= 0 or > Clock * LongestMilliseconds / 1000)
                throw new SoundException($"At {sum / (decimal)Clock:0.###} s is no packet of Opus.");
            sum += count;
            if (!pages.EndsPage)
                continue;
            // A recording that is cut out of a longer one does not begin at 0; a first page that is the last may end before its packets.
            begins ??= Math.Max(0, pages.Granule - sum);
            ends = pages.Granule;
        }

        var length = ends - (begins ?? 0) - skip;
        return length <= 0 ? throw new SoundException("It has no sound.")
            : Math.Abs(ends - begins!.Value - sum) > Clock ? throw new SoundException(
                $"It says that it ends at {(ends - begins.Value) / (decimal)Clock:0.#} s, but its packets are {sum / (decimal)Clock:0.#} s.")
            : Math.Min(length, sum - skip);
    }

    protected override void Dispose(bool disposing)
    {
        decoder.Dispose();
        file.Dispose();
    }
}

using System.Buffers.Binary;

namespace CallCenter.Sound.Files;

/// <summary>The packets of an Ogg file of one stream (RFC 3533), each page compared with its check sum.</summary>
internal sealed class OggPages(Stream file)
{
    private const int Head = 27;
    private const int LargestPacket = 64 * 1024;
    private static readonly uint[] Sums = [.. Enumerable.Range(0, 256).Select(SumOf)];

    private readonly byte[] page = new byte[Head + 255 + (255 * 255)];
    private readonly byte[] packet = new byte[LargestPacket];
    private uint? stream;
    private uint number;
    private int segment;
    private int segments;
    private int at;

    /// <summary>The position that the page of the packet read last says it ends at.</summary>
    public long Granule { get; private set; }

    /// <summary>Whether the packet read last is the last of its page.</summary>
    public bool EndsPage { get; private set; }

    /// <returns>False at the end.</returns>
    public bool Next(out ReadOnlySpan<byte> read)
    {
        var length = 0;
        while (true)
        {
            if (segment == segments && !NextPage(goesOn: length > 0))
            {
                read = default;
                return false;
            }

            var size = page[Head + segment++];
            if (length + size > packet.Length)
                throw new SoundException($"It has a packet of more than {LargestPacket / 1024} KiB.");

            page.AsSpan(at, size).CopyTo(packet.AsSpan(length));
            (at, length) = (at + size, length + size);
            if (size == 255)
                continue;

            EndsPage = segment == segments;
            read = packet.AsSpan(0, length);
            return true;
        }
    }

    private bool IsLast { get; set; }

    private bool NextPage(bool goesOn)
    {
        do
        {
            var begins = file.Position;
            var head = page.AsSpan(0, Head);
            var got = file.ReadAtLeast(head, Head, throwOnEndOfStream: false);
            if (got == 0)
                return IsLast && !goesOn ? false : throw new SoundException("It is cut off: no page says that it is the last.");
            if (IsLast)
                throw new SoundException($"Something follows at byte {begins}, after its last page.");
            if (got < Head || !head.StartsWith("OggS"u8) || head[4] != 0)
                throw new SoundException($"At byte {begins} is no whole Ogg page.");

            segments = head[26];
            if (file.ReadAtLeast(page.AsSpan(Head, segments), segments, throwOnEndOfStream: false) < segments)
                throw new SoundException($"The page at byte {begins} is cut off.");
            var size = 0;
            foreach (var one in page.AsSpan(Head, segments))
                size += one;
            if (file.ReadAtLeast(page.AsSpan(Head + segments, size), size, throwOnEndOfStream: false) < size)
                throw new SoundException($"The page at byte {begins} is cut off.");

            Compare(begins, page.AsSpan(0, Head + segments + size));
            if (stream is null ? (head[5] & 2) == 0 : (head[5] & 2) != 0 || stream != BinaryPrimitives.ReadUInt32LittleEndian(head[14..]))
                throw new SoundException($"At byte {begins} begins another stream; one is read.");
            if (BinaryPrimitives.ReadUInt32LittleEndian(head[18..]) != number || ((head[5] & 1) != 0) != goesOn)
                throw new SoundException($"Before byte {begins} a page is missing.");

            stream = BinaryPrimitives.ReadUInt32LittleEndian(head[14..]);
            Granule = BinaryPrimitives.ReadInt64LittleEndian(head[6..]);
            IsLast = (head[5] & 4) != 0;
            (number, segment, at) = (number + 1, 0, Head + segments);
        }
        while (segments == 0);

        return true;
    }

    private static void Compare(long begins, Span<byte> whole)
    {
        var said = BinaryPrimitives.ReadUInt32LittleEndian(whole[22..]);
        whole[22..26].Clear();
        var sum = 0u;
        foreach (var one in whole)
            sum = sum << 8 ^ Sums[sum >> 24 ^ one];
        if (sum != said)
            throw new SoundException($"The page at byte {begins} does not agree with its check sum.");
    }

    private static uint SumOf(int one)
    {
        var sum = (uint)one << 24;
        for (var bit = 0; bit < 8; bit++)
            sum = (sum & 0x80000000) != 0 ? sum << 1 ^ 0x04C11DB7 : sum << 1;
        return sum;
    }
}

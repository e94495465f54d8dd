using System.Buffers.Binary;

namespace CallCenter.Sound.Tests.Files;

/// <summary>Writes pages of an Ogg file, one packet each, with the right check sum.</summary>
internal static class OggWriter
{
    public static byte[] Page(byte[] packet, int number, long granule, int flags)
    {
        byte[] lengths = [.. Enumerable.Repeat((byte)255, packet.Length / 255), (byte)(packet.Length % 255)];
        byte[] page = [.. "OggS"u8, 0, (byte)flags, .. new byte[20], (byte)lengths.Length, .. lengths, .. packet];
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(14), 7);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(18), number);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), Sum(page));
        return page;
    }

    private static uint Sum(byte[] page)
    {
        var sum = 0u;
        foreach (var one in page)
        {
            sum ^= (uint)one << 24;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum & 0x80000000) != 0 ? sum << 1 ^ 0x04C11DB7 : sum << 1;
        }

        return sum;
    }
}

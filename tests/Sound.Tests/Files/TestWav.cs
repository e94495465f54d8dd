using System.Buffers.Binary;
using System.Text;

namespace CallCenter.Sound.Tests.Files;

/// <summary>Writes WAV files in each of their codings.</summary>
internal static class TestWav
{
    public static byte[] Of(int encoding, int bits, int rate, double[][] channels)
    {
        var width = bits / 8;
        var data = new byte[channels[0].Length * channels.Length * width];
        for (var i = 0; i < channels[0].Length; i++)
            for (var channel = 0; channel < channels.Length; channel++)
                Write(data.AsSpan(((i * channels.Length) + channel) * width, width), encoding,
                    Math.Clamp(channels[channel][i], -1, 0.99999));

        var head = new byte[44];
        Encoding.ASCII.GetBytes("RIFF....WAVEfmt ", head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), 36 + data.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(20), (short)encoding);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(22), (short)channels.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(28), rate * width * channels.Length);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(32), (short)(width * channels.Length));
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(34), (short)bits);
        Encoding.ASCII.GetBytes("data", head.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(40), data.Length);
        return [.. head, .. data];
    }

    private static void Write(Span<byte> to, int encoding, double sample)
    {
        if (encoding == 3 && to.Length == 4)
            BinaryPrimitives.WriteSingleLittleEndian(to, (float)sample);
        else if (encoding == 3)
            BinaryPrimitives.WriteDoubleLittleEndian(to, sample);
        else if (encoding == 6)
            to[0] = ALaw((int)(sample * 32768));
        else if (encoding == 7)
            to[0] = MuLaw((int)(sample * 32768));
        else if (to.Length == 1)
            to[0] = (byte)(128 + Math.Floor(sample * 128));
        else
            for (var (value, i) = ((long)Math.Floor(sample * (1L << (8 * to.Length) - 1)), 0); i < to.Length; i++)
                to[i] = (byte)(value >> 8 * i);
    }

    // As ITU-T G.711 draws them: a sign, the power of two, and four bits below it.
    private static byte ALaw(int sample)
    {
        var (sign, size) = sample >= 0 ? (0x80, sample >> 3) : (0, -sample - 1 >> 3);
        var segment = 0;
        for (var edge = 0x1F; size > edge && segment < 7; edge = edge << 1 | 1)
            segment++;
        return (byte)((sign | segment << 4 | size >> Math.Max(1, segment) & 15) ^ 0x55);
    }

    private static byte MuLaw(int sample)
    {
        var (sign, size) = sample < 0 ? (0x80, -sample) : (0, sample);
        size = Math.Min(size, 32635) + 0x84;
        var segment = int.Log2(size) - 7;
        return (byte)~(sign | segment << 4 | size >> segment + 3 & 15);
    }
}

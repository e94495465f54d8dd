using System.Buffers.Binary;
using System.Text;

namespace CallCenter.Calls.Tests.Recordings;

/// <summary>Sound files made by hand, right or wrong.</summary>
internal static class WavFile
{
    public static byte[] Of(int encoding = 1, int channels = 1, int rate = 8000, int bits = 16, int bytes = 16000,
        byte[][]? before = null) =>
        Riff([Format(encoding, channels, rate, bits), .. before ?? [], Chunk("data", new byte[bytes])]);

    /// <summary>A recording that no other test has.</summary>
    public static byte[] Unique(Guid id)
    {
        var file = Of();
        id.ToByteArray().CopyTo(file, 44);
        return file;
    }

    public static byte[] With(int offset, uint value)
    {
        var file = Of();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        return file;
    }

    public static byte[] With16(int offset, ushort value)
    {
        var file = Of();
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
        return file;
    }

    public static byte[] Format(int encoding, int channels, int rate, int bits)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)encoding);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(format.AsSpan(4), (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(format.AsSpan(8), (uint)(rate * channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), (ushort)(channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)bits);
        return Chunk("fmt ", format);
    }

    public static byte[] Chunk(string name, byte[] content)
    {
        var chunk = new byte[8 + content.Length + content.Length % 2];
        Encoding.ASCII.GetBytes(name, chunk);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(4), (uint)content.Length);
        content.CopyTo(chunk, 8);
        return chunk;
    }

    public static byte[] Riff(params byte[][] chunks)
    {
        var length = chunks.Sum(c => c.Length);
        var file = new byte[12 + length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)(4 + length));
        "WAVE"u8.CopyTo(file.AsSpan(8));
        var at = 12;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(file, at);
            at += chunk.Length;
        }

        return file;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace CallCenter.Demo;

/// <summary>A short recording that nobody spoke: two voices of tones taking turns, 8 kHz, 16 bit, mono.</summary>
internal static class Recording
{
    private const int Rate = 8000;

    public static byte[] Of(int seed, int seconds = 2)
    {
        var random = new Random(seed);
        var samples = new short[Rate * seconds];
        for (var turn = 0; turn < seconds * 4; turn++)
        {
            var pitch = turn % 2 == 0 ? random.Next(110, 160) : random.Next(180, 260);
            for (var i = turn * Rate / 4; i < (turn + 1) * Rate / 4; i++)
            {
                var syllable = Math.Pow(Math.Sin(Math.PI * (i % 1600) / 1600.0), 2);
                samples[i] = (short)(6000 * syllable * (
                    Math.Sin(2 * Math.PI * pitch * i / Rate) + 0.4 * Math.Sin(6 * Math.PI * pitch * i / Rate)));
            }
        }

        var wav = new byte[44 + samples.Length * 2];
        Encoding.ASCII.GetBytes("RIFF").CopyTo(wav, 0);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        Encoding.ASCII.GetBytes("WAVEfmt ").CopyTo(wav, 8);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        Encoding.ASCII.GetBytes("data").CopyTo(wav, 36);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), samples.Length * 2);
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + i * 2), samples[i]);

        return wav;
    }
}

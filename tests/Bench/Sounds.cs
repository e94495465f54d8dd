using CallCenter.Sound.Files;
using CallCenter.Sound.Speech;
using CallCenter.Sound.Tests.Files;
using CallCenter.Sound.Tests.Speech;
using Concentus;
using Concentus.Enums;

namespace CallCenter.Bench;

/// <summary>How much sound is read and listened to in a second of one core, by what it is coded in.</summary>
internal sealed class Sounds(Report report)
{
    private const int Seconds = 600;
    private const int Goal = 100;
    private const int OpusRate = 48_000;
    private const int OpusFrame = OpusRate / 50;

    public Task Measure()
    {
        var call = TwoSidedCall.Of(seed: 1, Seconds, Noise.White);
        var vectors = Path.Combine(AppContext.BaseDirectory, "../../../../tests/Sound.Tests/Vectors");
        Measure("WAV of 16 bits, two channels", TestWav.Of(1, 16, TwoSidedCall.Rate, call.Channels));
        Measure("WAV in µ-law, two channels", TestWav.Of(7, 8, TwoSidedCall.Rate, call.Channels));
        Measure("GSM 6.10", Repeated(File.ReadAllBytes(Path.Combine(vectors, "sweep.gsm"))));
        Measure("MP3, two channels", Repeated(File.ReadAllBytes(Path.Combine(vectors, "two-channels.mp3"))));
        Measure("Opus, two channels", Opus(call.Channels));
        return Task.CompletedTask;
    }

    private void Measure(string what, byte[] file)
    {
        Listen(file); // warm
        var before = Environment.CpuUsage.TotalTime;
        var heard = Listen(file);
        report.AtLeast($"Listening to {what}, on one core", (double)heard.Seconds / (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            Goal, "times real time");
    }

    private static HeardSound Listen(byte[] file)
    {
        using var sound = SoundFile.Open(new MemoryStream(file));
        return Listening.Listen(sound);
    }

    // Each is of two seconds, and goes on where it ends.
    private static byte[] Repeated(byte[] file) => [.. Enumerable.Repeat(file, Seconds / 2).SelectMany(one => one)];

    private static byte[] Opus(double[][] channels)
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        var encoder = OpusCodecFactory.CreateEncoder(OpusRate, 2, OpusApplication.OPUS_APPLICATION_VOIP);
        var pages = new List<byte[]>
        {
            OggWriter.Page([.. "OpusHead\u0001\u0002"u8, .. new byte[9]], 0, 0, flags: 2), OggWriter.Page([.. "OpusTags"u8], 1, 0, flags: 0),
        };
        var (samples, packet) = (new float[OpusFrame * 2], new byte[1275]);
        var count = Seconds * OpusRate / OpusFrame;
        for (var frame = 0; frame < count; frame++)
        {
            for (var i = 0; i < samples.Length; i++)
                samples[i] = (float)channels[i % 2][((frame * OpusFrame) + (i / 2)) / (OpusRate / TwoSidedCall.Rate)];
            var length = encoder.Encode(samples, OpusFrame, packet, packet.Length);
            pages.Add(OggWriter.Page(packet[..length], frame + 2, (frame + 1L) * OpusFrame, flags: frame == count - 1 ? 4 : 0));
        }

        return [.. pages.SelectMany(page => page)];
    }
}

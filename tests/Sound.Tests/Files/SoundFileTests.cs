using System.Buffers.Binary;
using System.Security.Cryptography;
using CallCenter.Sound.Files;
using CallCenter.Testing;

namespace CallCenter.Sound.Tests.Files;

public sealed class SoundFileTests
{
    // What libgsm 1.0.22 (toast -d -l) and libsndfile 1.2.0 make of the two files: bit for bit the same.
    private const string SweepSha256 = "27ce4aac14a11807b6e2d18fb24c99c19958d5177efa8f5f6e731aa4f93f4a7d";

    [Theory]
    [InlineData("sweep.gsm")]
    [InlineData("sweep-gsm.wav")]
    public void gsm_is_decoded_bit_for_bit_as_the_standard_says(string file)
    {
        using var sound = SoundFile.Open(new MemoryStream(Vector(file)));

        var samples = All(sound);

        sound.Format.Should().BeEquivalentTo(new { Channels = 1, SampleRate = 8000, Seconds = 2m });
        Convert.ToHexStringLower(SHA256.HashData(Bytes(samples))).Should().Be(SweepSha256);
    }

    [Theory]
    [InlineData("two-channels.mp3", SoundKind.Mp3, 2, 16000, 2.0, 0.2)]
    [InlineData("sweep-vbr.mp3", SoundKind.Mp3, 1, 8000, 2.0, 0.3)]
    [InlineData("two-channels.opus", SoundKind.OggOpus, 2, 16000, 2.0, 0.001)]
    public void compressed_sound_is_as_long_as_it_says_and_its_channels_stay_apart(
        string file, SoundKind kind, int channels, int rate, double seconds, double padding)
    {
        using var sound = SoundFile.Open(new MemoryStream(Vector(file)));

        var samples = All(sound);

        sound.Format.Should().BeEquivalentTo(new { Kind = kind, Channels = channels, SampleRate = rate });
        ((double)sound.Format.Seconds).Should().BeInRange(seconds, seconds + padding);
        (samples.Count / (double)channels / rate).Should().BeApproximately((double)sound.Format.Seconds, 0.001);
        if (channels == 1)
            return;
        // The left one speaks in the first second, the right one in the other.
        var (first, second) = (samples[..(rate * channels * 8 / 10)], samples[(rate * channels * 12 / 10)..]);
        Power(first, 0).Should().BeGreaterThan(100 * Power(first, 1));
        Power(second, 1).Should().BeGreaterThan(100 * Power(second, 0));
    }

    [Theory]
    [InlineData(1, 8, 0.01)]
    [InlineData(1, 16, 0.0001)]
    [InlineData(1, 24, 0.000001)]
    [InlineData(1, 32, 0.000001)]
    [InlineData(3, 32, 0.000001)]
    [InlineData(3, 64, 0.000001)]
    [InlineData(6, 8, 0.02)]
    [InlineData(7, 8, 0.02)]
    public void each_coding_of_a_wav_gives_the_samples_that_went_in(int encoding, int bits, double within)
    {
        var wave = Enumerable.Range(0, 8000).Select(i => 0.8 * Math.Sin(i / 7.0)).ToArray();

        using var sound = SoundFile.Open(new MemoryStream(TestWav.Of(encoding, bits, 8000, [wave])));

        All(sound).Select((sample, i) => Math.Abs(sample - wave[i])).Max().Should().BeLessThan(within);
    }

    [Theory]
    [InlineData("sweep.gsm", "frames of 33")]
    [InlineData("sweep-gsm.wav", "header says")]
    [InlineData("two-channels.mp3", "cut off")]
    [InlineData("sweep-vbr.mp3", "cut off")]
    [InlineData("two-channels.opus", "cut off")]
    public void what_is_cut_off_is_refused(string file, string why)
    {
        var open = () => SoundFile.Open(new MemoryStream(Vector(file)[..^50]));

        open.Should().Throw<SoundException>().WithMessage($"*{why}*");
    }

    public static TheoryData<string, byte[], string> Lying => new()
    {
        { "nothing", [], "RIFF" },
        { "GSM with noise in the middle", Changed("sweep.gsm", 33 * 50, 0), "no frame" },
        { "MP3 with noise in the middle", Changed("two-channels.mp3", SecondMp3Frame * 3, 0), "no MP3 frame" },
        { "MP3 of one frame's beginning", Vector("two-channels.mp3")[..10], "cut off" },
        { "MP3 of a tag alone", [.. "ID3"u8, 3, 0, 0, 0, 0, 0, 0], "no sound" },
        { "MP3 with a tag longer than the file", [.. "ID3"u8, 3, 0, 0, 127, 127, 127, 127], "longer than the file" },
        { "MP3 with a tag of no length", [.. "ID3"u8, 3, 0, 0, 255, 255, 255, 255], "longer than the file" },
        { "Ogg with a flipped bit", Changed("two-channels.opus", 5000, 0x55), "check sum" },
        { "Ogg that is not Opus", Ogg([.. "\u0001vorbis"u8, .. new byte[30]], [1]), "not of Opus" },
        { "Opus of nine channels", Ogg([.. "OpusHead\u0001\u0009"u8, .. new byte[9]], [1]), "9 channels" },
        { "Opus without tags", Ogg([.. "OpusHead\u0001\u0001"u8, .. new byte[9]], [1]), "tags" },
        { "Opus of no packet", Ogg([.. "OpusHead\u0001\u0001"u8, .. new byte[9]], [.. "OpusTags"u8]), "no sound" },
        { "Opus that says it is a year long",
            Ogg([.. "OpusHead\u0001\u0001"u8, .. new byte[9]], [.. "OpusTags"u8], [0x08, 0], [0x08, 0]), "says that it ends at 31536000 s" },
        { "GSM in a WAV of two channels", Changed("sweep-gsm.wav", 22, 2), "one channel" },
    };

    [Theory]
    [MemberData(nameof(Lying))]
    public void what_contradicts_itself_says_so(string what, byte[] file, string why)
    {
        var open = () => SoundFile.Open(new MemoryStream(file));

        open.Should().Throw<SoundException>(what).WithMessage($"*{why}*");
    }

    // A file that somebody has made by hand ends in a sentence, whatever it is, and in no time.
    [Theory]
    [InlineData("sweep.gsm")]
    [InlineData("sweep-gsm.wav")]
    [InlineData("two-channels.mp3")]
    [InlineData("sweep-vbr.mp3")]
    [InlineData("two-channels.opus")]
    public void no_change_of_a_file_does_worse_than_being_refused(string file)
    {
        var random = new Random(20261130);
        var whole = Vector(file);
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            var broken = whole[..random.Next(1, whole.Length + 1)];
            if (i % 2 == 0)
                broken = (byte[])whole.Clone();
            for (var j = random.Next(1, 20); j > 0; j--)
                broken[random.Next(i % 3 == 0 ? Math.Min(200, broken.Length) : broken.Length)] = (byte)random.Next(256);
            try
            {
                using var sound = SoundFile.Open(new MemoryStream(broken));
                All(sound);
            }
            catch (SoundException)
            {
                refused++;
            }
        }

        refused.Should().BePositive();
    }

    private const int SecondMp3Frame = 144;

    internal static byte[] Vector(string file) => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Sound.Tests", "Vectors", file));

    internal static List<float> All(SoundFile sound)
    {
        var all = new List<float>();
        for (var block = sound.Next(); !block.IsEmpty; block = sound.Next())
            all.AddRange(block);
        return all;
    }

    private static double Power(List<float> samples, int channel) =>
        samples.Where((_, i) => i % 2 == channel).Average(sample => sample * sample);

    private static byte[] Bytes(List<float> samples)
    {
        var bytes = new byte[samples.Count * 2];
        for (var i = 0; i < samples.Count; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)(samples[i] * 32768));
        return bytes;
    }

    private static byte[] Changed(string file, int at, byte to)
    {
        var bytes = Vector(file);
        bytes[at] = bytes[at] == to ? (byte)~to : to;
        return bytes;
    }

    // Its fourth page says that it ends after a year.
    private static byte[] Ogg(params byte[][] packets) => [.. packets.SelectMany((one, i) => OggWriter.Page(
        one, i, granule: i == 3 ? 48_000L * 3600 * 24 * 365 : 0, flags: (i == 0 ? 2 : 0) | (i == packets.Length - 1 ? 4 : 0)))];
}

using CallCenter.Sound.Files;

namespace CallCenter.Calls.Tests.Recordings;

public sealed class WavTests
{
    [Theory]
    [InlineData(1, 1, 8000, 16, 16000)]
    [InlineData(1, 2, 44100, 16, 176400)]
    [InlineData(7, 1, 8000, 8, 8000)]
    public void a_sound_file_says_how_long_it_is(int encoding, int channels, int rate, int bits, int bytes) =>
        Read(WavFile.Of(encoding, channels, rate, bits, bytes)).Seconds.Should().Be(1m);

    [Fact]
    public void chunks_that_are_not_audio_are_passed_over() =>
        Read(WavFile.Of(1, 1, 8000, 16, 16000, before: [WavFile.Chunk("LIST", new byte[27]), WavFile.Chunk("fact", new byte[4])]))
            .AudioBytes.Should().Be(16000);

    [Fact]
    public void a_missing_pad_byte_at_the_end_is_forgiven() =>
        Read(WavFile.Of(6, 1, 8000, 8, 7999)[..^1]).AudioBytes.Should().Be(7999);

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "nothing", [] },
        { "something else", [.. "MThd\0\0\0\u0006"u8, .. new byte[100]] },
        { "RF64", [.. "RF64"u8, .. WavFile.Of()[4..]] },
        { "cut off", WavFile.Of()[..^100] },
        { "audio of 0xFFFFFFFF bytes", WavFile.With(40, uint.MaxValue) },
        { "audio of no bytes", WavFile.With(40, 0) },
        { "audio longer than the file", WavFile.With(40, 16002) },
        { "whole file of 0xFFFFFFFF bytes", WavFile.With(4, uint.MaxValue) },
        { "no channels", WavFile.With16(22, 0) },
        { "nine channels", WavFile.With16(22, 9) },
        { "no rate", WavFile.With(24, 0) },
        { "a rate of 4 GHz", WavFile.With(24, 4_000_000_000) },
        { "0 bits", WavFile.With16(34, 0) },
        { "7 bits", WavFile.With16(34, 7) },
        { "255 bits", WavFile.With16(34, 255) },
        { "a block of 65535 bytes", WavFile.With16(32, 65535) },
        { "an unknown encoding", WavFile.With16(20, 85) },
        { "audio that ends within a sample", WavFile.Of(1, 1, 8000, 16, 15999) },
        { "audio before its format", WavFile.Riff(WavFile.Chunk("data", new byte[16]), WavFile.Format(1, 1, 8000, 16)) },
        { "no audio", WavFile.Riff(WavFile.Format(1, 1, 8000, 16)) },
        { "a million chunks", WavFile.Riff([.. Enumerable.Repeat(WavFile.Chunk("junk", []), 1_000_000)]) },
        { "a chunk of chunks that never ends", WavFile.Riff([.. Enumerable.Repeat(WavFile.Chunk("LIST", new byte[4]), 200)]) },
    };

    public static TheoryData<string, byte[]> BrokenAndSmall =>
        [.. Broken.Select(row => row.Data)
            .Where(row => row.Item2.Length < 100_000),
            ("ten thousand chunks", WavFile.Riff([.. Enumerable.Repeat(WavFile.Chunk("junk", []), 10_000)]))];

    [Theory]
    [MemberData(nameof(Broken))]
    public void what_is_broken_is_refused_in_little_memory(string what, byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var read = () => Read(file);

        read.Should().Throw<SoundException>(what);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    private static Wav Read(byte[] file) => Wav.Read(new MemoryStream(file));
}

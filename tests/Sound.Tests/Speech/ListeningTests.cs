using CallCenter.Sound.Files;
using CallCenter.Sound.Speech;
using CallCenter.Sound.Tests.Files;

namespace CallCenter.Sound.Tests.Speech;

public sealed class ListeningTests
{
    [Theory]
    [InlineData(Noise.White, 10, 1)]
    [InlineData(Noise.White, 10, 2)]
    [InlineData(Noise.White, 10, 3)]
    [InlineData(Noise.Hum, 10, 4)]
    [InlineData(Noise.Hum, 10, 5)]
    [InlineData(Noise.White, 20, 6)]
    [InlineData(Noise.White, 40, 7)]
    public void of_100_frames_95_are_right_and_speech_begins_and_ends_within_100_ms(Noise noise, double signalToNoise, int seed)
    {
        var call = TwoSidedCall.Of(seed, 300, noise, signalToNoise);

        var heard = Listen(TestWav.Of(1, 16, TwoSidedCall.Rate, call.Channels));

        for (var channel = 0; channel < 2; channel++)
        {
            var (truth, found) = (call.TrueFrames(channel), heard.Channels[channel].Speech);
            var right = Enumerable.Range(0, truth.Count).Count(frame => truth[frame] == found[frame]);
            ((double)right / truth.Count).Should().BeGreaterThanOrEqualTo(0.95, $"of channel {channel + 1}");
            found.Ranges().Should().HaveCount(truth.Ranges().Count, $"in channel {channel + 1}");
            foreach (var (is_, should) in found.Ranges().Zip(truth.Ranges()))
            {
                is_.From.Should().BeCloseTo(should.From, 10);
                is_.To.Should().BeCloseTo(should.To, 10);
            }
        }

        heard.IsMonoAsStereo.Should().BeFalse();
        heard.Channels.Should().OnlyContain(channel => !channel.IsDead && channel.Keys.Count == 0);
    }

    [Fact]
    public void noise_that_grows_in_a_call_is_not_taken_for_speech()
    {
        var call = TwoSidedCall.Of(8, 300, Noise.White, signalToNoise: 25);
        var random = new Random(9);
        for (var i = 150 * TwoSidedCall.Rate; i < call.Channels[0].Length; i++)
            call.Channels[0][i] += 0.02 * ((2 * random.NextDouble()) - 1);

        var found = Listen(TestWav.Of(1, 16, TwoSidedCall.Rate, call.Channels)).Channels[0].Speech;

        var truth = call.TrueFrames(0);
        Enumerable.Range(0, truth.Count).Count(frame => truth[frame] == found[frame]).Should().BeGreaterThan(truth.Count * 95 / 100);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(11025)]
    [InlineData(44100)]
    public void keys_that_were_pressed_are_found_and_are_no_speech(int rate)
    {
        const string Pressed = "0123456789*#ABCD";
        var line = new double[rate * 8];
        var random = new Random(10);
        for (var i = 0; i < line.Length; i++)
            line[i] = 0.02 * ((2 * random.NextDouble()) - 1);
        for (var key = 0; key < Pressed.Length; key++)
            for (var i = 0; i < rate * 60 / 1000; i++)
            {
                var (low, high) = Tones(Pressed[key]);
                line[(rate * (500 + (200 * key)) / 1000) + i] +=
                    0.2 * (Math.Sin(2 * Math.PI * low * i / rate) + Math.Sin(2 * Math.PI * high * i / rate));
            }

        var heard = Listen(TestWav.Of(1, 16, rate, [line])).Channels.Single();

        string.Concat(heard.Keys.Select(tone => tone.Key)).Should().Be(Pressed);
        heard.Keys.Select((tone, key) => Math.Abs(tone.Frames.From - (50 + (20 * key)))).Max().Should().BeLessThanOrEqualTo(2);
        heard.Speech.Yes.Should().Be(0);

        static (int, int) Tones(char key) => "123A456B789C*0#D".IndexOf(key) is var at
            ? (new[] { 697, 770, 852, 941 }[at / 4], new[] { 1209, 1336, 1477, 1633 }[at % 4]) : default;
    }

    [Fact]
    public void levels_clipping_and_a_dead_channel_are_told()
    {
        var loud = Enumerable.Range(0, 80_000).Select(i => Math.Clamp(2 * Math.Sin(2 * Math.PI * 500 * i / 8000), -1, 1)).ToArray();

        var heard = Listen(TestWav.Of(1, 16, 8000, [loud, new double[80_000]]));

        heard.Seconds.Should().Be(10);
        heard.Channels[0].Speech.Count.Should().Be(1000);
        heard.Channels[0].Clipped.Should().BeInRange(0.5, 0.8);
        heard.Channels[0].Peak.Should().BeApproximately(0, 0.1);
        heard.Channels[0].IsDead.Should().BeFalse();
        heard.Channels[1].Should().BeEquivalentTo(new { IsDead = true, Clipped = 0.0, SpeechLevel = (double?)null });
        heard.Channels[0].Highest.Should().HaveCount(100).And.OnlyContain(peak => peak == 127);
    }

    [Fact]
    public void full_scale_of_a_coding_is_full_scale()
    {
        var loud = Enumerable.Range(0, 8_000).Select(i => Math.Clamp(2 * Math.Sin(2 * Math.PI * 500 * i / 8000), -1, 1)).ToArray();
        var soft = loud.Select(x => x / 2).ToArray();

        foreach (var encoding in new[] { 6, 7 })
        {
            Listen(TestWav.Of(encoding, 8, 8000, [loud])).Channels[0].Clipped.Should().BeGreaterThan(0.5);
            Listen(TestWav.Of(encoding, 8, 8000, [soft])).Channels[0].Clipped.Should().Be(0);
        }
    }

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.3, true)]
    [InlineData(0.0, false)]
    public void one_sound_in_two_channels_is_told(double gain, bool same)
    {
        var call = TwoSidedCall.Of(11, 30, Noise.White);
        double[] other = gain > 0 ? [.. call.Channels[0].Select(x => gain * x)] : call.Channels[1];

        Listen(TestWav.Of(1, 16, TwoSidedCall.Rate, [call.Channels[0], other])).IsMonoAsStereo.Should().Be(same);
    }

    [Fact]
    public void hours_are_listened_to_in_little_memory()
    {
        using var sound = SoundFile.Open(new Silence(hours: 4));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Listening.Listen(sound).Seconds.Should().Be(4 * 3600);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20);
    }

    private static HeardSound Listen(byte[] file)
    {
        using var sound = SoundFile.Open(new MemoryStream(file));
        return Listening.Listen(sound);
    }

    /// <summary>A WAV of nothing, made as it is read.</summary>
    private sealed class Silence : Stream
    {
        private readonly byte[] head;

        public Silence(int hours)
        {
            head = TestWav.Of(7, 8, 8000, [new double[1]])[..44];
            Length = 44 + (hours * 3600L * 8000);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), (uint)(Length - 8));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(40), (uint)(Length - 44));
        }

        public override long Length { get; }
        public override long Position { get; set; }
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, Length - Position);
            for (var i = 0; i < count; i++)
                buffer[offset + i] = Position + i < head.Length ? head[Position + i] : (byte)0xFF;
            Position += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

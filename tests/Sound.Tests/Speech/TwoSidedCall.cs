using CallCenter.Sound.Speech;

namespace CallCenter.Sound.Tests.Speech;

public enum Noise { White, Hum }

/// <summary>
/// A made-up call of two channels, of which is known who speaks when: voices of pulses through formants and of shaped noise, syllable by
/// syllable, in noise so many dB below.
/// </summary>
internal sealed class TwoSidedCall
{
    public const int Rate = 8000;

    public required double[][] Channels { get; init; }

    /// <summary>Who speaks when, each in seconds.</summary>
    public required IReadOnlyList<(double From, double To)>[] Truth { get; init; }

    public static TwoSidedCall Of(int seed, double seconds, Noise noise, double signalToNoise = 10)
    {
        var random = new Random(seed);
        IReadOnlyList<(double, double)>[] truth = [Spurts(random, seconds), Spurts(random, seconds)];
        return new()
        {
            Truth = truth,
            Channels = [.. truth.Select((spurts, i) => Channel(random, seconds, spurts, 110 + (90 * i), noise, signalToNoise))],
        };
    }

    public Frames TrueFrames(int channel) => Frames.Of(
        [.. Truth[channel].Select(spurt => new FrameRange((int)Math.Round(spurt.From * 100), (int)Math.Round(spurt.To * 100)))],
        Channels[channel].Length * 100 / Rate);

    private static List<(double, double)> Spurts(Random random, double seconds)
    {
        var spurts = new List<(double, double)>();
        for (var at = 0.5 + (2 * random.NextDouble()); at < seconds - 1;)
        {
            var to = Math.Min(seconds - 0.5, at + 0.5 + (5 * random.NextDouble()));
            spurts.Add((at, to));
            at = to + 0.5 + (5 * random.NextDouble());
        }

        return spurts;
    }

    private static double[] Channel(
        Random random, double seconds, IReadOnlyList<(double From, double To)> spurts, double pitch, Noise noise, double signalToNoise)
    {
        var channel = new double[(int)(seconds * Rate)];
        var (power, spoken) = (0.0, 0L);
        foreach (var (from, to) in spurts)
        {
            var voice = Voice(random, (int)((to - from) * Rate), pitch);
            for (var i = 0; i < voice.Length; i++)
            {
                channel[(int)(from * Rate) + i] += voice[i];
                power += voice[i] * voice[i];
            }

            spoken += voice.Length;
        }

        var level = Math.Sqrt(power / spoken / Math.Pow(10, signalToNoise / 10));
        for (var i = 0; i < channel.Length; i++)
            channel[i] += level * (noise is Noise.White ? Gauss(random) : Hum(i));
        return channel;
    }

    // Syllables of 120 to 280 ms, each with a vowel; before every third a consonant.
    private static double[] Voice(Random random, int length, double pitch)
    {
        var voice = new double[length];
        for (var at = 0; at < length;)
        {
            var syllable = Math.Min(length - at, (int)(Rate * (0.12 + (0.16 * random.NextDouble()))));
            var vowel = new[] { 300 + (500 * random.NextDouble()), 900 + (1200 * random.NextDouble()), 2300 + (600 * random.NextDouble()) }
                .Select(hertz => new Resonance(hertz)).ToArray();
            var consonant = new Resonance(2500);
            var consonants = random.Next(3) == 0 ? syllable / 4 : 0;
            for (var (i, phase) = (0, 0.0); i < syllable; i++)
            {
                phase += pitch * (1 + (0.1 * Math.Sin(2 * Math.PI * 3 * i / Rate))) / Rate;
                var pulse = phase >= 1 ? 1.0 : 0;
                phase -= pulse;
                var sound = i < consonants ? 0.05 * consonant.Next(Gauss(random)) : vowel.Sum(formant => formant.Next(pulse));
                voice[at + i] = 0.1 * (0.5 + (0.5 * Math.Sin(Math.PI * i / syllable))) * sound;
            }

            at += syllable;
        }

        return voice;
    }

    // The mains and what they bring along, of power 1.
    private static double Hum(int sample) =>
        new[] { (50, 1.0), (100, 0.7), (150, 0.5), (250, 0.3), (350, 0.2) }
            .Sum(tone => tone.Item2 * Math.Sin(2 * Math.PI * tone.Item1 * sample / Rate)) / 0.967;

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Resonance(double hertz)
    {
        private readonly double turn = 2 * 0.97 * Math.Cos(2 * Math.PI * hertz / Rate);
        private double y1, y2;

        public double Next(double x)
        {
            (y1, y2) = (x + (turn * y1) - (0.97 * 0.97 * y2), y1);
            return y1;
        }
    }
}

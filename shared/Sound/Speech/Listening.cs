using CallCenter.Sound.Files;

namespace CallCenter.Sound.Speech;

/// <summary>What was heard of a channel. Levels are in dB of full scale.</summary>
/// <param name="Speech">Who it is, they speak in these frames. The tones of keys are no speech.</param>
/// <param name="SpeechLevel">Mean power where there is speech; null where there is none.</param>
/// <param name="NoiseLevel">Mean power elsewhere; null where there is nothing else.</param>
/// <param name="Clipped">Share of the samples that stand at full scale, three or more in a row.</param>
/// <param name="IsDead">Nothing was recorded of it.</param>
/// <param name="Lowest">Of each tenth of a second, in 127ths of full scale.</param>
/// <param name="Highest">Likewise.</param>
public sealed record HeardChannel(
    Frames Speech, double? SpeechLevel, double? NoiseLevel, double Peak, double Clipped, bool IsDead, IReadOnlyList<KeyTone> Keys,
    sbyte[] Lowest, sbyte[] Highest);

/// <param name="IsMonoAsStereo">Its two channels are one sound, so that nobody can say who speaks.</param>
public sealed record HeardSound(decimal Seconds, IReadOnlyList<HeardChannel> Channels, bool IsMonoAsStereo);

/// <summary>Listens to a whole sound once. What is kept of it meanwhile are a few bytes for each 10 ms.</summary>
public static class Listening
{
    private const double Same = 0.97;

    /// <exception cref="SoundException">It is broken.</exception>
    public static HeardSound Listen(SoundFile sound, CancellationToken cancellation = default)
    {
        var ears = Enumerable.Range(0, sound.Format.Channels).Select(_ => new Ear(sound.Format.SampleRate, sound.FullScale)).ToArray();
        var (xx, yy, xy, samples) = (0.0, 0.0, 0.0, 0L);
        for (var block = sound.Next(); !block.IsEmpty; block = sound.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i + ears.Length <= block.Length; i += ears.Length)
                for (var channel = 0; channel < ears.Length; channel++)
                    ears[channel].Take(block[i + channel]);
            samples += block.Length / ears.Length;
            if (ears.Length != 2)
                continue;
            for (var i = 0; i + 1 < block.Length; i += 2)
            {
                var (x, y) = (block[i], block[i + 1]);
                (xx, yy, xy) = (xx + (x * x), yy + (y * y), xy + (x * y));
            }
        }

        return new(Math.Round((decimal)samples / sound.Format.SampleRate, 3), [.. ears.Select(ear => ear.Heard())],
            xx > 0 && yy > 0 && Math.Abs(xy) / Math.Sqrt(xx * yy) >= Same);
    }
}

/// <summary>One channel, sample by sample.</summary>
internal sealed class Ear(int rate, float fullScale)
{
    private const int Frame = TelephoneBand.Rate / Frames.PerSecond;
    private const int PeaksPerSecond = 10;
    private const double DeadBelow = -60; // dB
    private const int LeastClipped = 3; // in a row

    private readonly TelephoneBand band = new(rate);
    private readonly KeyTones keys = new();
    private readonly double[] frame = new double[Frame];
    private readonly List<short> levels = [];
    private readonly List<sbyte> lowest = [];
    private readonly List<sbyte> highest = [];
    private readonly float full = fullScale * 0.999f;
    private Action<double>? handOn;
    private int inFrame;
    private long samples;
    private long clipped;
    private int atFull;
    private float peak;
    private (float Low, float High) tenth;

    public void Take(float sample)
    {
        var size = Math.Abs(sample);
        peak = Math.Max(peak, size);
        if (size >= full && ++atFull >= LeastClipped)
            clipped += atFull == LeastClipped ? LeastClipped : 1;
        else if (size < full)
            atFull = 0;

        tenth = (Math.Min(tenth.Low, sample), Math.Max(tenth.High, sample));
        if (++samples * PeaksPerSecond / rate > lowest.Count)
            KeepPeaks();
        band.Take(sample, handOn ??= TakeInBand);
    }

    public HeardChannel Heard()
    {
        if (inFrame > 0)
            EndFrame();
        keys.End();
        if (samples * PeaksPerSecond % rate != 0)
            KeepPeaks();

        // With what rings before and after them.
        var tones = Frames.Of(
            [.. keys.Found.Select(tone => new FrameRange(Math.Max(0, tone.Frames.From - 1), Math.Min(tone.Frames.To + 2, levels.Count)))],
            levels.Count);
        var speech = Frames.Of(SpeechDetector.Detect(Without(tones)), levels.Count).And(tones.Not());
        return new(speech, Level(speech), Level(speech.Or(tones).Not()), Decibels(peak * peak), (double)clipped / Math.Max(1, samples),
            levels.TrueForAll(level => level < DeadBelow * 100), keys.Found, [.. lowest], [.. highest]);
    }

    private void TakeInBand(double sample)
    {
        frame[inFrame++] = sample;
        if (inFrame == Frame)
            EndFrame();
    }

    private void EndFrame()
    {
        frame.AsSpan(inFrame).Clear();
        var power = 0.0;
        foreach (var x in frame)
            power += x * x;
        levels.Add((short)(Decibels(power / Frame) * 100));
        keys.Take(frame);
        inFrame = 0;
    }

    private void KeepPeaks()
    {
        lowest.Add((sbyte)Math.Clamp(MathF.Round(tenth.Low * 127), -127, 0));
        highest.Add((sbyte)Math.Clamp(MathF.Round(tenth.High * 127), 0, 127));
        tenth = default;
    }

    // As if what was there just before had gone on.
    private List<short> Without(Frames tones)
    {
        var others = new List<short>(levels);
        for (var i = 1; i < others.Count; i++)
            if (tones[i])
                others[i] = others[i - 1];
        return others;
    }

    private double? Level(Frames of)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < levels.Count; i++)
            if (of[i])
                (sum, count) = (sum + Math.Pow(10, levels[i] / 1000.0), count + 1);
        return count == 0 ? null : Decibels(sum / count);
    }

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, 1e-12));
}

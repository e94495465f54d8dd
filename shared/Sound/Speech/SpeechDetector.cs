namespace CallCenter.Sound.Speech;

/// <summary>
/// Tells speech from noise by its level, without a model. The noise is what is nearly the quietest around each moment, so that it may
/// change in a call; speech rises above it by so much, goes on until it falls nearly back, and is neither as short as a click nor
/// broken by the pauses in words. What is as loud as speech and comes and goes like it, such as music or a television, is taken for it.
/// </summary>
public static class SpeechDetector
{
    /// <summary>Of the rules here: what was found by older ones is found again.</summary>
    public const int Edition = 1;

    private const int Smoothed = 2; // frames before and after
    private const double Rise = 4; // dB above the noise
    private const double Fall = 2.5;
    private const double Faintest = -55; // dB of full scale, whatever the noise
    private const int Click = 5; // frames
    private const int Pause = 20;
    private const int Shortest = 12;

    /// <param name="levels">Of each frame, in hundredths of dB of full scale.</param>
    public static IReadOnlyList<FrameRange> Detect(IReadOnlyList<short> levels)
    {
        var smooth = Smooth(levels);
        var noise = new NoiseFloor(smooth);
        var spans = new List<FrameRange>();
        for (int frame = 0, from = -1; frame <= smooth.Length; frame++)
        {
            var floor = frame < smooth.Length ? noise.At(frame) : 0;
            if (from < 0 && frame < smooth.Length && smooth[frame] >= Math.Max(floor + Rise, Faintest))
                from = frame;
            else if (from >= 0 && (frame == smooth.Length || smooth[frame] < Math.Max(floor + Fall, Faintest - (Rise - Fall))))
            {
                spans.Add(new(from, frame));
                from = -1;
            }
        }

        return [.. Joined(spans.Where(span => span.Length >= Click), Pause).Where(span => span.Length >= Shortest)];
    }

    /// <summary>Stretches with no more than so many frames between them are one.</summary>
    public static IReadOnlyList<FrameRange> Joined(IEnumerable<FrameRange> spans, int pause)
    {
        var joined = new List<FrameRange>();
        foreach (var span in spans)
            if (joined.Count > 0 && span.From - joined[^1].To <= pause)
                joined[^1] = joined[^1] with { To = span.To };
            else
                joined.Add(span);
        return joined;
    }

    // The mean power of five frames.
    private static float[] Smooth(IReadOnlyList<short> levels)
    {
        var smooth = new float[levels.Count];
        var sum = 0.0;
        for (var frame = -Smoothed; frame < levels.Count; frame++)
        {
            sum += Power(levels, frame + Smoothed) - Power(levels, frame - Smoothed - 1);
            if (frame >= 0)
                smooth[frame] = (float)(10 * Math.Log10(Math.Max(sum / ((2 * Smoothed) + 1), 1e-12)));
        }

        return smooth;
    }

    private static double Power(IReadOnlyList<short> levels, int frame) =>
        frame >= 0 && frame < levels.Count ? Math.Pow(10, levels[frame] / 1000.0) : 0;
}

/// <summary>The level that a tenth of the time around a moment is below, asked for moment after moment.</summary>
internal sealed class NoiseFloor(float[] levels)
{
    private const int Around = 15 * Frames.PerSecond; // on each side
    private const int Every = Frames.PerSecond / 2;
    private const double Share = 0.1;
    private const double Faintest = -75; // dB of full scale: below is no sound of any line
    private const double MostAbove = 8; // dB over that of the whole: a monologue is no noise
    private const int Bins = 240; // of half a dB, from −120

    private readonly int[] counts = new int[Bins];
    private readonly double whole = OfAll(levels);
    private int from;
    private int to;
    private int asked = -Every;
    private double held;

    public double At(int frame)
    {
        if (frame - asked < Every)
            return held;

        asked = frame;
        for (; to < Math.Min(levels.Length, frame + Around); to++)
            counts[Bin(levels[to])]++;
        for (; from < frame - Around; from++)
            counts[Bin(levels[from])]--;
        return held = Math.Min(Lowest(counts, to - from), whole + MostAbove);
    }

    private static double OfAll(float[] levels)
    {
        var counts = new int[Bins];
        foreach (var level in levels)
            counts[Bin(level)]++;
        return Lowest(counts, levels.Length);
    }

    private static double Lowest(int[] counts, int all)
    {
        var (bin, below) = (0, 0);
        for (; bin < Bins - 1 && below + counts[bin] <= all * Share; bin++)
            below += counts[bin];
        return Math.Max((bin / 2.0) - 120 + 0.25, Faintest);
    }

    private static int Bin(float level) => Math.Clamp((int)((level + 120) * 2), 0, Bins - 1);
}

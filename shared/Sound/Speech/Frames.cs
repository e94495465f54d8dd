namespace CallCenter.Sound.Speech;

/// <summary>A stretch of frames.</summary>
/// <param name="To">The first that is no part of it.</param>
public readonly record struct FrameRange(int From, int To)
{
    public int Length => To - From;
}

/// <summary>A yes or no for each 10 ms of a channel, a bit each, the first in the lowest: 45 kB are an hour.</summary>
public sealed class Frames(byte[] bits, int count)
{
    public const int PerSecond = 100;

    public int Count => count;

    /// <summary>As they are kept.</summary>
    public byte[] Bits => bits;

    public bool this[int frame] => (uint)frame < (uint)count && (bits[frame >> 3] >> (frame & 7) & 1) == 1;

    public static Frames Of(IReadOnlyList<FrameRange> spans, int count)
    {
        var bits = new byte[(count + 7) / 8];
        foreach (var span in spans)
            for (var frame = span.From; frame < span.To; frame++)
                bits[frame >> 3] |= (byte)(1 << (frame & 7));
        return new(bits, count);
    }

    /// <summary>The stretches of yes, in order.</summary>
    public IReadOnlyList<FrameRange> Ranges()
    {
        var spans = new List<FrameRange>();
        for (int frame = 0, from = -1; frame <= count; frame++)
            if (this[frame] && from < 0)
                from = frame;
            else if (!this[frame] && from >= 0)
            {
                spans.Add(new(from, frame));
                from = -1;
            }

        return spans;
    }

    public Frames And(Frames other) => Combine(other, (a, b) => (byte)(a & b));

    public Frames Or(Frames other) => Combine(other, (a, b) => (byte)(a | b));

    public Frames Not()
    {
        var inverse = new byte[bits.Length];
        for (var i = 0; i < bits.Length; i++)
            inverse[i] = (byte)~bits[i];
        if (count % 8 != 0)
            inverse[^1] &= (byte)((1 << count % 8) - 1);
        return new(inverse, count);
    }

    public int Yes => bits.Sum(one => int.PopCount(one));

    // The shorter one goes on with no.
    private Frames Combine(Frames other, Func<byte, byte, byte> of)
    {
        var longer = Math.Max(count, other.Count);
        var combined = new byte[(longer + 7) / 8];
        for (var i = 0; i < combined.Length; i++)
            combined[i] = of(i < bits.Length ? bits[i] : (byte)0, i < other.Bits.Length ? other.Bits[i] : (byte)0);
        return new(combined, longer);
    }
}

namespace CallCenter.Sound.Files;

/// <summary>
/// The decoder of GSM full rate (ETSI 06.10, now 3GPP TS 46.010), in the standard's own 16-bit arithmetic: its output is bit for bit
/// that of every other decoder that keeps to it.
/// </summary>
internal sealed class GsmFrame
{
    public const int SampleRate = 8000;
    public const int Samples = 160;

    /// <summary>A frame by itself, which begins with the four bits 1101.</summary>
    public const int Bytes = 33;

    /// <summary>Two frames as a WAV packs them.</summary>
    public const int PairBytes = 65;

    private const int Past = 120;
    private const int Part = 40;

    private static ReadOnlySpan<byte> ReflectionBits => [6, 6, 5, 5, 4, 4, 3, 3];
    private static ReadOnlySpan<short> Offsets => [0, 0, 2048, -2560, 94, -1792, -341, -1144];
    private static ReadOnlySpan<short> Lowest => [-32, -32, -16, -16, -8, -8, -4, -4];
    private static ReadOnlySpan<short> Inverses => [13107, 13107, 13107, 13107, 19223, 17476, 31454, 29708];
    private static ReadOnlySpan<short> Gains => [3277, 11469, 21299, 32767];
    private static ReadOnlySpan<short> Mantissas => [18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767];

    private readonly short[] residual = new short[Past + Part];
    private readonly short[][] areaRatios = [new short[8], new short[8]];
    private readonly short[] lattice = new short[9];
    private readonly short[] excitation = new short[Samples];
    private readonly int[] codes = new int[8 + (4 * 17)];
    private int turn;
    private int lag = 40;
    private short emphasis;

    public static bool IsOne(ReadOnlySpan<byte> bytes) => bytes[0] >> 4 == 0xD;

    /// <summary>A frame by itself: bits from the highest.</summary>
    public ReadOnlySpan<float> Decode(ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        var at = 4;
        for (var i = 0; i < codes.Length; i++)
        {
            var code = 0;
            for (var bit = BitsOf(i); bit > 0; bit--, at++)
                code = code << 1 | bytes[at >> 3] >> 7 - (at & 7) & 1;
            codes[i] = code;
        }

        Synthesise(samples);
        return samples;
    }

    /// <summary>Two frames of a WAV: bits from the lowest, the second frame begins in the middle of a byte.</summary>
    public ReadOnlySpan<float> DecodePair(ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        var at = 0;
        for (var half = 0; half < 2; half++)
        {
            for (var i = 0; i < codes.Length; i++)
            {
                var code = 0;
                for (var bit = 0; bit < BitsOf(i); bit++, at++)
                    code |= (bytes[at >> 3] >> (at & 7) & 1) << bit;
                codes[i] = code;
            }

            Synthesise(samples.Slice(half * Samples, Samples));
        }

        return samples;
    }

    // Eight reflection coefficients; then in each quarter lag, gain, grid, block amplitude and thirteen pulses.
    private static int BitsOf(int code) => code < 8 ? ReflectionBits[code]
        : ((code - 8) % 17) switch { 0 => 7, 1 or 2 => 2, 3 => 6, _ => 3 };

    private void Synthesise(Span<float> samples)
    {
        for (var quarter = 0; quarter < 4; quarter++)
        {
            LongTerm(codes.AsSpan(8 + (quarter * 17), 17));
            residual.AsSpan(Past, Part).CopyTo(excitation.AsSpan(quarter * Part));
            residual.AsSpan(Part, Past).CopyTo(residual);
        }

        ShortTerm();
        for (var i = 0; i < Samples; i++)
        {
            emphasis = Add(excitation[i], Multiply(emphasis, 28180));
            samples[i] = (short)(Add(emphasis, emphasis) & 0xFFF8) / 32768f;
        }
    }

    private void LongTerm(ReadOnlySpan<int> quarter)
    {
        Span<short> pulses = stackalloc short[Part];
        pulses.Clear();
        Pulses(quarter[3], quarter[4..], pulses[quarter[2]..]);

        lag = quarter[0] is >= 40 and <= 120 ? quarter[0] : lag;
        for (var i = 0; i < Part; i++)
            residual[Past + i] = Add(pulses[i], Multiply(Gains[quarter[1]], residual[Past + i - lag]));
    }

    private static void Pulses(int amplitude, ReadOnlySpan<int> codes, Span<short> onGrid)
    {
        var exponent = amplitude > 15 ? (amplitude >> 3) - 1 : 0;
        var mantissa = amplitude - (exponent << 3);
        if (mantissa == 0)
            (exponent, mantissa) = (-4, 7);
        else
        {
            for (; mantissa <= 7; exponent--)
                mantissa = mantissa << 1 | 1;
            mantissa -= 8;
        }

        var shift = 6 - exponent;
        var rounding = shift > 0 ? (short)(1 << shift - 1) : (short)0;
        for (var i = 0; i < 13; i++)
            onGrid[3 * i] = (short)(Add(Multiply(Mantissas[mantissa], (short)((codes[i] << 1) - 7 << 12)), rounding) >> shift);
    }

    // Between two frames the filter goes over from one to the other in three steps.
    private void ShortTerm()
    {
        var before = areaRatios[turn];
        var now = areaRatios[turn ^= 1];
        for (var i = 0; i < 8; i++)
        {
            var ratio = Subtract((short)(Add((short)codes[i], Lowest[i]) << 10), (short)(Offsets[i] << 1));
            ratio = Multiply(Inverses[i], ratio);
            now[i] = Add(ratio, ratio);
        }

        Span<short> filter = stackalloc short[8];
        for (var i = 0; i < 8; i++)
            filter[i] = Add(Add((short)(before[i] >> 2), (short)(now[i] >> 2)), (short)(before[i] >> 1));
        Filter(filter, excitation.AsSpan(0, 13));
        for (var i = 0; i < 8; i++)
            filter[i] = Add((short)(before[i] >> 1), (short)(now[i] >> 1));
        Filter(filter, excitation.AsSpan(13, 14));
        for (var i = 0; i < 8; i++)
            filter[i] = Add(Add((short)(before[i] >> 2), (short)(now[i] >> 2)), (short)(now[i] >> 1));
        Filter(filter, excitation.AsSpan(27, 13));
        now.CopyTo(filter);
        Filter(filter, excitation.AsSpan(40, 120));
    }

    private void Filter(Span<short> ratios, Span<short> samples)
    {
        for (var i = 0; i < 8; i++)
            ratios[i] = Reflection(ratios[i]);

        for (var k = 0; k < samples.Length; k++)
        {
            var sample = samples[k];
            for (var i = 7; i >= 0; i--)
            {
                sample = Subtract(sample, Multiply(ratios[i], lattice[i]));
                lattice[i + 1] = Add(lattice[i], Multiply(ratios[i], sample));
            }

            samples[k] = lattice[0] = sample;
        }
    }

    private static short Reflection(short ratio)
    {
        var size = ratio == short.MinValue ? short.MaxValue : Math.Abs(ratio);
        var reflection = size < 11059 ? (short)(size << 1) : size < 20070 ? (short)(size + 11059) : Add((short)(size >> 2), 26112);
        return ratio < 0 ? (short)-reflection : reflection;
    }

    private static short Add(short a, short b) => (short)Math.Clamp(a + b, short.MinValue, short.MaxValue);

    private static short Subtract(short a, short b) => (short)Math.Clamp(a - b, short.MinValue, short.MaxValue);

    private static short Multiply(short a, short b) =>
        a == short.MinValue && b == short.MinValue ? short.MaxValue : (short)(a * b + 16384 >> 15);
}

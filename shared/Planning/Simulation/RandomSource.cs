using System.Numerics;

namespace CallCenter.Planning.Simulation;

/// <summary>
/// xoshiro256++ (Blackman and Vigna 2019), seeded through SplitMix64: fast, and the same numbers on every machine and version.
/// Each purpose draws from a source of its own, so that another number of agents meets the same calls.
/// </summary>
internal sealed class RandomSource
{
    private ulong a, b, c, d;

    public RandomSource(params ReadOnlySpan<int> seed)
    {
        var state = 0x9E3779B97F4A7C15UL;
        foreach (var part in seed)
            state = Mixed(state ^ (uint)part);

        a = Next(ref state);
        b = Next(ref state);
        c = Next(ref state);
        d = Next(ref state);
    }

    /// <summary>Above 0 and below 1, so that its logarithm exists.</summary>
    public double Uniform() => ((Bits() >> 11) + 0.5) * (1.0 / (1UL << 53));

    public int Below(int count) => (int)(Uniform() * count);

    /// <summary>With mean 1.</summary>
    public double Exponential() => -Math.Log(Uniform());

    /// <summary>Mean 0, deviation 1 (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(2 * Exponential()) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Mean 1, variance 1/<paramref name="shape"/> (Marsaglia and Tsang 2000).</summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
            return Gamma(shape + 1) * (shape + 1) / shape * Math.Pow(Uniform(), 1 / shape);

        var offset = shape - 1.0 / 3;
        while (true)
        {
            var x = Normal();
            var v = 1 + x / Math.Sqrt(9 * offset);
            if (v <= 0)
                continue;

            v = v * v * v;
            if (Math.Log(Uniform()) < x * x / 2 + offset * (1 - v + Math.Log(v)))
                return offset * v / shape;
        }
    }

    private ulong Bits()
    {
        var result = BitOperations.RotateLeft(a + d, 23) + a;
        var shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = BitOperations.RotateLeft(d, 45);
        return result;
    }

    private static ulong Next(ref ulong state) => Mixed(state += 0x9E3779B97F4A7C15UL);

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CallCenter.Planning.Rostering;

/// <summary>Costs of labels that lie side by side, compared several at a time.</summary>
internal static class LabelCosts
{
    /// <summary>
    /// Labels that stand at <paramref name="from"/> take the place of those at <paramref name="to"/> where they, and what is added, cost less.
    /// </summary>
    public static void Least(float[] labels, int from, int to, int count, float cost)
    {
        if (count <= 0)
            return;

        ref var source = ref labels[from];
        ref var target = ref labels[to];
        if (count < Vector256<float>.Count)
        {
            for (var i = 0; i < count; i++)
                Unsafe.Add(ref target, i) = Math.Min(Unsafe.Add(ref target, i), Unsafe.Add(ref source, i) + cost);
            return;
        }

        var added = Vector256.Create(cost);
        // Where the count is no multiple of a vector, the last one overlaps: the least of two is the same twice.
        var last = count - Vector256<float>.Count;
        for (var i = 0; i < last; i += Vector256<float>.Count)
            One(ref source, ref target, i);
        One(ref source, ref target, last);

        void One(ref float source, ref float target, int i) =>
            Vector256.MinNative(Vector256.LoadUnsafe(ref target, (nuint)i), Vector256.LoadUnsafe(ref source, (nuint)i) + added)
                .StoreUnsafe(ref target, (nuint)i);
    }

    /// <summary>Labels past a limit cost what is <paramref name="dead"/>, which is below all labels elsewhere.</summary>
    public static void Most(float[] labels, int at, float[] dead, int count)
    {
        ref var all = ref labels[at];
        ref var least = ref dead[0];
        var i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            Vector256.MaxNative(Vector256.LoadUnsafe(ref all, (nuint)i), Vector256.LoadUnsafe(ref least, (nuint)i))
                .StoreUnsafe(ref all, (nuint)i);
        for (; i < count; i++)
            Unsafe.Add(ref all, i) = Math.Max(Unsafe.Add(ref all, i), Unsafe.Add(ref least, i));
    }
}

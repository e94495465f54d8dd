using System.Numerics;
using System.Runtime.CompilerServices;

namespace CallCenter.Planning.Tours;

/// <summary>The inverse of the basis of a linear programme, kept whole: a few hundred rows, changed by one column at a time.</summary>
internal sealed class DenseInverse(int size)
{
    private const double Nothing = 1e-12;

    private readonly double[] values = new double[size * size];
    private readonly double[] pivot = new double[size];
    private readonly int[] filled = new int[size];

    public int Size => size;

    public double this[int row, int column]
    {
        get => values[row * size + column];
        set => values[row * size + column] = value;
    }

    /// <summary>The inverse times a column of ones in the rows given.</summary>
    public void Times(ReadOnlySpan<int> rows, double[] result)
    {
        for (var i = 0; i < size; i++)
        {
            var sum = 0.0;
            var row = values.AsSpan(i * size, size);
            foreach (var at in rows)
                sum += row[at];
            result[i] = sum;
        }
    }

    /// <summary>Puts another column, whose product with the inverse is given, in place of the one in <paramref name="row"/>.</summary>
    /// <param name="duals">Moved along by <paramref name="reduced"/>, the reduced cost of what enters.</param>
    public void Replace(int row, double[] product, double[] duals, double reduced)
    {
        var count = 0;
        var scale = 1 / product[row];
        for (var j = 0; j < size; j++)
        {
            pivot[j] = values[row * size + j] * scale;
            if (pivot[j] is > Nothing or < -Nothing)
                filled[count++] = j;
            else
                pivot[j] = 0;
            values[row * size + j] = pivot[j];
            duals[j] += reduced * pivot[j];
        }

        for (var i = 0; i < size; i++)
        {
            var factor = product[i];
            if (i == row || factor is < Nothing and > -Nothing)
                continue;

            var target = values.AsSpan(i * size, size);
            if (count * 4 < size)
                for (var k = 0; k < count; k++)
                    target[filled[k]] -= factor * pivot[filled[k]];
            else
                Subtract(target, pivot, factor);
        }
    }

    private static void Subtract(Span<double> target, double[] row, double factor)
    {
        ref var from = ref row[0];
        ref var to = ref target[0];
        var by = new Vector<double>(factor);
        var j = 0;
        for (; j <= target.Length - Vector<double>.Count; j += Vector<double>.Count)
            (Vector.LoadUnsafe(ref to, (nuint)j) - by * Vector.LoadUnsafe(ref from, (nuint)j)).StoreUnsafe(ref to, (nuint)j);
        for (; j < target.Length; j++)
            Unsafe.Add(ref to, j) -= factor * Unsafe.Add(ref from, j);
    }
}

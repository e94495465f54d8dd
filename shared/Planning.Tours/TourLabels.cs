using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CallCenter.Planning.Tours;

/// <summary>The costs of all labels of one search, day by day. Kept from search to search, one for each thread.</summary>
internal sealed class TourLabels
{
    private float[] values = [];
    private bool[] reached = [];
    private int nodes;
    private int cells;
    private int joined;

    /// <summary>What each group of shifts costs on the day at hand.</summary>
    public float[] Entry { get; private set; } = [];

    public void Begin(TourLayout layout, int days, int startNode, int startCell)
    {
        (nodes, cells) = (layout.Nodes, layout.Cells);
        joined = (days + 1) * nodes * cells;
        if (values.Length < joined + cells)
            values = new float[joined + cells];
        if (reached.Length < (days + 1) * nodes)
            reached = new bool[(days + 1) * nodes];
        if (Entry.Length < layout.Groups.Length)
            Entry = new float[layout.Groups.Length];

        Array.Clear(reached, 0, (days + 1) * nodes);
        Arrive(0, startNode);
        values[At(0, startNode) + startCell] = 0;
    }

    public int At(int day, int node) => (day * nodes + node) * cells;

    public bool IsReached(int day, int node) => reached[day * nodes + node];

    public float this[int at] => values[at];

    public ReadOnlySpan<float> Of(int day, int node) => values.AsSpan(At(day, node), cells);

    /// <summary>
    /// Where the cheapest of the nodes that <paramref name="among"/> names as bits stand together; negative when none was reached.
    /// </summary>
    public int Join(int day, int firstNode, int classes, ulong among)
    {
        var only = -1;
        var several = false;
        for (var bits = among; bits != 0; bits &= bits - 1)
        {
            var c = BitOperations.TrailingZeroCount(bits);
            if (c >= classes || !IsReached(day, firstNode + c))
                continue;

            var at = At(day, firstNode + c);
            if (only < 0)
            {
                only = at;
                continue;
            }

            if (!several)
                Array.Copy(values, only, values, joined, cells);
            several = true;
            Least(at, joined, cells, 0);
        }

        return several ? joined : only;
    }

    /// <summary>Moves the labels that stand at <paramref name="from"/> to a node of the next day, where they are cheaper.</summary>
    public void Move(int from, int day, int toNode, int move, float cost)
    {
        Arrive(day, toNode);
        var to = At(day, toNode);
        if (move >= 0)
            Least(from, to + move, cells - move, cost);
        else
            Least(from - move, to, cells + move, cost);
    }

    /// <summary>Takes away what moved past a limit.</summary>
    public void Prune(TourLayout layout, int day)
    {
        ref var dead = ref MemoryMarshal.GetArrayDataReference(layout.Dead);
        for (var node = 0; node < nodes; node++)
        {
            if (!IsReached(day, node))
                continue;

            ref var all = ref values[At(day, node)];
            var i = 0;
            for (; i <= cells - Vector256<float>.Count; i += Vector256<float>.Count)
                Vector256.MaxNative(Vector256.LoadUnsafe(ref all, (nuint)i), Vector256.LoadUnsafe(ref dead, (nuint)i))
                    .StoreUnsafe(ref all, (nuint)i);
            for (; i < cells; i++)
                Unsafe.Add(ref all, i) = Math.Max(Unsafe.Add(ref all, i), Unsafe.Add(ref dead, i));
        }
    }

    private void Arrive(int day, int node)
    {
        if (reached[day * nodes + node])
            return;
        reached[day * nodes + node] = true;
        Array.Fill(values, float.PositiveInfinity, At(day, node), cells);
    }

    // Where the count is no multiple of a vector, the last one overlaps: the least of two is the same twice.
    private void Least(int from, int to, int count, float cost)
    {
        if (count <= 0)
            return;

        ref var source = ref values[from];
        ref var target = ref values[to];
        if (count < Vector256<float>.Count)
        {
            for (var i = 0; i < count; i++)
                Unsafe.Add(ref target, i) = Math.Min(Unsafe.Add(ref target, i), Unsafe.Add(ref source, i) + cost);
            return;
        }

        var added = Vector256.Create(cost);
        var last = count - Vector256<float>.Count;
        for (var i = 0; i < last; i += Vector256<float>.Count)
            One(ref source, ref target, i);
        One(ref source, ref target, last);

        void One(ref float source, ref float target, int i) =>
            Vector256.MinNative(Vector256.LoadUnsafe(ref target, (nuint)i), Vector256.LoadUnsafe(ref source, (nuint)i) + added)
                .StoreUnsafe(ref target, (nuint)i);
    }
}

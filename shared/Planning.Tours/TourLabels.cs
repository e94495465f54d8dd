using System.Numerics;
using CallCenter.Planning.Rostering;

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
            LabelCosts.Least(values, at, joined, cells, 0);
        }

        return several ? joined : only;
    }

    /// <summary>Moves the labels that stand at <paramref name="from"/> to a node of the next day, where they are cheaper.</summary>
    public void Move(int from, int day, int toNode, int move, float cost)
    {
        Arrive(day, toNode);
        var to = At(day, toNode);
        if (move >= 0)
            LabelCosts.Least(values, from, to + move, cells - move, cost);
        else
            LabelCosts.Least(values, from - move, to, cells + move, cost);
    }

    /// <summary>Takes away what moved past a limit.</summary>
    public void Prune(TourLayout layout, int day)
    {
        for (var node = 0; node < nodes; node++)
            if (IsReached(day, node))
                LabelCosts.Most(values, At(day, node), layout.Dead, cells);
    }

    private void Arrive(int day, int node)
    {
        if (reached[day * nodes + node])
            return;
        reached[day * nodes + node] = true;
        Array.Fill(values, float.PositiveInfinity, At(day, node), cells);
    }
}

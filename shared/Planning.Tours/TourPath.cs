namespace CallCenter.Planning.Tours;

/// <summary>
/// The cheapest tour of one agent: a shortest path with resources, by dynamic programming from day to day over all labels of a
/// node at once. Of the limits on kinds of shifts it counts only those that the cheapest tour without them would break
/// (decremental state space relaxation, Righini and Salani 2008), since every limit counted multiplies the labels.
/// </summary>
/// <param name="mostLevels">Combinations of counts up to which limits on shifts are kept exactly; beyond, by a rule of thumb.</param>
/// <param name="mostLabels">Labels up to which they count weekends; beyond, weekends are priced.</param>
internal sealed class TourPath(AgentGraph graph, int mostLevels = 96, long mostLabels = 40_000_000)
{
    private const int MaxMultipliers = 8;

    private readonly Dictionary<ulong, TourLayout> layouts = [];
    private readonly int[] trial = new int[graph.Problem.Days];
    private readonly bool countsWeekends = !graph.Windows.Possible || Labels(new(graph, [], weekends: true)) <= mostLabels;
    private readonly WeekendMultiplier weekendMultiplier = new(graph.Agent.Rules.MaxWeekends);

    public AgentGraph Graph => graph;

    /// <summary>
    /// What no tour of the last search could cost less than: the same as the cheapest, but where there were too many labels to be exact.
    /// </summary>
    public float LeastPossible { get; private set; }

    /// <param name="cost">By day and shift; infinite where it is not to be worked. A search that is not exact changes it.</param>
    /// <param name="tour">Receives the shift of each day.</param>
    /// <returns>What the tour costs; infinite when there is none.</returns>
    public float Cheapest(float[] cost, TourLabels labels, int[] tour)
    {
        LeastPossible = float.PositiveInfinity;
        if (!graph.Windows.Possible)
            return float.PositiveInfinity;

        var (counted, exact) = (0UL, true);
        while (true)
        {
            var (found, least) = Run(LayoutFor(counted), cost, labels, tour);
            if (exact)
                LeastPossible = least;
            if (float.IsPositiveInfinity(found) || graph.BrokenLimit(tour) is not { } broken)
                return found;

            if (Levels(counted | 1UL << broken) is var levels && levels <= mostLevels && levels * Labels(LayoutFor(0)) <= mostLabels)
                counted |= 1UL << broken;
            else
            {
                exact = false;
                KeepDearest(graph.Limits[broken], cost, tour);
            }
        }
    }

    private static long Labels(TourLayout layout) => layout.LabelsADay * (layout.Days + 1);

    private long Levels(ulong counted)
    {
        var levels = 1L;
        for (var i = 0; i < graph.Limits.Length; i++)
            levels *= (counted >> i & 1) != 0 ? graph.Limits[i].Most + 2 : 1;
        return levels;
    }

    // Too many labels to be exact: the days on which the limited shifts are worth most against the next best keep them.
    private void KeepDearest(ShiftLimit limit, float[] cost, int[] tour)
    {
        var shifts = graph.Problem.Shifts.Length;
        var kept = Enumerable.Range(0, tour.Length).Where(d => tour[d] >= 0 && limit.Shifts.Contains(tour[d]))
            .OrderBy(d => cost[d * shifts + tour[d]] - graph.Shifts.Where(s => !limit.Shifts.Contains(s)).Select(s => cost[d * shifts + s])
                .Append(1e6f).Min())
            .Take(limit.Most).ToHashSet();

        for (var day = 0; day < tour.Length; day++)
            if (!kept.Contains(day))
                foreach (var shift in limit.Shifts)
                    cost[day * shifts + shift] = float.PositiveInfinity;
    }

    private TourLayout LayoutFor(ulong counted)
    {
        if (!layouts.TryGetValue(counted, out var layout))
            layouts[counted] = layout = new(graph, [.. graph.Limits.Where((_, i) => (counted >> i & 1) != 0)], countsWeekends);
        return layout;
    }

    // Where labels do not count weekends, work on them is given the multiplier that makes it as rare as the rule asks (Lagrangian
    // relaxation).
    private (float Found, float Least) Run(TourLayout layout, float[] cost, TourLabels labels, int[] tour)
    {
        if (countsWeekends)
        {
            var exact = Run(layout, cost, 0, labels, tour);
            return (exact, exact);
        }

        var (found, least, multiplier) = (float.PositiveInfinity, float.NegativeInfinity, weekendMultiplier.Value);
        weekendMultiplier.Begin();
        for (var tried = 1; ; tried++)
        {
            var priced = Run(layout, cost, weekendMultiplier.Value, labels, trial);
            if (float.IsPositiveInfinity(priced))
                return (found, priced);

            var weekends = graph.WeekendsOf(trial);
            least = Math.Max(least, priced - weekendMultiplier.Value * graph.Agent.Rules.MaxWeekends);
            if (weekends <= graph.Agent.Rules.MaxWeekends && priced - weekendMultiplier.Value * weekends < found)
            {
                (found, multiplier) = (priced - weekendMultiplier.Value * weekends, weekendMultiplier.Value);
                trial.CopyTo(tour, 0);
            }

            if (tried > MaxMultipliers || !weekendMultiplier.Next(weekends) || (tried == MaxMultipliers && float.IsFinite(found)))
                break;
            if (tried == MaxMultipliers)
                weekendMultiplier.Forbid();
        }

        weekendMultiplier.Return(multiplier);
        return (found, least);
    }

    private float Run(TourLayout layout, float[] cost, float weekend, TourLabels labels, int[] tour)
    {
        var days = graph.Problem.Days;
        labels.Begin(layout, days, StartNode(layout), -graph.Windows.Low[0]);
        for (var day = 0; day < days; day++)
            Step(layout, cost, weekend, labels, day);

        return Trace(layout, cost, weekend, labels, tour);
    }

    private int StartNode(TourLayout layout) => graph.Agent.Tail switch
    {
        { LastShift: { } last } tail => WorkNode(layout, Math.Min(tail.DaysInRow, graph.MaxWork), graph.Kinds.ClassOf[last]),
        { } tail => Math.Clamp(tail.DaysInRow, 1, graph.MinOff) - 1,
        null => graph.MinOff - 1,
    };

    private int WorkNode(TourLayout layout, int inRow, int shiftClass) => graph.MinOff + (inRow - 1) * layout.Classes + shiftClass;

    private void Step(TourLayout layout, float[] cost, float weekend, TourLabels labels, int day)
    {
        var stay = graph.Windows.Low[day] - graph.Windows.Low[day + 1];

        for (var node = 0; node < layout.Nodes && !graph.MustWork[day]; node++)
            if (labels.IsReached(day, node) && AfterRest(layout, day, node) is >= 0 and var off)
                labels.Move(labels.At(day, node), day + 1, off, stay, 0);

        for (var g = 0; g < layout.Groups.Length; g++)
            labels.Entry[g] = Cheapest(layout.Groups[g], cost, day, out _);

        for (var inRow = 1; inRow <= graph.MaxWork; inRow++)
        {
            var begun = graph.WeekendsBegun(day, first: inRow == 1);
            var move = stay + begun * layout.WeekendStride;
            var (before, from) = (0UL, -1);
            for (var g = 0; g < layout.Groups.Length; g++)
            {
                var group = layout.Groups[g];
                if (inRow == 1)
                    from = labels.IsReached(day, graph.MinOff - 1) ? labels.At(day, graph.MinOff - 1) : -1;
                else if (group.Before != before)
                    (before, from) = (group.Before, labels.Join(day, WorkNode(layout, inRow - 1, 0), layout.Classes, group.Before));

                if (from >= 0 && labels.Entry[g] < float.PositiveInfinity)
                    labels.Move(from, day + 1, WorkNode(layout, inRow, group.Class), move + group.Move, labels.Entry[g] + begun * weekend);
            }
        }

        labels.Prune(layout, day + 1);
    }

    /// <summary>The node after a day off; negative when work must go on.</summary>
    private int AfterRest(TourLayout layout, int day, int node) =>
        node < graph.MinOff ? Math.Min(node + 1, graph.MinOff - 1)
        : graph.MayStop(day, (node - graph.MinOff) / layout.Classes + 1) ? 0 : -1;

    private float Cheapest(ShiftGroup group, float[] cost, int day, out int shift)
    {
        var least = float.PositiveInfinity;
        shift = -1;
        foreach (var s in group.Shifts)
            if (cost[day * graph.Problem.Shifts.Length + s] is var one && one < least)
                (least, shift) = (one, s);
        return least;
    }

    private float Trace(TourLayout layout, float[] cost, float weekend, TourLabels labels, int[] tour)
    {
        var days = graph.Problem.Days;
        var (node, cell, value) = (-1, -1, float.PositiveInfinity);
        for (var n = 0; n < layout.Nodes; n++)
        {
            if (!labels.IsReached(days, n))
                continue;
            var all = labels.Of(days, n);
            for (var c = 0; c < all.Length; c++)
                if (all[c] < value && graph.Windows.Low[days] + c % graph.Windows.Width is var units && units >= graph.MinUnits
                    && units <= graph.MaxUnits)
                    (node, cell, value) = (n, c, all[c]);
        }

        for (var (day, at) = (days - 1, value); day >= 0 && node >= 0; day--)
            tour[day] = Before(layout, cost, weekend, labels, day, ref node, ref cell, ref at);

        return value;
    }

    // The label that this one came from is the one whose cost, and what was added, make exactly its cost.
    private int Before(TourLayout layout, float[] cost, float weekend, TourLabels labels, int day, ref int node, ref int cell,
        ref float value)
    {
        var stay = graph.Windows.Low[day] - graph.Windows.Low[day + 1];
        for (var from = 0; from < layout.Nodes && node < graph.MinOff; from++)
        {
            if (AfterRest(layout, day, from) != node || !Is(from, cell - stay, 0, value))
                continue;
            (node, cell) = (from, cell - stay);
            return TourRoster.Off;
        }

        var inRow = (node - graph.MinOff) / layout.Classes + 1;
        var begun = graph.WeekendsBegun(day, first: inRow == 1);
        var move = stay + begun * layout.WeekendStride;
        foreach (var group in layout.Groups)
        {
            if (graph.MinOff + (inRow - 1) * layout.Classes + group.Class != node)
                continue;
            var entry = Cheapest(group, cost, day, out var shift);
            var first = inRow == 1 ? graph.MinOff - 1 : WorkNode(layout, inRow - 1, 0);
            for (var c = 0; c < (inRow == 1 ? 1 : layout.Classes); c++)
            {
                if (shift < 0 || (inRow > 1 && (group.Before >> c & 1) == 0)
                    || !Is(first + c, cell - move - group.Move, entry + begun * weekend, value))
                    continue;
                (node, cell) = (first + c, cell - move - group.Move);
                value = labels[labels.At(day, node) + cell];
                return shift;
            }
        }

        throw new InvalidOperationException("A label came from nowhere.");

        bool Is(int from, int at, float added, float sum) =>
            at >= 0 && at < layout.Cells && labels.IsReached(day, from) && labels[labels.At(day, from) + at] + added == sum;
    }
}

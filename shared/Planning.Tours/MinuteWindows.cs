namespace CallCenter.Planning.Tours;

/// <summary>
/// How much of the contract an agent can have worked by each day: what can still be brought up to the least minutes and has not
/// passed the most. Found without the order of shifts, so that a few more are let in than there are; the search looks at no others.
/// </summary>
internal sealed class MinuteWindows
{
    private const int None = int.MinValue / 2;

    public MinuteWindows(AgentGraph graph)
    {
        var days = graph.Problem.Days;
        var (shortest, longest) = Lengths(graph);
        var most = Reach(graph, longest, most: true);
        var least = Reach(graph, shortest, most: false);

        Low = new int[days + 1];
        Width = 0;
        Possible = true;
        var high = new int[days + 1];
        for (var day = 0; day <= days; day++)
        {
            var (low, top) = (int.MaxValue, int.MinValue);
            for (var node = 0; node < most.Done[day].Length; node++)
            {
                if (most.Done[day][node] == None || most.Due[day][node] == None)
                    continue;
                var from = Math.Max(-least.Done[day][node], graph.MinUnits - most.Due[day][node]);
                var to = Math.Min(most.Done[day][node], graph.MaxUnits + least.Due[day][node]);
                if (from <= to)
                    (low, top) = (Math.Min(low, from), Math.Max(top, to));
            }

            Possible &= low <= top;
            (Low[day], high[day]) = (low, top);
        }

        if (!Possible)
            return;

        for (var day = days - 1; day >= 0; day--)
            Low[day] = Math.Min(Low[day], Low[day + 1]);
        for (var day = 0; day <= days; day++)
            Width = Math.Max(Width, high[day] - Low[day] + 1);
        Width += graph.Shifts.Select(s => graph.Kinds.Units[s]).DefaultIfEmpty(1).Max();
    }

    /// <summary>False when no tour can keep the rules on days, weekends and minutes.</summary>
    public bool Possible { get; }

    /// <summary>Least units of minutes before each day, and at the end.</summary>
    public int[] Low { get; } = [];

    /// <summary>Units that a day's window spans, and room for one shift beyond.</summary>
    public int Width { get; }

    private static (int[] Shortest, int[] Longest) Lengths(AgentGraph graph)
    {
        var (shortest, longest) = (new int[graph.Problem.Days], new int[graph.Problem.Days]);
        for (var day = 0; day < graph.Problem.Days; day++)
        {
            var units = graph.Shifts.Where(s => graph.Allows(day, s)).Select(s => graph.Kinds.Units[s]).ToArray();
            (shortest[day], longest[day]) = units.Length == 0 ? (None, None) : (units.Min(), units.Max());
        }

        return (shortest, longest);
    }

    /// <summary>The most units before and from each day on, by node and weekends worked; the least, negated, otherwise.</summary>
    private static (int[][] Done, int[][] Due) Reach(AgentGraph graph, int[] units, bool most)
    {
        var days = graph.Problem.Days;
        var weekends = Math.Min(graph.Agent.Rules.MaxWeekends, days) + 1;
        var nodes = graph.MinOff + graph.MaxWork;
        var done = Layers();
        var rest = Layers();

        var start = graph.Agent.Tail switch
        {
            { LastShift: not null } tail => graph.MinOff + Math.Min(tail.DaysInRow, graph.MaxWork) - 1,
            { } tail => Math.Clamp(tail.DaysInRow, 1, graph.MinOff) - 1,
            null => graph.MinOff - 1,
        };
        if (weekends > 0 && start < nodes)
            done[0][start * weekends] = 0;

        for (var day = 0; day < days; day++)
            foreach (var (from, to, minutes) in Arcs(day))
                if (done[day][from] != None)
                    done[day + 1][to] = Math.Max(done[day + 1][to], done[day][from] + minutes);

        Array.Fill(rest[days], 0);
        for (var day = days - 1; day >= 0; day--)
            foreach (var (from, to, minutes) in Arcs(day))
                if (rest[day + 1][to] != None)
                    rest[day][from] = Math.Max(rest[day][from], rest[day + 1][to] + minutes);

        return (done, rest);

        IEnumerable<(int From, int To, int Minutes)> Arcs(int day)
        {
            var minutes = units[day] == None ? None : most ? units[day] : -units[day];
            for (var node = 0; node < nodes; node++)
            {
                var inRow = node - graph.MinOff + 1;
                var off = inRow <= 0 ? Math.Min(node + 1, graph.MinOff - 1) : 0;
                var mayStop = !graph.MustWork[day] && (inRow <= 0 || graph.MayStop(day, inRow));
                var mayWork = minutes != None && inRow < graph.MaxWork && (inRow > 0 || node == graph.MinOff - 1);
                var begun = graph.WeekendsBegun(day, first: inRow <= 0);

                for (var w = 0; w < weekends; w++)
                {
                    if (mayStop)
                        yield return (node * weekends + w, off * weekends + w, 0);
                    if (mayWork && w + begun < weekends)
                        yield return (node * weekends + w, (graph.MinOff + Math.Max(0, inRow)) * weekends + w + begun, minutes);
                }
            }
        }

        int[][] Layers() => [.. Enumerable.Range(0, days + 1).Select(_ =>
        {
            var layer = new int[nodes * Math.Max(0, weekends)];
            Array.Fill(layer, None);
            return layer;
        })];
    }
}

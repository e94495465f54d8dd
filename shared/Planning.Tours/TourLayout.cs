namespace CallCenter.Planning.Tours;

/// <summary>
/// How the labels of one agent's graph lie in memory. At each node stand the cheapest ways to get there, one for each
/// number of minutes, weekends and counted shifts so far; one array holds them, minutes innermost, so that working a shift moves
/// all of them by one distance. Cells that a move must not reach (past a limit) are dead, and emptied after each day.
/// </summary>
internal sealed class TourLayout
{
    /// <param name="weekends">Whether labels count them.</param>
    public TourLayout(AgentGraph graph, ShiftLimit[] counted, bool weekends)
    {
        (Counted, Days) = (counted, graph.Problem.Days);
        var windows = graph.Windows;
        var free = !weekends || graph.Agent.Rules.MaxWeekends >= graph.Weekends;

        WeekendStride = free ? 0 : windows.Width;
        Cells = windows.Width * (free ? 1 : graph.Agent.Rules.MaxWeekends + 2);
        Dead = new float[Cells * counted.Aggregate(1, (cells, limit) => cells * (limit.Most + 2))];
        Array.Fill(Dead, float.NegativeInfinity);

        var room = graph.Shifts.Select(s => graph.Kinds.Units[s]).DefaultIfEmpty(1).Max();
        for (var cell = 0; cell < Dead.Length; cell++)
            if (cell % windows.Width >= windows.Width - room || (!free && cell % Cells / windows.Width > graph.Agent.Rules.MaxWeekends))
                Dead[cell] = float.PositiveInfinity;

        var strides = new int[counted.Length];
        for (var i = 0; i < counted.Length; i++)
        {
            strides[i] = Cells;
            var levels = counted[i].Most + 2;
            for (var cell = 0; cell < Dead.Length; cell++)
                if (cell / Cells % levels > counted[i].Most)
                    Dead[cell] = float.PositiveInfinity;
            Cells *= levels;
        }

        Groups =
        [
            .. graph.Shifts
                .GroupBy(s => (graph.Kinds.ClassOf[s], graph.Kinds.Before[s], graph.Kinds.Units[s], Count(s)))
                .Select(g => new ShiftGroup(g.Key.Item1, g.Key.Item2, g.Key.Item3 + g.Key.Item4, [.. g])).OrderBy(g => g.Before),
        ];
        Classes = graph.Kinds.Classes;
        Nodes = graph.MinOff + graph.MaxWork * Classes;

        int Count(int shift) => counted.Select((limit, i) => limit.Shifts.Contains(shift) ? strides[i] : 0).Sum();
    }

    public ShiftLimit[] Counted { get; }

    public int Classes { get; }

    public int Nodes { get; }

    public int Days { get; }

    public long LabelsADay => (long)Cells * Nodes;

    /// <summary>Labels at each node.</summary>
    public int Cells { get; }

    public int WeekendStride { get; }

    /// <summary>Positive infinity where no label may be; the larger of it and a label leaves the others as they are.</summary>
    public float[] Dead { get; }

    public ShiftGroup[] Groups { get; }
}

/// <summary>Shifts that differ in cost alone.</summary>
/// <param name="Before">Classes, as bits, that may be worked the day before.</param>
/// <param name="Move">Cells by which working one moves a label.</param>
internal sealed record ShiftGroup(int Class, ulong Before, int Move, int[] Shifts);

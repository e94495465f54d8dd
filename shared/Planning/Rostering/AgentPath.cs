using System.Runtime.CompilerServices;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// The cheapest days of one agent: a shortest path through the lattice, by dynamic programming from day to day. At each node, a state
/// and the shift worked last, stand the cheapest ways to get there, one for each number of minutes in the week and in the horizon and of
/// unpopular shifts so far, unpopular shifts innermost: working a shift moves runs of them by one distance. So every hard rule holds
/// exactly. Kept from search to search, one for each thread.
/// </summary>
internal sealed class AgentPath
{
    private static readonly int Kinds = Enum.GetValues<ShiftKind>().Length;

    private float[] labels = new float[4096];
    private int used;
    private int cells;

    // Cells of one number of minutes in the week, and of one number of minutes in the horizon.
    private int week;
    private int horizon;

    // By option of the day at hand.
    private int[] distances = [];
    private int[] kinds = [];

    // Infinite where a move past a limit ends; null where there is no limit but the week's.
    private float[]? dead;

    // By day and node: where its labels stand, as it is arrived at and, after a week has ended, as it is gone on from; -1 if it is not
    // reached.
    private int[] arrived = [];
    private int[] left = [];
    private int[] firstNode = [];

    /// <param name="cost">By day and option; infinite where it is not to be worked.</param>
    /// <param name="off">By day.</param>
    /// <param name="unfair">What so many early, late and night shifts cost, more of them being out of the question; one number where it
    /// makes no difference how many there are.</param>
    /// <param name="days">Receives the option of each day, -1 for a day off.</param>
    /// <returns>What the days cost; infinite when there are none.</returns>
    public float Cheapest(AgentLattice lattice, float[][] cost, float[] off, float singleDayOff, ReadOnlySpan<float> unfair, int[] days)
    {
        Begin(lattice, unfair.Length);
        for (var day = 0; day < lattice.Days; day++)
        {
            Step(lattice, cost[day], off[day], singleDayOff, day);
            if (lattice.Unused[day] is { } unused)
                EndWeek(lattice, day + 1, unused);
        }

        return Trace(lattice, cost, off, singleDayOff, unfair, days);
    }

    private static int Before(AgentLattice lattice, int day) => day == 0 ? 0 : lattice.Shifts[day - 1].Length;

    private void Begin(AgentLattice lattice, int unpopular)
    {
        // Beyond each limit lies room for what the longest shift moves.
        horizon = unpopular == 1 ? 1 : unpopular + 1;
        week = horizon * (lattice.HorizonCells + lattice.MostHorizonUnits ?? 1);
        (cells, used, dead) = (lattice.WeekCells * week, 0, null);
        if (week > 1)
        {
            dead = new float[cells];
            for (var cell = 0; cell < cells; cell++)
                dead[cell] = (unpopular > 1 && cell % horizon == unpopular) || cell % week / horizon >= (lattice.HorizonCells ?? 1)
                    ? float.PositiveInfinity : float.NegativeInfinity;
        }

        if (firstNode.Length < lattice.Days + 2)
            firstNode = new int[lattice.Days + 2];
        for (var day = 0; day <= lattice.Days; day++)
            firstNode[day + 1] = firstNode[day] + lattice.Count[day] * (Before(lattice, day) + 1);

        var nodes = firstNode[lattice.Days + 1];
        if (arrived.Length < nodes)
            (arrived, left) = (new int[nodes], new int[nodes]);
        Array.Fill(arrived, -1, 0, nodes);
        Array.Fill(left, -1, 0, nodes);

        arrived[0] = left[0] = New();
        labels[left[0]] = 0;
    }

    private int New()
    {
        var at = used;
        used += cells;
        if (used > labels.Length)
            Array.Resize(ref labels, Math.Max(used, 2 * labels.Length));
        Array.Fill(labels, float.PositiveInfinity, at, cells);
        return at;
    }

    private void Step(AgentLattice lattice, float[] cost, float off, float singleDayOff, int day)
    {
        var (shifts, before, next) = (lattice.Shifts[day], Before(lattice, day), firstNode[day + 1]);
        var (ties, offTo, workTo, ofWeek) = (lattice.Ties[day], lattice.OffTo[day], lattice.WorkTo[day], lattice.OfWeek[day]);
        if (distances.Length < shifts.Length)
            (distances, kinds) = (new int[shifts.Length], new int[shifts.Length]);
        for (var i = 0; i < shifts.Length; i++)
            (distances[i], kinds[i]) = (Distance(lattice, day, i), (int)shifts[i].Kind);
        for (var state = 0; state < lattice.Count[day]; state++)
        {
            var single = lattice.IsSingleDayOff[day][state] ? singleDayOff : 0;
            for (var last = 0; last <= before; last++)
            {
                var from = left[firstNode[day] + state * (before + 1) + last];
                if (from < 0)
                    continue;

                if (offTo[state] is >= 0 and var rested)
                    Rest(from, Arrive(next + rested * (shifts.Length + 1) + shifts.Length), off);
                for (var i = 0; i < shifts.Length; i++)
                    if (workTo[state * Kinds + kinds[i]] is >= 0 and var worked
                        && cost[i] + (ties[last * shifts.Length + i] + single) is var added && added < float.PositiveInfinity)
                        Move(from, Arrive(next + worked * (shifts.Length + 1) + i), ofWeek[i], distances[i], added);
            }
        }

        for (var node = next; node < firstNode[day + 2] && dead is not null; node++)
            if (arrived[node] >= 0)
                LabelCosts.Most(labels, arrived[node], dead, cells);
    }

    // In minutes of the horizon and unpopular shifts.
    private int Distance(AgentLattice lattice, int day, int option) =>
        (lattice.HorizonCells is null ? 0 : lattice.HorizonUnits[day][option] * horizon)
        + (horizon == 1 || lattice.Shifts[day][option].Kind is ShiftKind.Day ? 0 : 1);

    private int Arrive(int node)
    {
        if (arrived[node] < 0)
            arrived[node] = left[node] = New();
        return arrived[node];
    }

    private void Rest(int from, int to, float added) => LabelCosts.Least(labels, from, to, cells, added);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(int from, int to, PlaceRun[] ofWeek, int distance, float added)
    {
        foreach (var run in ofWeek)
            LabelCosts.Least(labels, from + run.From * week, to + run.To * week + distance, run.Count * week - distance, added);
    }

    // Of the ways that differ in the minutes of the week alone only the cheapest matters in the week that begins.
    private void EndWeek(AgentLattice lattice, int day, float[] unused)
    {
        for (var node = firstNode[day]; node < firstNode[day + 1]; node++)
        {
            if (arrived[node] < 0)
                continue;
            left[node] = New();
            for (var units = 0; units < unused.Length; units++)
                LabelCosts.Least(labels, arrived[node] + units * week, left[node], week, unused[units]);
        }
    }

    private float Trace(
        AgentLattice lattice, float[][] cost, float[] off, float singleDayOff, ReadOnlySpan<float> unfair, int[] days)
    {
        var last = lattice.Days;
        var (node, cell, least) = (-1, -1, float.PositiveInfinity);
        var width = Before(lattice, last) + 1;
        for (var n = firstNode[last]; n < firstNode[last + 1]; n++)
            for (var c = 0; c < cells && left[n] >= 0 && lattice.MayEnd[(n - firstNode[last]) / width]; c++)
                if (labels[left[n] + c] < float.PositiveInfinity && labels[left[n] + c] + unfair[c % horizon] < least)
                    (node, cell, least) = (n, c, labels[left[n] + c] + unfair[c % horizon]);
        if (node < 0)
            return least;

        var value = labels[left[node] + cell];
        for (var day = last - 1; day >= 0; day--)
        {
            if (lattice.Unused[day] is { } unused)
            {
                var units = 0;
                while (labels[arrived[node] + cell + units * week] + unused[units] != value)
                    units++;
                cell += units * week;
                value = labels[arrived[node] + cell];
            }

            days[day] = Back(lattice, cost[day], off[day], singleDayOff, day, ref node, ref cell, ref value);
        }

        return least;
    }

    // The label that this one came from is the one whose cost, and what was added, make exactly its cost.
    private int Back(
        AgentLattice lattice, float[] cost, float off, float singleDayOff, int day, ref int node, ref int cell, ref float value)
    {
        var (shifts, before) = (lattice.Shifts[day].Length, Before(lattice, day));
        var (state, option) = ((node - firstNode[day + 1]) / (shifts + 1), (node - firstNode[day + 1]) % (shifts + 1));
        var came = option == shifts ? cell : CellBefore(lattice, day, option, cell);
        for (var s = 0; s < lattice.Count[day]; s++)
        {
            var to = option == shifts ? lattice.OffTo[day][s] : lattice.WorkTo[day][s * Kinds + (int)lattice.Shifts[day][option].Kind];
            if (to != state)
                continue;
            var single = lattice.IsSingleDayOff[day][s] ? singleDayOff : 0;
            for (var last = 0; last <= before; last++)
            {
                var from = firstNode[day] + s * (before + 1) + last;
                if (left[from] < 0 || came < 0)
                    continue;
                var added = option == shifts ? off : cost[option] + (lattice.Ties[day][last * shifts + option] + single);
                if (labels[left[from] + came] + added != value)
                    continue;
                (node, cell) = (from, came);
                value = labels[left[from] + cell];
                return option == shifts ? -1 : option;
            }
        }

        throw new InvalidOperationException("A label came from nowhere.");
    }

    private int CellBefore(AgentLattice lattice, int day, int option, int cell)
    {
        var (place, within) = (cell / week, cell % week - Distance(lattice, day, option));
        foreach (var run in lattice.OfWeek[day][option])
            if (within >= 0 && run.To <= place && place < run.To + run.Count)
                return (run.From + place - run.To) * week + within;
        return -1;
    }
}

using System.Runtime.CompilerServices;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// The cheapest days of one agent: a shortest path through the lattice, by dynamic programming from day to day. At each node, a state
/// and the class of the shift worked last, stand the cheapest ways to get there, one for each number of minutes in the week and in the
/// horizon and of unpopular shifts so far, unpopular shifts innermost: working a shift moves runs of them by one distance. So every hard
/// rule holds exactly. Kept from search to search, one for each thread.
/// </summary>
internal sealed class AgentPath
{
    private float[] labels = new float[4096];
    private int used;
    private int cells;

    // Cells of one number of minutes in the week, and of one number of minutes in the horizon.
    private int week;
    private int horizon;

    // By group of the day at hand.
    private int[] distances = [];
    private float[] cheapest = [];

    // Infinite where a move past a limit ends; null where there is no limit but the week's.
    private float[]? dead;

    // By day and node: where its labels stand, as it is arrived at and, after a week has ended, as it is gone on from; -1 if it is not
    // reached.
    private int[] arrived = [];
    private int[] left = [];
    private int[] firstNode = [];

    /// <summary>How many labels a search may have: of 4 bytes each.</summary>
    /// <param name="unpopular">How many numbers of unpopular shifts are told apart.</param>
    public static long Labels(AgentLattice lattice, RuleStates states, int unpopular)
    {
        var nodes = 0L;
        for (var day = states.Span.From; day <= states.Span.To; day++)
            nodes += (long)states.Count[day] * (lattice.ClassesBefore[day] + 1);
        return nodes * lattice.WeekCells * states.Width * (unpopular + 1);
    }

    /// <param name="cost">By day and option; infinite where it is not to be worked.</param>
    /// <param name="off">By day.</param>
    /// <param name="unfair">What so many early, late and night shifts cost, more of them being out of the question; one number where it
    /// makes no difference how many there are. Of the days sought alone.</param>
    /// <param name="days">Receives the option of each day, -1 for a day off; holds those outside the span, which stay.</param>
    /// <returns>What the days of the span cost, and that they lie beside the others; infinite when there are none.</returns>
    public float Cheapest(
        AgentLattice lattice, RuleStates states, float[][] cost, float[] off, float singleDayOff, ReadOnlySpan<float> unfair, int[] days)
    {
        if (!Begin(lattice, states, unfair.Length))
            return float.PositiveInfinity;
        for (var day = states.Span.From; day < states.Span.To; day++)
        {
            Step(lattice, states, cost[day], off[day], singleDayOff, day);
            if (lattice.Unused[day] is { } unused)
                EndWeek(day + 1, unused);
        }

        return Trace(lattice, states, cost, off, singleDayOff, unfair, days);
    }

    private bool Begin(AgentLattice lattice, RuleStates states, int unpopular)
    {
        var span = states.Span;
        // Beyond each limit lies room for what the longest shift moves.
        horizon = unpopular == 1 ? 1 : unpopular + 1;
        week = horizon * states.Width;
        (cells, used, dead) = (lattice.WeekCells * week, 0, null);
        if (week > 1)
        {
            var longest = 0;
            for (var day = span.From; day < span.To; day++)
                foreach (var group in states.Groups[day])
                    longest = Math.Max(longest, group.Units);
            var most = states.Width - longest;
            dead = new float[cells];
            for (var cell = 0; cell < cells; cell++)
                dead[cell] = (unpopular > 1 && cell % horizon == unpopular) || cell % week / horizon >= most
                    ? float.PositiveInfinity : float.NegativeInfinity;
        }

        if (firstNode.Length < lattice.Days + 2)
            firstNode = new int[lattice.Days + 2];
        firstNode[span.From] = 0;
        for (var day = span.From; day <= span.To; day++)
            firstNode[day + 1] = firstNode[day] + states.Count[day] * (lattice.ClassesBefore[day] + 1);

        var nodes = firstNode[span.To + 1];
        if (arrived.Length < nodes)
            (arrived, left) = (new int[nodes], new int[nodes]);
        Array.Fill(arrived, -1, 0, nodes);
        Array.Fill(left, -1, 0, nodes);

        // What is due already on the first day cannot be reached at all.
        if (states.Low[span.From] > 0 || states.Units.Most < 0)
            return false;
        arrived[states.ClassBefore] = left[states.ClassBefore] = New();
        labels[left[states.ClassBefore]] = 0;
        return true;
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

    private void Step(AgentLattice lattice, RuleStates states, float[] cost, float off, float singleDayOff, int day)
    {
        var (groups, sorts, before) = (states.Groups[day], states.Sorts[day].Length, lattice.ClassesBefore[day]);
        var (next, after) = (firstNode[day + 1], lattice.ClassesBefore[day + 1]);
        var (offTo, workTo, rise) = (states.OffTo[day], states.WorkTo[day], Rise(states, day));
        if (distances.Length < groups.Length)
            (distances, cheapest) = (new int[groups.Length], new float[groups.Length]);
        for (var g = 0; g < groups.Length; g++)
            (distances[g], cheapest[g]) = (Distance(groups[g]) - rise, groups[g].Cheapest(cost, out _));
        for (var state = 0; state < states.Count[day]; state++)
        {
            var single = states.IsSingleDayOff[day][state] ? singleDayOff : 0;
            for (var last = 0; last <= before; last++)
            {
                var from = left[firstNode[day] + state * (before + 1) + last];
                if (from < 0)
                    continue;

                if (offTo[state] is >= 0 and var rested)
                    Move(from, Arrive(next + rested * (after + 1) + after), 0, 0, lattice.WeekCells, -rise, off);
                for (var g = 0; g < groups.Length; g++)
                    if (workTo[state * sorts + groups[g].Sort] is >= 0 and var worked
                        && cheapest[g] + (groups[g].Ties[last] + single) is var added && added < float.PositiveInfinity)
                    {
                        var to = Arrive(next + worked * (after + 1) + groups[g].Class);
                        foreach (var run in groups[g].OfWeek)
                            Move(from, to, run.From, run.To, run.Count, distances[g], added);
                    }
            }
        }

        for (var node = next; node < firstNode[day + 2] && dead is not null; node++)
            if (arrived[node] >= 0)
                LabelCosts.Most(labels, arrived[node], dead, cells);
    }

    // In minutes of the horizon and unpopular shifts.
    private int Distance(ShiftGroup group) => group.Units * horizon + (horizon == 1 || !group.IsUnpopular ? 0 : 1);

    // By how much the numbers of minutes begin later on the next day.
    private int Rise(RuleStates states, int day) => (states.Low[day + 1] - states.Low[day]) * horizon;

    private int Arrive(int node)
    {
        if (arrived[node] < 0)
            arrived[node] = left[node] = New();
        return arrived[node];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(int from, int to, int fromPlace, int toPlace, int places, int distance, float added)
    {
        (from, to) = (from + fromPlace * week, to + toPlace * week);
        if (distance >= 0)
            LabelCosts.Least(labels, from, to + distance, places * week - distance, added);
        else
            LabelCosts.Least(labels, from - distance, to, places * week + distance, added);
    }

    // Of the ways that differ in the minutes of the week alone only the cheapest matters in the week that begins.
    private void EndWeek(int day, float[] unused)
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
        AgentLattice lattice, RuleStates states, float[][] cost, float[] off, float singleDayOff, ReadOnlySpan<float> unfair, int[] days)
    {
        var (span, last) = (states.Span, states.Span.To);
        var (node, cell, least) = (-1, -1, float.PositiveInfinity);
        var width = lattice.ClassesBefore[last] + 1;
        var after = states.After(lattice, days, singleDayOff);
        var next = !span.IsOpen && last < lattice.Days && days[last] >= 0 ? lattice.Ties(last, days[last]) : null;
        // From where its numbers of minutes begin.
        var (fewest, most) = (states.Units.Least - states.Low[last], states.Units.Most - states.Low[last]);
        for (var n = firstNode[last]; n < firstNode[last + 1]; n++)
        {
            var behind = left[n] < 0 ? float.PositiveInfinity
                : after[(n - firstNode[last]) / width] + (next?[(n - firstNode[last]) % width] ?? 0);
            for (var c = 0; c < cells && behind < float.PositiveInfinity; c++)
                if (labels[left[n] + c] < float.PositiveInfinity && c % week / horizon is var here && here >= fewest && here <= most
                    && c % horizon is var count && count < unfair.Length
                    && labels[left[n] + c] + behind + unfair[count] < least)
                    (node, cell, least) = (n, c, labels[left[n] + c] + behind + unfair[count]);
        }

        if (node < 0)
            return least;

        var value = labels[left[node] + cell];
        for (var day = last - 1; day >= span.From; day--)
        {
            if (lattice.Unused[day] is { } unused)
            {
                var units = 0;
                while (labels[arrived[node] + cell + units * week] + unused[units] != value)
                    units++;
                cell += units * week;
                value = labels[arrived[node] + cell];
            }

            days[day] = Back(lattice, states, cost[day], off[day], singleDayOff, day, ref node, ref cell, ref value);
        }

        return least;
    }

    // The label that this one came from is the one whose cost, and what was added, make exactly its cost.
    private int Back(
        AgentLattice lattice, RuleStates states, float[] cost, float off, float singleDayOff, int day, ref int node, ref int cell,
        ref float value)
    {
        var (classes, rise) = (lattice.ClassesBefore[day + 1], Rise(states, day));
        var (state, shiftClass) = ((node - firstNode[day + 1]) / (classes + 1), (node - firstNode[day + 1]) % (classes + 1));
        if (shiftClass == classes)
        {
            if (Came(lattice, states, null, off, 0, day, state, CellBefore(null, -rise, cell), ref node, ref cell, ref value))
                return -1;
        }
        else
            foreach (var group in states.Groups[day])
                if (group.Class == shiftClass && group.Cheapest(cost, out var option) is var least && option >= 0
                    && Came(lattice, states, group, least, singleDayOff, day, state, CellBefore(group.OfWeek, Distance(group) - rise, cell),
                        ref node, ref cell, ref value))
                    return option;

        throw new InvalidOperationException("A label came from nowhere.");
    }

    private bool Came(
        AgentLattice lattice, RuleStates states, ShiftGroup? group, float cost, float singleDayOff, int day, int state, int came,
        ref int node, ref int cell, ref float value)
    {
        var (before, sorts) = (lattice.ClassesBefore[day], states.Sorts[day].Length);
        for (var s = 0; s < states.Count[day] && came >= 0; s++)
        {
            if ((group is null ? states.OffTo[day][s] : states.WorkTo[day][s * sorts + group.Sort]) != state)
                continue;
            var single = states.IsSingleDayOff[day][s] ? singleDayOff : 0;
            for (var last = 0; last <= before; last++)
            {
                var from = firstNode[day] + s * (before + 1) + last;
                var added = group is null ? cost : cost + (group.Ties[last] + single);
                if (left[from] < 0 || labels[left[from] + came] + added != value)
                    continue;
                (node, cell) = (from, came);
                value = labels[left[from] + cell];
                return true;
            }
        }

        return false;
    }

    private int CellBefore(PlaceRun[]? ofWeek, int distance, int cell)
    {
        var (place, within) = (cell / week, cell % week - distance);
        if (within < 0 || within >= week)
            return -1;
        if (ofWeek is null)
            return place * week + within;
        foreach (var run in ofWeek)
            if (run.To <= place && place < run.To + run.Count)
                return (run.From + place - run.To) * week + within;
        return -1;
    }
}

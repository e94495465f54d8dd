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

    // By state at the end of the span: what the days after it cost beside those of the others; infinite where they must not follow.
    private float[] after = [];

    /// <summary>Whether the labels of a search have room: 400 MB.</summary>
    /// <param name="unpopular">How many numbers of unpopular shifts are told apart.</param>
    public static bool HasRoom(AgentLattice lattice, RuleStates states, int unpopular, DaySpan span)
    {
        const long Most = 100_000_000;
        var labels = 0L;
        for (var day = span.From; day <= span.To; day++)
            labels += (long)states.Count[day] * (lattice.ClassesBefore[day] + 1);
        return labels * lattice.WeekCells * states.Width * (unpopular + 1) <= Most;
    }

    /// <param name="cost">By day and option; infinite where it is not to be worked.</param>
    /// <param name="off">By day.</param>
    /// <param name="unfair">What so many early, late and night shifts cost, more of them being out of the question; one number where it
    /// makes no difference how many there are.</param>
    /// <param name="days">Receives the option of each day, -1 for a day off; holds those outside the span, which stay.</param>
    /// <param name="span">Whole weeks, of which the cheapest days are sought.</param>
    /// <returns>What the days of the span cost, and that they lie beside the others; infinite when there are none.</returns>
    public float Cheapest(
        AgentLattice lattice, RuleStates states, float[][] cost, float[] off, float singleDayOff, ReadOnlySpan<float> unfair, int[] days,
        DaySpan span)
    {
        if (!Begin(lattice, states, unfair.Length, days, span))
            return float.PositiveInfinity;
        for (var day = span.From; day < span.To; day++)
        {
            Step(lattice, states, cost[day], off[day], singleDayOff, day);
            if (lattice.Unused[day] is { } unused)
                EndWeek(day + 1, unused);
        }

        return Trace(lattice, states, cost, off, singleDayOff, unfair, days, span);
    }

    private bool Begin(AgentLattice lattice, RuleStates states, int unpopular, int[] days, DaySpan span)
    {
        // Beyond each limit lies room for what the longest shift moves.
        horizon = unpopular == 1 ? 1 : unpopular + 1;
        week = horizon * states.Width;
        (cells, used, dead) = (lattice.WeekCells * week, 0, null);
        if (week > 1)
        {
            var most = lattice.Horizon is null ? 1
                : states.Width - states.Groups.SelectMany(day => day).Select(g => g.Units).DefaultIfEmpty(0).Max();
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

        if (Before(lattice, states, days, span.From) is not var (state, last, units, worked))
            return false;
        // What is due already on the first day cannot be reached at all.
        var (begin, node) = ((units - states.Low[span.From]) * horizon + (horizon == 1 ? 0 : worked),
            state * (lattice.ClassesBefore[span.From] + 1) + last);
        if (units < states.Low[span.From] || begin >= week || (horizon > 1 && worked >= unpopular))
            return false;
        arrived[node] = left[node] = New();
        labels[left[node] + begin] = 0;
        return true;
    }

    /// <summary>Where the days before the span lead; null where the rules do not let them.</summary>
    private static (int State, int Class, int Units, int Unpopular)? Before(AgentLattice lattice, RuleStates states, int[] days, int until)
    {
        var (state, last, units, unpopular) = (0, 0, 0, 0);
        for (var day = 0; day < until; day++)
        {
            if (days[day] < 0)
                (state, last) = (states.OffTo[day][state], lattice.ClassesBefore[day + 1]);
            else
            {
                var group = states.GroupOf[day][days[day]];
                state = states.WorkTo[day][state * states.Sorts[day].Length + group.Sort];
                (last, units, unpopular) = (group.Class, units + group.Units, unpopular + (group.IsUnpopular ? 1 : 0));
            }

            if (state < 0)
                return null;
        }

        return (state, last, units, unpopular);
    }

    // The days after the span, from each state in which it may end.
    private (int Units, int Unpopular) After(AgentLattice lattice, RuleStates states, int[] days, int from, float singleDayOff)
    {
        if (after.Length < states.Count[from])
            after = new float[states.Count[from]];
        for (var start = 0; start < states.Count[from]; start++)
        {
            var (state, singles) = (start, 0.0f);
            for (var day = from; day < lattice.Days && state >= 0; day++)
            {
                singles += days[day] >= 0 && states.IsSingleDayOff[day][state] ? singleDayOff : 0;
                state = days[day] < 0 ? states.OffTo[day][state]
                    : states.WorkTo[day][state * states.Sorts[day].Length + states.GroupOf[day][days[day]].Sort];
            }

            after[start] = state >= 0 && states.MayEnd[state] ? singles : float.PositiveInfinity;
        }

        var (units, unpopular) = (0, 0);
        for (var day = from; day < lattice.Days; day++)
            if (days[day] >= 0 && states.GroupOf[day][days[day]] is var group)
                (units, unpopular) = (units + group.Units, unpopular + (group.IsUnpopular ? 1 : 0));
        return (units, unpopular);
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
        AgentLattice lattice, RuleStates states, float[][] cost, float[] off, float singleDayOff, ReadOnlySpan<float> unfair, int[] days,
        DaySpan span)
    {
        var last = span.To;
        var (node, cell, least) = (-1, -1, float.PositiveInfinity);
        var width = lattice.ClassesBefore[last] + 1;
        var (unitsAfter, unpopular) = After(lattice, states, days, last, singleDayOff);
        var next = last < lattice.Days && days[last] >= 0 ? states.GroupOf[last][days[last]] : null;
        // What the days after leave to the span, from where its numbers of minutes begin.
        var (fewest, most) = lattice.Horizon is { } limit
            ? (limit.Least - unitsAfter - states.Low[last], limit.Most - unitsAfter - states.Low[last]) : (0, 0);
        for (var n = firstNode[last]; n < firstNode[last + 1]; n++)
        {
            var behind = left[n] < 0 ? float.PositiveInfinity
                : after[(n - firstNode[last]) / width] + (next?.Ties[(n - firstNode[last]) % width] ?? 0);
            for (var c = 0; c < cells && behind < float.PositiveInfinity; c++)
                if (labels[left[n] + c] < float.PositiveInfinity && c % week / horizon is var here && here >= fewest && here <= most
                    && (horizon == 1 ? 0 : c % horizon + unpopular) is var count && count < unfair.Length
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

namespace CallCenter.Planning.Rotations;

/// <summary>Makes one round of the days from how often each row of work and each rest occurs.</summary>
internal static class RotationWalk
{
    /// <summary>
    /// Closed walks that together use each arc as often as it occurs, as few as the arcs allow: one for each part that hangs together
    /// (Hierholzer 1873).
    /// </summary>
    /// <param name="arcs">From place to place, how often.</param>
    /// <returns>The arcs of each, in the order they are walked.</returns>
    public static List<List<int>> Rounds(int places, IReadOnlyList<(int From, int To, int Times)> arcs)
    {
        var left = arcs.Select(arc => arc.Times).ToArray();
        var leaving = new List<int>[places];
        for (var place = 0; place < places; place++)
            leaving[place] = [];
        for (var arc = 0; arc < arcs.Count; arc++)
            if (arcs[arc].Times > 0)
                leaving[arcs[arc].From].Add(arc);

        var rounds = new List<List<int>>();
        for (var start = 0; start < places; start++)
        {
            if (Next(start) < 0)
                continue;
            var (stack, round) = (new Stack<(int Place, int Arc)>(), new List<int>());
            stack.Push((start, -1));
            while (stack.Count > 0)
            {
                if (Next(stack.Peek().Place) is >= 0 and var arc)
                {
                    left[arc]--;
                    stack.Push((arcs[arc].To, arc));
                }
                else if (stack.Pop().Arc is >= 0 and var walked)
                {
                    round.Add(walked);
                }
            }

            round.Reverse();
            rounds.Add(round);
        }

        return rounds;

        int Next(int place)
        {
            while (leaving[place].Count > 0 && left[leaving[place][^1]] == 0)
                leaving[place].RemoveAt(leaving[place].Count - 1);
            return leaving[place].Count > 0 ? leaving[place][^1] : -1;
        }
    }

    /// <summary>
    /// Joins rounds of days by exchanging what follows a day in two of them, where that leaves every rule kept; each begins on a Monday
    /// and has whole weeks.
    /// </summary>
    /// <returns>One round, or null where no single exchange joins what is left.</returns>
    public static int[]? Joined(RotationProblem problem, List<int[]> rounds)
    {
        while (rounds.Count > 1)
        {
            var (first, joined) = (rounds[0], (int[]?)null);
            for (var other = 1; other < rounds.Count && joined is null; other++)
            {
                joined = Exchange(problem, first, rounds[other]);
                if (joined is not null)
                    rounds.RemoveAt(other);
            }

            if (joined is null)
                return null;
            rounds[0] = joined;
        }

        return rounds[0];
    }

    private static int[]? Exchange(RotationProblem problem, int[] one, int[] other)
    {
        for (var day = 0; day < one.Length; day++)
            for (var there = day % RotationProblem.Week; there < other.Length; there += RotationProblem.Week)
            {
                int[] joined = [.. one[..day], .. other[there..], .. other[..there], .. one[day..]];
                if (IsKeptAround(problem, joined, day) && IsKeptAround(problem, joined, day + other.Length))
                    return joined;
            }

        return null;
    }

    /// <summary>
    /// Whether the rules are kept by the days around where a day was put after another one, as far as any run from there can reach.
    /// </summary>
    private static bool IsKeptAround(RotationProblem problem, int[] days, int seam)
    {
        var reach = Math.Max(2, Math.Max(problem.Work.AtMost, problem.Rest.AtMost)) + 1;
        int At(int place) => days[((seam + place) % days.Length + days.Length) % days.Length];

        var (row, run) = (-reach, -reach);
        for (var i = 1 - reach; i <= reach; i++)
        {
            var (before, now) = (At(i - 1), At(i));
            var last = i == reach;
            if (last || before < 0 != now < 0)
            {
                var allowed = before < 0 ? problem.Rest : problem.Work;
                if (!Fits(row, i, allowed, last))
                    return false;
                row = i;
            }

            if (last || before != now)
            {
                if (before >= 0 && !Fits(run, i, problem.Kinds[before].InARow, last))
                    return false;
                run = i;
            }

            if (before >= 0 && now >= 0 && problem.Forbidden.Contains(new(before, now)))
                return false;
            if (before < 0 && now >= 0 && At(i - 2) is >= 0 and var earlier && problem.ForbiddenOverRest.Contains(new(earlier, now)))
                return false;
        }

        return true;

        // What began before the days looked at, or ends after them, is too long where it reaches over the seam, and else none of its
        // business.
        bool Fits(int from, int to, Least allowed, bool last) => from == -reach || last
            ? from >= 0 || to <= 0
            : to - from >= allowed.AtLeast && to - from <= allowed.AtMost;
    }
}

namespace CallCenter.Planning.ShiftDesign;

/// <summary>
/// Designs shifts by two searches in turn: linear programmes whose prices leave few shifts (<see cref="ShiftDesignProgramme"/>), and
/// annealing (Kirkpatrick, Gelatt and Vecchi 1983) over how many people have which shift on which day. Beside one person more or fewer it
/// moves people from shift to shift, exchanges the ends of two shifts of a day, which covers the same, and replaces a shift on all days,
/// as the local search of Musliu, Schaerf and Slany (2004) does. Later rounds take a shift or two away from the best design and close
/// them (ruin and recreate, Schrimpf et al. 2000).
/// </summary>
public sealed class ShiftDesignSearch
{
    // Moves of the second round, which anneals everything; later rounds begin with the best design, less a shift or two.
    private const int WholeMoves = 500_000;
    private const int LaterMoves = 200_000;
    private const double LaterHeat = 0.3;
    private const int MostShifts = 5000;

    private readonly ShiftDesignProblem problem;
    private readonly (int Start, int Length)[] shifts;
    private readonly Dictionary<(int, int), int> at;
    private readonly int days;
    private readonly int[] people;
    private readonly int[] users;
    private readonly int[] over;
    private readonly List<int> active = [];
    private readonly int[] place;
    private readonly List<int> used = [];
    private readonly int[] usedPlace;
    private readonly List<(int Shift, int Day, int Change)> move = [];
    private readonly Random random;
    private int[] best = [];
    private long cost;
    private long least;
    private readonly bool[] closed;
    private long moves;

    private ShiftDesignSearch(ShiftDesignProblem problem, int seed)
    {
        (this.problem, days, random) = (problem, problem.Days, new(seed));
        shifts =
        [
            .. problem.Windows.SelectMany(w =>
                from start in Enumerable.Range(w.Earliest, w.Latest - w.Earliest + 1)
                from length in Enumerable.Range(w.Shortest, w.Longest - w.Shortest + 1)
                select (start, length)).Distinct().Take(MostShifts + 1),
        ];
        if (shifts.Length > MostShifts)
            throw new PlanningException("shifts-too-many", $"The windows allow more than {MostShifts:N0} different shifts.");
        at = shifts.Select((shift, i) => (shift, i)).ToDictionary(s => s.shift, s => s.i);
        (people, place) = (new int[shifts.Length * days], new int[shifts.Length * days]);
        closed = new bool[shifts.Length];
        (users, usedPlace) = (new int[shifts.Length], new int[shifts.Length]);
        over = [.. problem.Needed.Select(needed => -needed)];
        cost = problem.Needed.Sum(needed => (long)needed * problem.Weights.Under);
    }

    /// <param name="limit">How long to look at most.</param>
    /// <param name="rounds">Ends the search after so many rounds: then the same seed gives the same design.</param>
    /// <exception cref="PlanningException"><c>shifts-too-many</c>: the windows allow too many different shifts.</exception>
    public static ShiftDesignResult Solve(
        ShiftDesignProblem problem, TimeSpan limit, int seed = 1, int? rounds = null, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        time ??= TimeProvider.System;
        var began = time.GetTimestamp();
        var search = new ShiftDesignSearch(problem, seed);
        var programme = new ShiftDesignProgramme(problem, search.shifts);
        var bound = programme.Bound();
        search.best = search.people.ToArray();
        search.least = search.cost;
        bool Late() => time.GetElapsedTime(began) >= limit || cancellation.IsCancellationRequested;
        for (var round = 0; round < (rounds ?? int.MaxValue) && search.least > (bound ?? 0) && !Late(); round++)
        {
            if (round % 2 == 0)
            {
                search.Reprice(programme, Late);
            }
            else if (round == 1)
            {
                search.Anneal(WholeMoves, Math.Max(search.Unit, problem.Weights.Shift / 2.0), Late);
            }
            else
            {
                search.Ruin();
                search.Anneal(LaterMoves, search.Unit * LaterHeat, Late);
            }

            search.Become(search.best);
        }

        var best = search.Design();
        var (over, under, cost) = ShiftDesignChecker.Cost(problem, best);
        return new(best, over, under, cost, bound, search.moves);
    }

    private double Unit => Math.Max(1, Math.Max(problem.Weights.Over, problem.Weights.Under));

    /// <summary>Takes over designs of the linear programme that cost less.</summary>
    private void Reprice(ShiftDesignProgramme programme, Func<bool> late)
    {
        foreach (var design in programme.Repriced(random))
        {
            Become(design);
            Keep();
            if (late())
                return;
        }
    }

    /// <summary>Keeps what is at hand where it costs less than anything before, and has not too many shifts.</summary>
    private void Keep()
    {
        if (cost < least && !(used.Count > problem.MostShifts))
            (best, least) = ([.. people], cost);
    }

    private bool IsClosed()
    {
        foreach (var (shift, _, by) in move)
            if (by > 0 && closed[shift])
                return true;

        return false;
    }

    /// <summary>Takes a shift or two away, and keeps them closed until the next time.</summary>
    private void Ruin()
    {
        Array.Clear(closed);
        for (var i = random.Next(1, 3); i > 0 && used.Count > 0; i--)
        {
            var shift = used[random.Next(used.Count)];
            closed[shift] = true;
            for (var day = 0; day < days; day++)
                Change(shift, day, -people[shift * days + day]);
        }
    }

    private void Anneal(int steps, double hot, Func<bool> late)
    {
        var cold = Unit / 15;
        var heat = hot;
        for (var i = 0; i < steps; i++)
        {
            if (i % 4096 == 0 && late())
                break;
            if (i % 128 == 0)
                heat = hot * Math.Pow(cold / hot, (double)i / steps);

            moves++;
            Propose();
            if (IsClosed())
                continue;
            var change = 0L;
            foreach (var (shift, day, by) in move)
                change += Change(shift, day, by);
            if (used.Count > problem.MostShifts || (change > 0 && random.NextDouble() >= Math.Exp(-change / heat)))
            {
                for (var k = move.Count - 1; k >= 0; k--)
                    Change(move[k].Shift, move[k].Day, -move[k].Change);
                continue;
            }

            Keep();
        }
    }

    /// <summary>Puts a change that is possible into <see cref="move"/>, or nothing.</summary>
    private void Propose()
    {
        move.Clear();
        var kind = random.Next(100);
        if (active.Count == 0 || kind < 15)
        {
            var shift = used.Count > 0 && random.Next(4) > 0 ? used[random.Next(used.Count)] : random.Next(shifts.Length);
            move.Add((shift, random.Next(days), 1));
            return;
        }

        var one = active[random.Next(active.Count)];
        var (from, day) = (one / days, one % days);
        if (kind < 30)
        {
            move.Add((from, day, -1));
        }
        else if (kind < 65)
        {
            var to = Other(from);
            var many = random.Next(2) == 0 ? 1 : 1 + random.Next(people[one]);
            move.Add((from, day, -many));
            move.Add((to, day, many));
        }
        else if (kind < 85)
        {
            Exchange(from, day);
        }
        else
        {
            var to = random.Next(8) == 0 ? -1 : Other(from);
            for (var d = 0; d < days; d++)
                if (people[from * days + d] is > 0 and var many)
                {
                    move.Add((from, d, -many));
                    if (to >= 0)
                        move.Add((to, d, many));
                }
        }
    }

    /// <summary>One that is used, or one that begins or ends a little earlier or later, or both.</summary>
    private int Other(int shift)
    {
        if (random.Next(2) == 0)
            return used[random.Next(used.Count)];
        var (start, length) = shifts[shift];
        var (begin, end) = (random.Next(-2, 3), random.Next(-2, 3));
        return at.GetValueOrDefault((start + begin, length - begin + end), random.Next(shifts.Length));
    }

    /// <summary>Two shifts of a day exchange their ends: the same is covered, perhaps by shifts that are used already.</summary>
    private void Exchange(int first, int day)
    {
        var second = used[random.Next(used.Count)];
        var many = Math.Min(people[first * days + day], people[second * days + day]);
        if (second == first || many == 0)
            return;
        var (a, b) = (shifts[first], shifts[second]);
        if (!at.TryGetValue((a.Start, b.Start + b.Length - a.Start), out var third)
            || !at.TryGetValue((b.Start, a.Start + a.Length - b.Start), out var fourth))
            return;
        if (random.Next(2) == 0)
            many = 1;
        move.AddRange([(first, day, -many), (second, day, -many), (third, day, many), (fourth, day, many)]);
    }

    /// <summary>So many people more of a shift on a day; returns what that costs.</summary>
    private long Change(int shift, int day, int by)
    {
        if (by == 0)
            return 0;
        var (start, length) = shifts[shift];
        var (slot, change) = ((day * problem.SlotsPerDay + start) % over.Length, 0L);
        var (weightOver, weightUnder) = (problem.Weights.Over, problem.Weights.Under);
        for (var i = 0; i < length; i++)
        {
            var before = over[slot];
            var after = over[slot] = before + by;
            change += (Math.Max(after, 0) - Math.Max(before, 0)) * weightOver + (Math.Max(-after, 0) - Math.Max(-before, 0)) * weightUnder;
            if (++slot == over.Length)
                slot = 0;
        }

        var index = shift * days + day;
        Enter(active, place, index, people[index] > 0, people[index] + by > 0);
        people[index] += by;
        var (was, isUsed) = (users[shift] > 0, users[shift] + by > 0);
        Enter(used, usedPlace, shift, was, isUsed);
        users[shift] += by;
        change += was == isUsed ? 0 : isUsed ? problem.Weights.Shift : -problem.Weights.Shift;
        cost += change;
        return change;
    }

    /// <summary>Keeps a list of what is there, in which anything can be found and left out at once.</summary>
    private static void Enter(List<int> list, int[] places, int item, bool was, bool isThere)
    {
        if (was == isThere)
            return;
        if (isThere)
        {
            places[item] = list.Count;
            list.Add(item);
            return;
        }

        var last = list[^1];
        (list[places[item]], places[last]) = (last, places[item]);
        list.RemoveAt(list.Count - 1);
    }

    private void Become(int[] target)
    {
        for (var i = 0; i < people.Length; i++)
            Change(i / days, i % days, target[i] - people[i]);
    }

    private IReadOnlyList<DesignedShift> Design() =>
    [
        .. used.Order().Select(shift => new DesignedShift(
            shifts[shift].Start, shifts[shift].Length, people[(shift * days)..((shift + 1) * days)]))
            .OrderBy(shift => shift.Start).ThenBy(shift => shift.Length),
    ];
}

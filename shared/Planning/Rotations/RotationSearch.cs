namespace CallCenter.Planning.Rotations;

/// <summary>
/// Finds a rotation or proves that there is none: branch and bound over <see cref="RotationNetwork"/>. Counts that many rows share are
/// decided first; a part that no bound allows is shown to be so in whole numbers (<see cref="DualSimplex"/>). Rounds that do not meet are
/// joined by exchanging what follows a day, or it is decided whether one must lead into the other (Becker, Schiffer and Walther 2022 cut
/// likewise).
/// </summary>
public sealed class RotationSearch
{
    // Linear programmes until the search begins again with other nudges, growing by half each time, so that it ends.
    private const int FirstTry = 60;

    private readonly RotationProblem problem;
    private readonly RotationNetwork network;
    private readonly TimeProvider time;
    private readonly long until;
    private readonly bool freeWeekends;
    private DualSimplex programme;

    // Of places that a round alone went through: how often a walk leads out of them.
    private readonly Dictionary<string, int> leadingOut = [];
    private long nodes;
    private long nodesUntil;
    private int[]? best;
    private bool open;

    private RotationSearch(RotationProblem problem, bool freeWeekends, TimeProvider time, TimeSpan limit)
    {
        (this.problem, this.time, this.freeWeekends) = (problem, time, freeWeekends);
        until = time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency);
        network = new(problem);
        programme = network.Programme(freeWeekends, seed: 1);
    }

    /// <param name="freeWeekends">Also looks for as many free weekends as there is time for; else the first rotation does.</param>
    /// <exception cref="PlanningException"><c>rotation-too-wide</c>: there are too many different rows of work.</exception>
    public static RotationResult Solve(RotationProblem problem, bool freeWeekends, TimeSpan limit, TimeProvider? time = null)
    {
        foreach (var kind in problem.Kinds)
            ArgumentOutOfRangeException.ThrowIfNotEqual(kind.Needed.Count, RotationProblem.Week);
        return new RotationSearch(problem, freeWeekends, time ?? TimeProvider.System, limit).Run();
    }

    private RotationResult Run()
    {
        var most = problem.Groups;
        var tries = (double)FirstTry;
        for (var seed = 1; ; seed++, tries *= 1.5)
        {
            programme = network.Programme(freeWeekends, seed);
            programme.Start();
            leadingOut.Clear();
            (nodesUntil, open) = (nodes + (long)tries, false);
            if (freeWeekends && seed == 1 && programme.Solve() == LinearAnswer.Solved)
                most = (int)Math.Min(most, -programme.SafeBound());
            Decide();
            if (!open || (best is not null && !freeWeekends) || IsLate)
                break;
        }

        if (best is null)
            return new(open ? RotationAnswer.Undecided : RotationAnswer.Impossible, null, 0, 0, nodes);

        var weekends = RotationChecker.FreeWeekends(best);
        return new(RotationAnswer.Found, best, weekends, open || !freeWeekends ? most : weekends, nodes);
    }

    private bool IsLate => time.GetTimestamp() >= until;

    /// <summary>Looks below what is decided so far. True where nothing more is wanted.</summary>
    private bool Decide()
    {
        if (nodes >= nodesUntil || IsLate)
        {
            open = true;
            return true;
        }

        nodes++;
        var mustCost = best is null ? long.MaxValue : -RotationChecker.FreeWeekends(best) - 1;
        if (programme.Solve(mustCost) == LinearAnswer.Impossible || (best is not null && programme.SafeBound() > mustCost))
            return false;

        var column = Undecided();
        if (column < 0)
            return Whole();

        var value = programme.Value(column);
        var (down, up) = (Math.Floor(value), Math.Ceiling(value));
        return value - down < 0.5
            ? Below(column, (long)down) || Above(column, (long)down + 1)
            : Above(column, (long)up) || Below(column, (long)up - 1);
    }

    private bool Below(int column, long to) => Bounded([(column, programme.Lower(column), to)], Decide);

    private bool Above(int column, long from) => Bounded([(column, from, programme.Upper(column))], Decide);

    private bool Bounded(IReadOnlyList<(int Column, long From, long To)> bounds, Func<bool> look)
    {
        var before = bounds.Select(b => (b.Column, programme.Lower(b.Column), programme.Upper(b.Column))).ToArray();
        if (bounds.Any(b => b.From > b.To))
            return false;
        foreach (var (column, from, to) in bounds)
            programme.Bound(column, from, to);
        var done = look();
        foreach (var (column, from, to) in before)
            programme.Bound(column, from, to);
        return done;
    }

    /// <summary>The column furthest from a whole number, of those decided first.</summary>
    private int Undecided()
    {
        foreach (var columns in network.Decided)
        {
            var (furthest, chosen) = (1e-6, -1);
            foreach (var column in columns)
                if (Math.Abs(programme.Value(column) - Math.Round(programme.Value(column))) is var distance && distance > furthest)
                    (furthest, chosen) = (distance, column);
            if (chosen >= 0)
                return chosen;
        }

        return -1;
    }

    /// <summary>All counts are whole: makes the rotation, or decides how its rounds are to meet.</summary>
    private bool Whole()
    {
        var work = network.WorkColumns.Select(c => (int)Math.Round(programme.Value(c))).ToArray();
        var rest = network.RestColumns.Select(c => (int)Math.Round(programme.Value(c))).ToArray();
        var arcs = new List<(int From, int To, int Times)>();
        arcs.AddRange(network.Work.Select((row, i) => (network.Begin(row), network.End(row), work[i])));
        arcs.AddRange(network.Rest.Select((r, i) => (r.From, r.To, rest[i])));
        var walks = RotationWalk.Rounds(network.Places, arcs);
        var rounds = walks.Select(DaysOf).ToList();
        var parts = rounds.Count;

        var days = RotationWalk.Joined(problem, rounds);
        if (days is not null && RotationChecker.Check(problem, days).Count == 0)
        {
            if (best is null || RotationChecker.FreeWeekends(days) > RotationChecker.FreeWeekends(best))
                best = days;
            return !freeWeekends || Further();
        }

        return parts > 1 ? Meet(walks, arcs) : Further();
    }

    /// <summary>
    /// What is here is not better, or was not whole after all: any column that is not decided yet divides what is left.
    /// </summary>
    private bool Further()
    {
        foreach (var columns in network.Decided)
            foreach (var column in columns)
                if (programme.Lower(column) < programme.Upper(column))
                {
                    var value = Math.Clamp((long)Math.Round(programme.Value(column)), programme.Lower(column), programme.Upper(column));
                    return Bounded([(column, value, value)], Decide) || Below(column, value - 1) || Above(column, value + 1);
                }

        return false;
    }

    /// <summary>Either the first round leads to others, or nothing of it is walked, or nothing but it.</summary>
    private bool Meet(List<List<int>> walks, List<(int From, int To, int Times)> arcs)
    {
        var inside = new bool[network.Places];
        foreach (var arc in walks[0])
            inside[arcs[arc].From] = true;
        int[] columns = [.. network.WorkColumns, .. network.RestColumns];
        var leading = new List<int>();
        var within = new List<int>();
        for (var arc = 0; arc < arcs.Count; arc++)
        {
            if (inside[arcs[arc].From] && !inside[arcs[arc].To])
                leading.Add(columns[arc]);
            if (inside[arcs[arc].From] || inside[arcs[arc].To])
                within.Add(columns[arc]);
        }

        var only = columns.Where((_, arc) => !inside[arcs[arc].From] || !inside[arcs[arc].To]).ToList();
        var most = (long)problem.Groups * RotationProblem.Week;
        var places = string.Concat(inside.Select(there => there ? '1' : '0'));
        if (!leadingOut.TryGetValue(places, out var count))
            leadingOut.Add(places, count = programme.AddCount(leading, most));

        return Bounded([(count, 1, most)], Decide)
            || Bounded([.. within.Select(c => (c, programme.Lower(c), 0L))], Decide)
            || Bounded([.. only.Select(c => (c, programme.Lower(c), 0L))], Decide);
    }

    /// <summary>The days of a round, turned so that it begins on a Monday.</summary>
    private int[] DaysOf(List<int> walk)
    {
        var (days, first) = (new List<int>(), 0);
        for (var i = 0; i < walk.Count; i++)
        {
            var arc = walk[i];
            if (arc < network.Work.Count)
            {
                if (i == 0)
                    first = network.Work[arc].Weekday;
                days.AddRange(network.Work[arc].Kinds);
            }
            else
            {
                var rest = network.Rest[arc - network.Work.Count];
                if (i == 0)
                    first = network.DayOf(rest.From);
                days.AddRange(Enumerable.Repeat(-1, rest.Length));
            }
        }

        var turn = (RotationProblem.Week - first) % RotationProblem.Week;
        return [.. days[turn..], .. days[..turn]];
    }
}

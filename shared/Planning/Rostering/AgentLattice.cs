using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// The days of one agent as a lattice. A state is all that the rules remember after some days; a shift or a day off leads from state to
/// state, and paid minutes are counted beside them. Made of the rules once for an agent, so that the search only adds and compares.
/// </summary>
internal sealed class AgentLattice
{
    // Beyond, minutes of the horizon are counted in longer units, rounded up: a limit is kept, but its last minutes may not be used. So
    // many in eight weeks, and fewer in more, for each day has its own.
    private const int MostCells = 4096;
    private const int EightWeeks = 56;
    private const double MissedActivity = 1000;

    private static readonly PlaceRun[] AnyWeek = [new(0, 0, 1)];

    // Of the states of earlier searches so many moves are remembered: 6 MB.
    private const int MostMoves = 1_500_000;

    private readonly RosterProblem problem;
    private readonly RosterAgent agent;

    private readonly RuleCount[] counted;
    private readonly Dictionary<ulong, RuleSlot[]> slotsOf = [];
    private readonly List<(ulong Kept, SpanStart Start, RuleStates States)> states = [];
    private readonly Lock one = new();
    private int moves;

    // By day and shift.
    private readonly int[][] classOf;
    private readonly float[][][] tiesOf;
    private readonly PlaceRun[][][] ofWeek;
    private int[] mostOfWeek = [];
    private MinuteScale? whole;
    private MinuteScale? ofSpans;

    public AgentLattice(RosterProblem problem, RosterAgent agent, AgentOptions options)
    {
        (this.problem, this.agent, Options) = (problem, agent, options);
        Shifts = [.. options.Shifts.Select(day => day.ToArray())];

        var rules = RosterRule.All.SelectMany(rule => rule.CountsFor(problem, agent, options)).ToList();
        var numbers = rules.Where(r => r.Minutes is null && !r.LooksBack).ToList();
        RuleCount[] leftOut = [.. numbers.Where(r => r.MayBeLeftOut).Take(CountLimits.Most)];
        counted = [.. numbers.Except(leftOut)];
        Limits = new(leftOut, Shifts);

        Asked = [.. Enumerable.Range(0, problem.Days).Select(day => Shifts[day].Select(s => Refused(day, s.Code)).ToArray())];
        var limits = rules.Select(r => r.Minutes).OfType<MinuteLimit>().ToList();
        ofWeek = CountWeeks(limits);
        CountHorizon(limits);

        var ties = Enumerable.Range(0, problem.Days).Select(day => TiesOf(day, [.. rules.Where(r => r.LooksBack)])).ToArray();
        classOf = [.. Enumerable.Range(0, problem.Days).Select(day => Classes(Shifts[day].Length,
            day + 1 == problem.Days ? null : ties[day + 1]))];
        tiesOf = [.. Enumerable.Range(0, problem.Days).Select(day => OfClasses(day, ties[day]))];
        ClassesBefore = [0, .. classOf.Select(of => of.DefaultIfEmpty(-1).Max() + 1)];
    }

    public int Days => Shifts.Length;

    public AgentOptions Options { get; }

    /// <summary>What may be worked, by day.</summary>
    public ShiftOption[][] Shifts { get; }

    /// <summary>By day, and at the end: how many kinds of shift of the day before may be told apart; a day off comes after them.</summary>
    public int[] ClassesBefore { get; }

    /// <summary>By day and shift: what wishes add when it is worked.</summary>
    public double[][] Asked { get; }

    /// <summary>In a row up to the horizon, as far as a cost can tell them apart; 0 after work.</summary>
    public int DaysOffBefore => agent.Tail.DaysInRow > 0 ? 0 : Math.Min(2, agent.Tail.DaysOff ?? 2);

    /// <summary>So many numbers of paid minutes there are in a week, nothing among them.</summary>
    public int WeekCells { get; private set; }

    /// <summary>What is counted only where days would break it.</summary>
    public CountLimits Limits { get; }

    /// <summary>Whether a span is all the horizon.</summary>
    public bool IsWhole(DaySpan span) => span.To - span.From == Days;

    /// <summary>How minutes of the horizon are counted where these days are sought; null where they are not.</summary>
    public MinuteScale? Horizon(DaySpan span) => IsWhole(span) ? whole : ofSpans;

    /// <summary>Whether minutes over all the horizon cannot be counted so finely that what is due can be told from what is allowed.
    /// </summary>
    public bool IsTooLong => whole is { } all && ofSpans is { } some && all.Least > all.Most && some.Least <= some.Most;

    /// <summary>By day, of the minutes that the agent may have worked in the week that ends on it: what they leave unused; null on other
    /// days.</summary>
    public float[]?[] Unused { get; private set; } = [];

    /// <summary>Early, late and night shifts at most, as far as days go.</summary>
    public int MostUnpopular(DaySpan span)
    {
        var most = 0;
        for (var day = span.From; day < span.To; day++)
            most += Array.Exists(Shifts[day], s => s.Kind is not ShiftKind.Day) ? 1 : 0;
        return most;
    }

    /// <summary>Which kind of shift this one is to the day after it; a day off comes after them.</summary>
    /// <param name="option">-1 for a day off.</param>
    public int ClassOf(int day, int option) => option < 0 ? ClassesBefore[day + 1] : classOf[day][option];

    /// <summary>What it costs that the shift follows, by class of the day before.</summary>
    public float[] Ties(int day, int option) => tiesOf[day][option];

    /// <summary>What a week leaves unused of the contract, when so many minutes are paid in it.</summary>
    public double UnusedCost(int lastDay, int weekMinutes)
    {
        // A week that the horizon cuts owes its share of days only.
        var week = problem.WeekOf(lastDay);
        var days = Enumerable.Range(0, problem.Days).Count(d => problem.WeekOf(d) == week);
        var before = week == problem.WeekOf(0) ? agent.Tail.MinutesThisWeek : 0;

        return problem.Weights.UnusedHour * Math.Max(0, agent.WeeklyMinutes * days / 7.0 - (weekMinutes - before)) / 60;
    }

    /// <summary>Paid in the week before any work: leave of the whole week, so that both together stay within the contract.</summary>
    public int WeekStart(int day) =>
        agent.Unavailable.Where(b => problem.WeekOf(problem.DayOf(b.From)) == problem.WeekOf(day)).Sum(b => b.PaidMinutes)
        + (problem.WeekOf(day) == problem.WeekOf(0) ? agent.Tail.MinutesThisWeek : 0);

    public double StartChange(ShiftOption yesterday, ShiftOption today)
    {
        var by = Math.Abs(today.Start - problem.DayStarts[today.Day] - (yesterday.Start - problem.DayStarts[yesterday.Day]));
        return problem.Weights.StartChange * Math.Max(0, by - 60) / 60.0;
    }

    /// <summary>What a day off costs for the activities agreed for it.</summary>
    public double Missed(int day) => Options.HasActivity[day] ? MissedActivity : 0;

    /// <summary>What the agent's wishes for the day add when this is worked; null is a day off.</summary>
    public double Refused(int day, string? shift)
    {
        var weight = 0.0;
        foreach (var wish in Options.Wishes[day])
            weight += wish.Shifts.Contains(shift) == wish.Against ? wish.Weight : 0;
        return weight;
    }

    /// <summary>
    /// What the rules remember of the days of a span beside those around it.
    /// </summary>
    /// <param name="kept">Which limits are counted.</param>
    /// <param name="days">The option of each day, -1 for a day off; those outside the span are decided.</param>
    /// <returns>Null where the days before it break a rule.</returns>
    public RuleStates? States(ulong kept, int[] days, DaySpan span)
    {
        lock (one)
        {
            if (!slotsOf.TryGetValue(kept, out var slots))
                slotsOf[kept] = slots = RuleSlot.For([.. counted, .. Limits.Of(kept)]);
            if (SpanStart.Of(this, slots, days, span) is not { } start)
                return null;
            foreach (var known in states)
                if (known.Kept == kept && known.Start == start)
                    return known.States;

            var made = new RuleStates(this, slots, start);
            states.Add((kept, start, made));
            moves += made.Moves;
            for (; moves > MostMoves && states.Count > 1; states.RemoveAt(0))
                moves -= states[0].States.Moves;
            return made;
        }
    }

    private float[][] TiesOf(int day, RuleCount[] back)
    {
        var before = day == 0 ? [] : Shifts[day - 1];
        var ties = new float[before.Length + 1][];
        for (var i = 0; i <= before.Length; i++)
        {
            var yesterday = i < before.Length ? before[i] : null;
            var at = new ShiftBefore(yesterday, yesterday?.End ?? (day == 0 ? agent.Tail.LastEnd : null) ?? int.MinValue / 2);
            ties[i] = new float[Shifts[day].Length];
            for (var j = 0; j < Shifts[day].Length; j++)
                ties[i][j] =
                    !Array.TrueForAll(back, rule => rule.Follows(at, Shifts[day][j])) ? float.PositiveInfinity
                    : yesterday is null ? 0 : (float)StartChange(yesterday, Shifts[day][j]);
        }

        return ties;
    }

    private static (ShiftOption[] Sorts, int[] SortOf) Sorted(ShiftOption[] shifts, RuleSlot[] rules)
    {
        var (sorts, sortOf, known) = (new List<ShiftOption>(), new int[shifts.Length], new List<int[]>());
        for (var i = 0; i < shifts.Length; i++)
        {
            int[] what = [.. rules.Select(slot => slot.Rule.SortOf(shifts[i]))];
            sortOf[i] = known.FindIndex(sort => sort.AsSpan().SequenceEqual(what));
            if (sortOf[i] >= 0)
                continue;
            sortOf[i] = sorts.Count;
            sorts.Add(shifts[i]);
            known.Add(what);
        }

        return ([.. sorts], sortOf);
    }

    // Shifts are of one class where the next day takes them for the same.
    private static int[] Classes(int shifts, float[][]? tiesNext)
    {
        var (classOf, first) = (new int[shifts], new List<int>());
        for (var i = 0; i < shifts && tiesNext is not null; i++)
        {
            classOf[i] = first.FindIndex(known => tiesNext[known].AsSpan().SequenceEqual(tiesNext[i]));
            if (classOf[i] >= 0)
                continue;
            classOf[i] = first.Count;
            first.Add(i);
        }

        return classOf;
    }

    // Of the classes before one shift stands for all; a day off comes last.
    private float[][] OfClasses(int day, float[][] ties)
    {
        int[] before = day == 0 ? [0]
            : [.. Enumerable.Range(0, classOf[day - 1].DefaultIfEmpty(-1).Max() + 1).Select(c => Array.IndexOf(classOf[day - 1], c)),
                ties.Length - 1];
        return [.. Shifts[day].Select((_, i) => before.Select(b => ties[b][i]).ToArray())];
    }

    /// <summary>
    /// Shifts of a day that differ in cost alone, as far as these rules tell them apart, and of each sort to the rules a shift.
    /// </summary>
    /// <param name="unit">In which minutes of the horizon are counted; null where they are not.</param>
    public (ShiftGroup[] Groups, ShiftOption[] Sorts) Grouped(int day, RuleSlot[] rules, int? unit)
    {
        var (sorts, sortOf) = Sorted(Shifts[day], rules);
        var groups = new List<(ShiftGroup Group, List<int> Options)>();
        for (var i = 0; i < Shifts[day].Length; i++)
        {
            var shift = Shifts[day][i];
            var group = new ShiftGroup(sortOf[i], classOf[day][i], tiesOf[day][i], ofWeek[day][i],
                MinuteScale.Units(shift, unit), shift.Kind is not ShiftKind.Day, []);
            if (groups.FirstOrDefault(g => g.Group.DiffersInCostAlone(group)) is { Options: { } alike })
                alike.Add(i);
            else
                groups.Add((group, [i]));
        }

        return ([.. groups.Select(g => g.Group with { Options = [.. g.Options] })], sorts);
    }

    /// <returns>By day and shift: to which paid minutes of the week it leads from those before it.</returns>
    private PlaceRun[][][] CountWeeks(List<MinuteLimit> limits)
    {
        var weekly = limits.Where(l => l.OfWeek).Select(l => l.Most).DefaultIfEmpty(7 * 24 * 60).Min();
        mostOfWeek = [.. Enumerable.Range(0, problem.Days).Select(day => Math.Max(0, weekly - WeekStart(day)))];
        var weeks = Enumerable.Range(0, problem.Days).GroupBy(problem.WeekOf).ToList();
        // Where a week is neither limited by its hours nor owes any, they need no counting.
        if ((problem.Weights.UnusedHour == 0 || agent.WeeklyMinutes == 0)
            && weeks.TrueForAll(days => days.Sum(LongestOn) <= mostOfWeek[days.First()]))
        {
            WeekCells = 1;
            Unused = new float[problem.Days][];
            return [.. Shifts.Select(shifts => shifts.Select(_ => AnyWeek).ToArray())];
        }

        var week = new WeekMinutes([.. weeks.Select(days => (mostOfWeek[days.First()],
            days.Select(day => Shifts[day].Select(s => s.PaidMinutes).ToArray()).ToArray()))]);
        WeekCells = week.Sums.Count;
        Unused =
        [
            .. Enumerable.Range(0, problem.Days).Select(day => !problem.EndsWeek(day) ? null
                : week.Sums.Select(minutes => (float)UnusedCost(day, WeekStart(day) + minutes)).ToArray()),
        ];
        return [.. Shifts.Select((shifts, day) => shifts.Select(s => week.Runs(s.PaidMinutes, mostOfWeek[day])).ToArray())];
    }

    private int LongestOn(int day) => Shifts[day].Select(s => s.PaidMinutes).DefaultIfEmpty(0).Max();

    private void CountHorizon(List<MinuteLimit> limits)
    {
        var exact = Math.Max(1, Shifts.SelectMany(day => day).Select(s => s.PaidMinutes).Aggregate(0, Divisor));
        var ofHorizon = limits.Where(l => !l.OfWeek).ToList();
        var weeks = Enumerable.Range(0, problem.Days).Where(problem.EndsWeek).Sum(day => mostOfWeek[day] / exact * exact);
        var inAll = ofHorizon.Select(l => l.Most - l.Leave).DefaultIfEmpty(int.MaxValue).Min();
        var least = ofHorizon.Select(l => l.Least - l.Leave).DefaultIfEmpty(0).Max();
        // A limit that the weeks or the days keep anyway needs no counting.
        inAll = Math.Min(inAll, Math.Min(weeks, Enumerable.Range(0, problem.Days).Sum(LongestOn)));
        if (least <= 0 && !ofHorizon.Exists(l => l.Most - l.Leave <= inAll && l.Most - l.Leave < weeks))
            return;

        var shortest = Shifts.SelectMany(day => day).Select(s => s.PaidMinutes).DefaultIfEmpty(1).Min();
        whole = InUnits(problem.Days, MostCells * Math.Min(1, EightWeeks / (double)problem.Days));
        ofSpans = InUnits(Math.Min(problem.Days, EightWeeks), 2 * MostCells);

        // Of so many days that are sought at once.
        MinuteScale InUnits(int days, double mostCells)
        {
            var unit = exact;
            while ((1 + Math.Max(0, inAll) / unit * (double)days / problem.Days) * WeekCells > mostCells)
                unit += exact;
            // In longer units each shift counts up to so much more than it is paid, which must not make up for what is due.
            var lost = least <= 0 ? 0 : (unit - exact) * Math.Min(problem.Days, inAll / Math.Max(1, shortest));
            return new(unit, (Math.Max(0, least) + lost + unit - 1) / unit, Math.Max(0, inAll) / unit);
        }
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}

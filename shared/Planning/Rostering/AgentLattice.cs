using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// The days of one agent as a lattice. A state is all that the rules remember after some days; a shift or a day off leads from state to
/// state, and paid minutes are counted beside them. Made of the rules once for an agent, so that the search only adds and compares.
/// </summary>
internal sealed class AgentLattice
{
    // Beyond, minutes of the horizon are counted in longer units, rounded up: a limit is kept, but its last minutes may not be used.
    private const int MostCells = 4096;
    private const double MissedActivity = 1000;

    private static readonly int Kinds = Enum.GetValues<ShiftKind>().Length;

    private readonly RosterProblem problem;
    private readonly RosterAgent agent;

    public AgentLattice(RosterProblem problem, RosterAgent agent, AgentOptions options)
    {
        (this.problem, this.agent, Options) = (problem, agent, options);
        Shifts = [.. options.Shifts.Select(day => day.ToArray())];

        var rules = RosterRule.All.Select(rule => rule.CountFor(problem, agent, options)).OfType<RuleCount>().ToList();
        var back = rules.Where(r => r.LooksBack).ToArray();
        MostUnpopular = Shifts.Count(day => day.Any(s => s.Kind is not ShiftKind.Day));
        Ties = [.. Enumerable.Range(0, problem.Days).Select(day => TiesOf(day, back))];

        var slots = RuleSlot.For([.. rules.Where(r => r.Minutes is null && !r.LooksBack)]);
        (OffTo, WorkTo) = (new int[problem.Days][], new int[problem.Days][]);
        var states = States(slots);
        MayEnd = [.. states.Select(s => slots.All(slot => slot.Rule.MayEnd(slot.Get(s.Counts))))];

        Asked = [.. Enumerable.Range(0, problem.Days).Select(day => Shifts[day].Select(s => Refused(day, s.Code)).ToArray())];
        CountMinutes(rules.Select(r => r.Minutes).OfType<MinuteLimit>().ToList());
    }

    public int Days => Shifts.Length;

    public AgentOptions Options { get; }

    /// <summary>What may be worked, by day.</summary>
    public ShiftOption[][] Shifts { get; }

    /// <summary>How many states there are before each day, and at the end.</summary>
    public int[] Count { get; private set; } = [];

    /// <summary>By day and state: the state after a day off; -1 where there must be none.</summary>
    public int[][] OffTo { get; }

    /// <summary>By day, and then state times kind: the state after work; -1 where there must be none.</summary>
    public int[][] WorkTo { get; }

    /// <summary>By day and state: whether just one day off lies between it and the last work.</summary>
    public bool[][] IsSingleDayOff { get; private set; } = [];

    /// <summary>
    /// By day, and then the shift of the day before (after the last of them: off) times the shift: what it costs that one follows the
    /// other; infinite where it must not.
    /// </summary>
    public float[][] Ties { get; }

    public bool[] MayEnd { get; }

    /// <summary>By day and shift: what wishes add when it is worked.</summary>
    public double[][] Asked { get; }

    /// <summary>In a row up to the horizon, as far as a cost can tell them apart; 0 after work.</summary>
    public int DaysOffBefore => agent.Tail.DaysInRow > 0 ? 0 : Math.Min(2, agent.Tail.DaysOff ?? 2);

    /// <summary>By day and shift: to which paid minutes of the week it leads from those before it.</summary>
    public PlaceRun[][][] OfWeek { get; private set; } = [];

    /// <summary>By day and shift: units towards the limit of the horizon, rounded up.</summary>
    public int[][] HorizonUnits { get; private set; } = [];

    /// <summary>So many numbers of paid minutes there are in a week, nothing among them.</summary>
    public int WeekCells { get; private set; }

    /// <summary>And in the horizon; null where it has no limit of its own.</summary>
    public int? HorizonCells { get; private set; }

    public int MostHorizonUnits { get; private set; }

    /// <summary>By day, of the minutes that the agent may have worked in the week that ends on it: what they leave unused; null on other
    /// days.</summary>
    public float[]?[] Unused { get; private set; } = [];

    /// <summary>Early, late and night shifts at most, as far as days go.</summary>
    public int MostUnpopular { get; }

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
            weight += wish.Shifts.Contains(shift) ? 0 : wish.Weight;
        return weight;
    }

    private float[] TiesOf(int day, RuleCount[] back)
    {
        var before = day == 0 ? [] : Shifts[day - 1];
        var ties = new float[(before.Length + 1) * Shifts[day].Length];
        for (var i = 0; i <= before.Length; i++)
        {
            var yesterday = i < before.Length ? before[i] : null;
            var at = new ShiftBefore(yesterday, yesterday?.End ?? (day == 0 ? agent.Tail.LastEnd : null) ?? int.MinValue / 2);
            for (var j = 0; j < Shifts[day].Length; j++)
                ties[i * Shifts[day].Length + j] =
                    !Array.TrueForAll(back, rule => rule.Follows(at, Shifts[day][j])) ? float.PositiveInfinity
                    : yesterday is null ? 0 : (float)StartChange(yesterday, Shifts[day][j]);
        }

        return ties;
    }

    // DaysOff: in a row, 0 after work, as far as a cost can tell them apart.
    private readonly record struct State(RuleCounts Counts, int DaysOff);

    private List<State> States(RuleSlot[] slots)
    {
        var counts = new RuleCounts();
        foreach (var slot in slots)
            slot.Set(ref counts, slot.Rule.Start);
        List<State> states = [new(counts, DaysOffBefore)];
        var (number, single) = (new int[problem.Days + 1], new bool[problem.Days + 1][]);
        var kinds = Enumerable.Range(0, problem.Days).Select(d => Shifts[d].Select(s => s.Kind).Distinct().ToArray()).ToArray();

        for (var day = 0; ; day++)
        {
            (number[day], single[day]) = (states.Count, [.. states.Select(s => s.DaysOff == 1)]);
            if (day == problem.Days)
                break;

            var (next, known) = (new List<State>(), new Dictionary<State, int>());
            (OffTo[day], WorkTo[day]) = (new int[states.Count], new int[states.Count * Kinds]);
            Array.Fill(OffTo[day], -1);
            Array.Fill(WorkTo[day], -1);
            for (var i = 0; i < states.Count; i++)
            {
                var rested = states[i].Counts;
                if (!Options.MustWork[day] && After(slots, ref rested, (rule, count) => rule.Off(count, day)))
                    OffTo[day][i] = Reach(new(rested, Math.Min(2, states[i].DaysOff + 1)));

                foreach (var kind in kinds[day])
                {
                    var (worked, workedBefore) = (states[i].Counts, day > 0 && states[i].DaysOff == 0);
                    if (After(slots, ref worked, (rule, count) => rule.Work(count, day, workedBefore, kind)))
                        WorkTo[day][i * Kinds + (int)kind] = Reach(new(worked, 0));
                }
            }

            states = next;

            int Reach(State state)
            {
                if (!known.TryGetValue(state, out var at))
                {
                    known[state] = at = next.Count;
                    next.Add(state);
                }

                return at;
            }
        }

        (Count, IsSingleDayOff) = (number, single);
        return states;

        static bool After(RuleSlot[] slots, ref RuleCounts counts, Func<RuleCount, int, int> after)
        {
            foreach (var slot in slots)
            {
                var count = after(slot.Rule, slot.Get(counts));
                if (count == RuleCount.Refused)
                    return false;
                slot.Set(ref counts, count);
            }

            return true;
        }
    }

    private void CountMinutes(List<MinuteLimit> limits)
    {
        var weekly = limits.Where(l => l.OfWeek).Select(l => l.Most).DefaultIfEmpty(7 * 24 * 60).Min();
        int[] most = [.. Enumerable.Range(0, problem.Days).Select(day => Math.Max(0, weekly - WeekStart(day)))];
        var week = new WeekMinutes(
        [
            .. Enumerable.Range(0, problem.Days).GroupBy(problem.WeekOf).Select(days => (most[days.First()],
                days.Select(day => Shifts[day].Select(s => s.PaidMinutes).ToArray()).ToArray())),
        ]);
        OfWeek = [.. Shifts.Select((shifts, day) => shifts.Select(s => week.Runs(s.PaidMinutes, most[day])).ToArray())];
        WeekCells = week.Sums.Count;
        Unused =
        [
            .. Enumerable.Range(0, problem.Days).Select(day => !problem.EndsWeek(day) ? null
                : week.Sums.Select(minutes => (float)UnusedCost(day, WeekStart(day) + minutes)).ToArray()),
        ];

        // A limit of the horizon that the weeks keep anyway needs no counting.
        var unit = Math.Max(1, Shifts.SelectMany(day => day).Select(s => s.PaidMinutes).Aggregate(0, Divisor));
        var inAll = limits.Where(l => !l.OfWeek).Select(l => l.Most - l.Leave).DefaultIfEmpty(int.MaxValue).Min();
        if (inAll >= Enumerable.Range(0, problem.Days).Where(problem.EndsWeek).Sum(day => most[day] / unit * unit))
            return;

        var longer = unit;
        while ((1 + Math.Max(0, inAll) / longer) * WeekCells > MostCells)
            longer += unit;
        HorizonCells = 1 + Math.Max(0, inAll) / longer;
        HorizonUnits = [.. Shifts.Select(day => day.Select(s => (s.PaidMinutes + longer - 1) / longer).ToArray())];
        MostHorizonUnits = HorizonUnits.SelectMany(day => day).DefaultIfEmpty(0).Max();
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}

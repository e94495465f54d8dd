namespace CallCenter.Planning.Tours;

/// <summary>
/// What one agent may do, as the graph through which a tour is a path: the nodes of a day say how many days in a row the agent
/// has worked, with which kind of shift last, or how many days off there were, up to the number that a rule asks for.
/// </summary>
internal sealed class AgentGraph
{
    private readonly bool[] allowed;

    public AgentGraph(TourProblem problem, ShiftKinds kinds, TourAgent agent)
    {
        (Problem, Kinds, Agent) = (problem, kinds, agent);
        var rules = agent.Rules;
        allowed = new bool[problem.Days * problem.Shifts.Length];
        Array.Fill(allowed, true);
        MustWork = new bool[problem.Days];

        foreach (var limit in rules.Limits.Where(l => l.Most <= 0))
            foreach (var shift in limit.Shifts)
                for (var day = 0; day < problem.Days; day++)
                    allowed[day * problem.Shifts.Length + shift] = false;
        if (rules.MaxDaysInRow < 1)
            Array.Clear(allowed);
        foreach (var day in agent.DaysOff)
            Only(day, null);
        foreach (var locked in agent.Locked)
        {
            Only(locked.Day, locked.Shift);
            MustWork[locked.Day] = locked.Shift is not null;
        }

        Preference = new int[allowed.Length];
        foreach (var request in agent.Requests)
        {
            Refused += request.Wanted ? request.Weight : 0;
            Preference[request.Day * problem.Shifts.Length + request.Shift] += request.Wanted ? -request.Weight : request.Weight;
        }

        MinUnits = (Math.Max(0, rules.MinMinutes) + kinds.Unit - 1) / kinds.Unit;
        MaxUnits = Math.Max(-1, rules.MaxMinutes / kinds.Unit);
        MinOff = Math.Max(1, rules.MinDaysOffInRow);
        MaxWork = Math.Max(1, Math.Min(rules.MaxDaysInRow, problem.Days + (agent.Tail?.DaysInRow ?? 0)));
        // A limit that the minutes keep anyway needs no counting.
        Limits = [.. rules.Limits.Where(l => l.Most > 0 && l.Most < Math.Min(problem.Days, MaxUnits / l.Shifts.Min(s => kinds.Units[s])))];
        Shifts = [.. Enumerable.Range(0, problem.Shifts.Length).Where(s => Enumerable.Range(0, problem.Days).Any(d => Allows(d, s)))];
        Windows = new MinuteWindows(this);
    }

    public TourProblem Problem { get; }

    public ShiftKinds Kinds { get; }

    public TourAgent Agent { get; }

    /// <summary>Shifts allowed on one day at least.</summary>
    public int[] Shifts { get; }

    public bool[] MustWork { get; }

    /// <summary>By day and shift: what requests add when it is worked, beside <see cref="Refused"/>.</summary>
    public int[] Preference { get; }

    /// <summary>Cost of the requests when no wanted shift is worked.</summary>
    public int Refused { get; }

    public int MinUnits { get; }

    public int MaxUnits { get; }

    public int MinOff { get; }

    public int MaxWork { get; }

    public ShiftLimit[] Limits { get; }

    public MinuteWindows Windows { get; }

    public bool Allows(int day, int shift) => allowed[day * Problem.Shifts.Length + shift];

    /// <summary>Of the horizon.</summary>
    public int Weekends => Enumerable.Range(0, Problem.Days).Sum(d => WeekendsBegun(d, first: false));

    public int WeekendsOf(ReadOnlySpan<int> tour)
    {
        var weekends = 0;
        for (var day = 0; day < tour.Length; day++)
            weekends += tour[day] >= 0 ? WeekendsBegun(day, first: day == 0 || tour[day - 1] < 0) : 0;
        return weekends;
    }

    /// <summary>The first limit that has too many of its shifts; null when all are kept.</summary>
    public int? BrokenLimit(ReadOnlySpan<int> tour)
    {
        for (var i = 0; i < Limits.Length; i++)
        {
            var count = 0;
            foreach (var shift in tour)
                count += shift >= 0 && Limits[i].Shifts.Contains(shift) ? 1 : 0;
            if (count > Limits[i].Most)
                return i;
        }

        return null;
    }

    public int RequestCost(ReadOnlySpan<int> tour)
    {
        var cost = Refused;
        for (var day = 0; day < tour.Length; day++)
            if (tour[day] >= 0)
                cost += Preference[day * Problem.Shifts.Length + tour[day]];
        return cost;
    }

    public bool Saturday(int day) => Problem.WeekdayOf(day) == 5;

    public bool Sunday(int day) => Problem.WeekdayOf(day) == 6;

    /// <summary>Weekends that work on this day adds, as the first or a later day in a row.</summary>
    public int WeekendsBegun(int day, bool first) => Saturday(day) || (Sunday(day) && (first || day == 0)) ? 1 : 0;

    /// <summary>Whether days in a row may end after so many; the beginning of the horizon may cut them.</summary>
    public bool MayStop(int day, int inRow) => inRow >= Agent.Rules.MinDaysInRow || (Agent.Tail is null && inRow == day);

    private void Only(int day, int? shift)
    {
        for (var s = 0; s < Problem.Shifts.Length; s++)
            allowed[day * Problem.Shifts.Length + s] &= s == shift;
    }
}

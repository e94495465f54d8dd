namespace CallCenter.Planning.Rostering;

/// <summary>The days of one agent.</summary>
/// <param name="Days">By day; null is off.</param>
/// <param name="Unpopular">Early, late and night shifts among them.</param>
internal sealed record AgentPlan(
    ShiftCandidate?[] Days, int Unpopular, double UnusedHours, double StartChanges, double SingleDaysOff, double RefusedWishes,
    double MissedActivities)
{
    /// <summary>What the days cost whatever the others work.</summary>
    public double OwnCost => UnusedHours + StartChanges + SingleDaysOff + RefusedWishes + MissedActivities;
}

/// <summary>Finds the best days of one agent at prices by interval, while all others stay as they are. One for each thread.</summary>
internal sealed class AgentPlanner(RosterProblem problem, CoverCost cover)
{
    // Of 4 bytes each.
    private const long MostLabels = 250_000_000;

    private readonly AgentPath path = new();
    private readonly ShiftPrices prices = new(cover.Intervals, cover.Minutes);
    private readonly int[] days = new int[problem.Days];
    private readonly int[] starts = new int[problem.Shifts.Select(s => s.Breaks.Length).Append(16).Max()];
    private readonly float[][] cost = new float[problem.Days][];
    private readonly float[] off = new float[problem.Days];

    /// <summary>
    /// Whether no days are better than those of the last search; false where it had more to remember than there is room for.
    /// </summary>
    public bool IsExact { get; private set; }

    /// <summary>What the days of the last search cost at the prices, the wishes for them and what is unused among it.</summary>
    public double Value { get; private set; }

    /// <param name="span">The days that are sought; the others are as <paramref name="around"/> has them.</param>
    /// <param name="gain">What the agent is worth in each interval and for each need of a shift, and <paramref name="rows"/> in which
    /// row.</param>
    /// <param name="unpopular">Cost of an early, late or night shift.</param>
    /// <param name="unfair">What so many of them among the days sought cost beside that, more being out of the question; one number for
    /// no difference.</param>
    /// <param name="apart">What a shift costs beside it.</param>
    /// <returns>Null when the rules and the locked days leave no way.</returns>
    public AgentPlan? Best(
        RosterAgent agent, AgentLattice lattice, DaySpan span, ShiftCandidate?[] around, double[] gain, int[] rows, double unpopular,
        ReadOnlySpan<float> unfair, Func<ShiftOption, double>? apart = null)
    {
        IsExact = true;
        if (!Keep(lattice, span, around))
            return null;
        prices.Take(gain, cover.IntervalsOf(span));
        for (var day = span.From; day < span.To; day++)
        {
            var shifts = lattice.Shifts[day];
            if (cost[day] is null || cost[day].Length < shifts.Length)
                cost[day] = new float[shifts.Length];
            off[day] = (float)(lattice.Refused(day, null) + lattice.Missed(day));
            for (var i = 0; i < shifts.Length; i++)
                cost[day][i] = prices.Worth(agent, shifts[i], starts) is not { } worth ? float.PositiveInfinity
                    : (float)(lattice.Asked[day][i] - worth - OfNeeds(shifts[i], gain) + (shifts[i].Kind is ShiftKind.Day ? 0 : unpopular)
                        + (apart?.Invoke(shifts[i]) ?? 0));
        }

        return Cheapest(lattice, span, unfair) ? Plan(agent, lattice, span, around, gain, rows) : null;
    }

    /// <summary>Whether the days can be sought in so much memory, and so many numbers of early, late and night shifts be told apart: as far
    /// as is known before.</summary>
    /// <param name="labels">Of 4 bytes each.</param>
    public bool HasRoom(AgentLattice lattice, DaySpan span, ShiftCandidate?[] around, int unpopular, long labels) =>
        !IsTooLong(lattice, span) && Keep(lattice, span, around) && lattice.States(0, days, span) is { HasRoom: true } states
            && AgentPath.Labels(lattice, states, unpopular) <= labels;

    // A shift that is none of the lattice's cannot be kept beside others.
    private bool Keep(AgentLattice lattice, DaySpan span, ShiftCandidate?[] around)
    {
        for (var day = 0; day < problem.Days; day++)
        {
            if (span.Has(day))
                continue;
            days[day] = -1;
            if (around[day] is not { Shift: var shift })
                continue;
            var shifts = lattice.Shifts[day];
            for (var i = 0; i < shifts.Length && days[day] < 0; i++)
                if (ReferenceEquals(shifts[i], shift))
                    days[day] = i;
            if (days[day] < 0)
                return false;
        }

        return true;
    }

    /// <summary>Whether the rules and the locked days leave a way.</summary>
    public bool HasDays(AgentLattice lattice)
    {
        for (var day = 0; day < problem.Days; day++)
            (cost[day], off[day]) = (new float[lattice.Shifts[day].Length], 0);
        // What nobody can look at may well be there.
        return Cheapest(lattice, DaySpan.All(problem), [0]) || !IsExact;
    }

    private bool Cheapest(AgentLattice lattice, DaySpan span, ReadOnlySpan<float> unfair)
    {
        IsExact = !IsTooLong(lattice, span);
        if (!IsExact)
            return false;
        // A limit that days keep anyway need not be counted (decremental state space relaxation, Righini and Salani 2008).
        var kept = 0UL;
        if (lattice.States(kept, days, span) is not { } states)
            return false;
        while (Cheapest(lattice, states, unfair))
        {
            var broken = lattice.Limits.Broken(days, span);
            if (broken == 0)
                return true;
            if (lattice.States(kept | broken, days, span) is not { } more || !HasRoom(lattice, more, unfair.Length))
                return AtAPrice(lattice, states, unfair, span);
            (kept, states) = (kept | broken, more);
        }

        return false;
    }

    // Where so many limits are more than can be counted, the dearest shifts beyond a limit are priced out of their days, until the days
    // that are found keep all limits.
    private bool AtAPrice(AgentLattice lattice, RuleStates states, ReadOnlySpan<float> unfair, DaySpan span)
    {
        const int Rounds = 60;
        IsExact = false;
        var high = 1.0f;
        for (var day = span.From; day < span.To; day++)
            foreach (var one in cost[day].AsSpan(0, lattice.Shifts[day].Length))
                if (one < float.PositiveInfinity)
                    high = Math.Max(high, Math.Abs(one));
        for (var round = 0; round < Rounds && lattice.Limits.Broken(days, span) is > 0 and var broken; round++)
        {
            foreach (var rule in lattice.Limits.Of(broken))
                foreach (var day in lattice.Limits.Beyond(rule, days, span, day => cost[day][days[day]]))
                    for (var i = 0; i < lattice.Shifts[day].Length; i++)
                        if (rule.Work(0, day, false, lattice.Shifts[day][i]) != 0)
                            cost[day][i] += high;
            if (!Cheapest(lattice, states, unfair))
                return false;
        }

        return lattice.Limits.Broken(days, span) == 0;
    }

    private bool Cheapest(AgentLattice lattice, RuleStates states, ReadOnlySpan<float> unfair)
    {
        Value = HasRoom(lattice, states, unfair.Length)
            ? path.Cheapest(lattice, states, cost, off, (float)problem.Weights.SingleDayOff, unfair, days) : double.PositiveInfinity;
        return double.IsFinite(Value);
    }

    private bool HasRoom(AgentLattice lattice, RuleStates states, int unpopular)
    {
        var has = states.HasRoom && AgentPath.Labels(lattice, states, unpopular) <= MostLabels;
        IsExact = IsExact && has;
        return has;
    }

    private static bool IsTooLong(AgentLattice lattice, DaySpan span) => lattice.IsWhole(span) && lattice.IsTooLong;

    private double OfNeeds(ShiftOption shift, double[] gain)
    {
        var worth = 0.0;
        foreach (var need in cover.NeedsOf(shift))
            worth += gain[need];
        return worth;
    }

    /// <summary>A shift where its breaks cost the least at these prices; null where they do not fit beside the fixed activities.</summary>
    public ShiftCandidate? Place(RosterAgent agent, ShiftOption shift, double[] gain, int[] rows)
    {
        prices.Take(gain, (0, cover.Intervals));
        return prices.Worth(agent, shift, starts) is null ? null : ShiftCandidate.At(shift, agent, starts, cover, gain, rows);
    }

    private AgentPlan Plan(
        RosterAgent agent, AgentLattice lattice, DaySpan span, ShiftCandidate?[] around, double[] gain, int[] rows)
    {
        var worked = new ShiftCandidate?[problem.Days];
        for (var day = 0; day < problem.Days; day++)
        {
            if (!span.Has(day))
                worked[day] = around[day];
            if (!span.Has(day) || days[day] < 0)
                continue;
            var shift = lattice.Shifts[day][days[day]];
            prices.Worth(agent, shift, starts);
            worked[day] = ShiftCandidate.At(shift, agent, starts, cover, gain, rows);
        }

        return Costed(lattice, worked);
    }

    /// <summary>Days as they are, with what they cost whatever the others work.</summary>
    public AgentPlan Costed(AgentLattice lattice, ShiftCandidate?[] worked)
    {
        var (unpopular, changes, single, unused, refused, missed) = (0, 0.0, 0.0, 0.0, 0.0, 0.0);
        var (minutes, daysOff) = (lattice.WeekStart(0), lattice.DaysOffBefore);
        for (var day = 0; day < problem.Days; day++)
        {
            if (worked[day] is { Shift: var shift })
            {
                minutes += shift.PaidMinutes;
                unpopular += shift.Kind is ShiftKind.Day ? 0 : 1;
                changes += day > 0 && worked[day - 1] is { } yesterday ? lattice.StartChange(yesterday.Shift, shift) : 0;
                single += daysOff == 1 ? problem.Weights.SingleDayOff : 0;
                daysOff = 0;
            }
            else
            {
                missed += lattice.Missed(day);
                daysOff++;
            }

            refused += lattice.Refused(day, worked[day]?.Shift.Code);
            if (problem.EndsWeek(day))
            {
                unused += lattice.UnusedCost(day, minutes);
                minutes = day + 1 == problem.Days ? 0 : lattice.WeekStart(day + 1);
            }
        }

        return new(worked, unpopular, unused, changes, single, refused, missed);
    }
}

namespace CallCenter.Planning.Rostering;

/// <summary>A roster while it changes: the days of each agent, the cover they give together, and what that costs.</summary>
internal sealed class RosterState
{
    private const int MoreUnpopular = 7;

    // Beyond, unpopular shifts are not counted, or days of a long horizon are sought some weeks after the others.
    private const long ManyLabels = 100_000_000;
    private const long TooManyLabels = 30_000_000;
    private const int WeeksSought = 35;
    private const int WeeksKept = 28;

    private readonly TeamKinds teams;
    private readonly AgentPlanner planner;
    private readonly int[][] skills;
    private readonly AgentPlan?[] plans;
    private readonly double[] gain;
    private readonly int[] rows;
    private readonly DaySpan all;
    private readonly ShiftCandidate?[] nothing;
    private readonly bool?[] isLong;
    private double own;

    public RosterState(RosterProblem problem, CancellationToken cancellation)
    {
        Problem = problem;
        (Cover, all) = (new CoverCost(problem), DaySpan.All(problem));
        teams = new TeamKinds(problem);
        planner = new AgentPlanner(problem, Cover);
        skills = [.. problem.Agents.Select(Cover.SkillsOf)];
        var shiftsOfDay = problem.Shifts.ToLookup(s => s.Day);
        Lattices = [.. problem.Agents.Select((a, i) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return new AgentLattice(problem, a, new(problem, a, shiftsOfDay, problem.HasUseFor(a)));
        })];
        (plans, isLong) = (new AgentPlan?[problem.Agents.Length], new bool?[problem.Agents.Length]);
        (gain, rows, nothing) = (new double[Cover.Gained], new int[Cover.Gained], new ShiftCandidate?[problem.Days]);
    }

    /// <summary>A roster as it stands: those with one skill are counted first. Shifts that are none of the problem's are decided.</summary>
    public static RosterState Of(RosterProblem problem, IEnumerable<Assignment> assignments, CancellationToken cancellation)
    {
        var known = problem.Shifts.Select(s => (s.Day, s.Code, s.Start, s.End)).ToHashSet();
        var days = assignments.ToLookup(a => a.AgentId);
        var state = new RosterState(problem with { Agents = [.. problem.Agents.Select(WithTheirOwn)] }, cancellation);
        foreach (var agent in Enumerable.Range(0, state.Agents).OrderBy(a => state.skills[a].Length))
            state.Insert(agent, days[problem.Agents[agent].Id]);
        return state;

        RosterAgent WithTheirOwn(RosterAgent agent) => agent with
        {
            Locked =
            [
                .. agent.Locked,
                .. days[agent.Id].Where(a => !known.Contains((a.Shift.Day, a.Shift.Code, a.Shift.Start, a.Shift.End))
                        && agent.Locked.All(l => l.Day != a.Shift.Day))
                    .DistinctBy(a => a.Shift.Day).Select(a => new LockedDay(a.Shift.Day, a.Shift.Code, a.AsItIs)),
            ],
        };
    }

    public RosterProblem Problem { get; }

    public CoverCost Cover { get; }

    public AgentLattice[] Lattices { get; }

    public IReadOnlyList<AgentPlan?> Plans => plans;

    public int Agents => plans.Length;

    public double Total => Cover.Total + own + Unfair(Loads()) + teams.Cost();

    /// <summary>Gives an agent who has none the best days beside what the others cover.</summary>
    /// <param name="plainly">However many early, late and night shifts the others have: in half the time.</param>
    /// <returns>False when the agent has no days at all.</returns>
    public bool Insert(int agent, bool plainly = false) => IsLong(agent)
        ? InsertByWeeks(agent, plainly) || Insert(agent, all, plainly)
        : Insert(agent, all, plainly) || (!planner.IsExact && InsertByWeeks(agent, plainly));

    /// <summary>The same of some days, beside those that the agent has.</summary>
    public bool Insert(int agent, DaySpan span, bool plainly = false)
    {
        Cover.Gains(skills[agent], span, gain, rows);
        if (Fairly(agent, span, plainly) is not { } plan)
            return false;
        Insert(agent, plan);
        return true;
    }

    private bool IsLong(int agent) => isLong[agent] ??=
        Problem.Days > WeeksSought && !planner.HasRoom(Lattices[agent], all, nothing, 1, TooManyLabels);

    // Some weeks after the others, so that what is remembered grows with them and not with the horizon. The last weeks of each search see
    // that those before them can be gone on from, and are sought again with the next.
    private bool InsertByWeeks(int agent, bool plainly)
    {
        for (var from = 0; ; from += WeeksKept)
        {
            var span = DaySpan.Window(Problem, from, WeeksSought);
            if (!Insert(agent, span, plainly))
            {
                Remove(agent);
                return false;
            }

            if (!span.IsOpen)
                return true;
            Remove(agent, span with { From = span.From + WeeksKept });
        }
    }

    /// <summary>Gives an agent who has none the days that are decided.</summary>
    public void Insert(int agent, IEnumerable<Assignment> days)
    {
        Cover.Gains(skills[agent], all, gain, rows);
        var worked = new ShiftCandidate?[Problem.Days];
        foreach (var assignment in days)
            worked[assignment.Shift.Day] = ShiftCandidate.Of(assignment, Problem.Agents[agent], Cover, gain, rows);
        Insert(agent, planner.Costed(Lattices[agent], worked));
    }

    /// <summary>What the agent's days would be with one of them another, its breaks where they cost the least; null where they do not fit.
    /// </summary>
    /// <param name="shift">Null for a day off.</param>
    public AgentPlan? With(int agent, int day, ShiftOption? shift)
    {
        Cover.Gains(skills[agent], all, gain, rows);
        var worked = (ShiftCandidate?[])plans[agent]!.Days.Clone();
        worked[day] = shift is null ? null : planner.Place(Problem.Agents[agent], shift, gain, rows);
        return shift is not null && worked[day] is null ? null : planner.Costed(Lattices[agent], worked);
    }

    /// <summary>Some days as they are after, all others as they were before, breaks and all.</summary>
    public AgentPlan Mixed(int agent, AgentPlan before, AgentPlan after, int[] days) => planner.Costed(Lattices[agent],
        [.. before.Days.Select((was, day) => days.Contains(day) ? after.Days[day] : was)]);

    public void Insert(int agent, AgentPlan plan) => Set(agent, plan);

    public void Remove(int agent) => Set(agent, null);

    /// <summary>Takes some days away from an agent; what the others of them cost is reckoned with when all are there again.</summary>
    public void Remove(int agent, DaySpan span)
    {
        if (plans[agent] is not { } plan || span == all)
        {
            Remove(agent);
            return;
        }

        var days = (ShiftCandidate?[])plan.Days.Clone();
        Array.Clear(days, span.From, span.To - span.From);
        Set(agent, new(days, days.Count(d => d is { Shift.Kind: not ShiftKind.Day }), 0, 0, 0, 0, 0));
    }

    public void Return(AgentPlan?[] to)
    {
        for (var agent = 0; agent < plans.Length; agent++)
            Set(agent, to[agent]);
    }

    public RosterCost Cost()
    {
        var (missing, surplus) = Cover.Parts();
        return new(missing, surplus, plans.Sum(p => p?.UnusedHours ?? 0), Unfair(Loads()), plans.Sum(p => p?.StartChanges ?? 0),
            plans.Sum(p => p?.SingleDaysOff ?? 0), plans.Sum(p => p?.RefusedWishes ?? 0), teams.Cost(),
            plans.Sum(p => p?.MissedActivities ?? 0));
    }

    /// <summary>What an agent is worth in each interval and for each need of a shift at these prices of rows, and in which row.</summary>
    public void Gains(int agent, DaySpan span, ReadOnlySpan<double> prices, double[] atPrices, int[] best) =>
        Cover.Gains(skills[agent], span, prices, atPrices, best);

    /// <summary>What one unpopular shift more costs each agent at the roster at hand.</summary>
    public double[] FairnessPrices()
    {
        var loads = Loads();
        var mean = loads.DefaultIfEmpty(0).Average();
        return [.. loads.Select(load => 2 * Problem.Weights.Unfair * (load - mean))];
    }

    private double[] Loads() => [.. plans.Select((plan, agent) => (plan?.Unpopular ?? 0) + Problem.Agents[agent].UnpopularBefore)];

    private double Unfair(double[] loads)
    {
        var mean = loads.DefaultIfEmpty(0).Average();
        return Problem.Weights.Unfair * loads.Sum(load => (load - mean) * (load - mean));
    }

    // Unfairness grows with the square of the unpopular shifts, so they are counted; up to so many more than the others have.
    private AgentPlan? Fairly(int agent, DaySpan span, bool plainly)
    {
        var (who, around) = (Problem.Agents[agent], plans[agent]?.Days ?? nothing);
        // The others' share, as far as it is due by the end of an open span, less what the agent has on other days.
        var due = span.IsOpen ? Lattices[agent].Limits.Share(span.To) : 1;
        var others = FairShare(agent) * due - who.UnpopularBefore - (plans[agent]?.Unpopular ?? 0);
        var most = Lattices[agent].MostUnpopular(span);
        if (Problem.Weights.Unfair == 0 || most == 0)
            return planner.Best(who, Lattices[agent], span, around, gain, rows, 0, [0], Apart);

        var unfair = new float[1 + Math.Min(most, Math.Max(0, (int)others) + MoreUnpopular)];
        // Where so many cannot be counted, each has the price of the first beyond the share; what comes of it is judged as all is.
        if (!planner.HasRoom(Lattices[agent], span, around, unfair.Length, ManyLabels))
            return planner.Best(who, Lattices[agent], span, around, gain, rows, Problem.Weights.Unfair, [0], Apart);

        for (var count = 0; count < unfair.Length; count++)
            unfair[count] = (float)(Problem.Weights.Unfair * (count - others) * (count - others));
        var beyond = plainly ? 0 : Problem.Weights.Unfair * MoreUnpopular;
        return (plainly ? null : planner.Best(who, Lattices[agent], span, around, gain, rows, 0, unfair, Apart))
            ?? planner.Best(who, Lattices[agent], span, around, gain, rows, beyond, [0], Apart);

        double Apart(ShiftOption shift) => teams.Apart(who, shift);
    }

    private double FairShare(int agent)
    {
        var (sum, others) = (0.0, 0);
        for (var a = 0; a < plans.Length; a++)
        {
            if (a == agent || plans[a] is not { } plan)
                continue;
            sum += plan.Unpopular + Problem.Agents[a].UnpopularBefore;
            others++;
        }

        return others == 0 ? Problem.Agents[agent].UnpopularBefore : sum / others;
    }

    // Only days that are not the same any more are taken away and added.
    private void Set(int agent, AgentPlan? plan)
    {
        if (plans[agent] is var was && ReferenceEquals(was, plan))
            return;
        own += (plan?.OwnCost ?? 0) - (was?.OwnCost ?? 0);
        plans[agent] = plan;
        for (var day = 0; day < Problem.Days; day++)
        {
            var (before, after) = (was?.Days[day], plan?.Days[day]);
            if (ReferenceEquals(before, after))
                continue;
            Count(agent, before, -1);
            Count(agent, after, +1);
        }
    }

    private void Count(int agent, ShiftCandidate? candidate, int sign)
    {
        if (candidate is null)
            return;
        teams.Add(Problem.Agents[agent], candidate.Shift, sign);
        foreach (var (row, minutes) in candidate.Work)
            Cover.Add(row, sign * minutes);
    }
}

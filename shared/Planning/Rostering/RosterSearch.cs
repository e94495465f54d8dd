using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>
/// Builds a roster agent by agent, each with the best days beside what the others cover, and betters it: a few agents are taken out
/// together and put back in another order; a linear programme over days of all agents says what no roster can cost less than, and its
/// solution makes a roster too; then the same is done for some agents at a time.
/// </summary>
public static class RosterSearch
{
    // Parts of the limits after which a method ends.
    private const double Start = 0.1;
    private const double Generated = 0.5;
    private const double Dived = 0.7;
    private const double Slice = 0.03;

    // Part of the time after which those who have no days yet get plain ones.
    private const double Plainly = 0.7;

    private const int StartRoundsAnAgent = 6;

    // Days, beyond which a week of agents is sought too, or some weeks, beside their other weeks as they are.
    private const int TwoWeeks = 14;
    private const int AWeek = 7;
    private const int LongHorizon = 56;
    private const int SomeWeeks = 28;

    // Part of the time that the first roster took, beyond which a linear programme over all would not come to an end.
    private const double LongToBuild = 0.06;

    // Of an agent, below which a column is one of many and says nothing.
    private const double OneOfMany = 0.15;

    private const int RoundsTogether = 40;
    // Where the best roster is far above what is combined of fractions, it is of no use to know that to the last digit.
    private const double RootExactness = 2e-4;
    private const double OfGap = 0.015;

    // By how much of an agent's mean cost a roster may be worse and still be gone on from.
    private const double Hot = 0.05;
    private const double Cold = 0.005;

    /// <summary>The best roster found within the limits; one without assignments and with conflicts when there is none.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public static RosterSolution Solve(
        RosterProblem problem, SearchLimits limits, IProgress<RosterProgress>? progress, CancellationToken cancellation)
    {
        if (RosterConflicts.Before(problem) is { IsEmpty: false } conflicts)
            return new([], Coverage.Of(problem, []), new(0, 0, 0, 0, 0, 0), conflicts, 0);

        var run = new RosterRun(problem, limits, progress, cancellation);
        var stuck = Build(run, cancellation);
        if (stuck.Count == 0)
        {
            run.Keep();
            run.Built = run.Used;
            Better(run);
            run.State.Return(run.Best);
        }

        return Result(run,
            RosterConflicts.Of(problem, stuck.Select(a => problem.Agents[a]), () => run.TimeUsed > 1, cancellation));
    }

    // Those with the fewest choices first, while there is most to choose from. Where so many agents would take more than the time, those
    // that are left get plain days: any roster is better than none.
    private static List<int> Build(RosterRun run, CancellationToken cancellation)
    {
        var agents = run.State.Problem.Agents;
        var (stuck, hopeless) = (new List<int>(), new HashSet<string>());
        foreach (var agent in Enumerable.Range(0, agents.Length).OrderBy(a => run.State.Lattices[a].Shifts.Sum(d => d.Length)))
        {
            cancellation.ThrowIfCancellationRequested();
            // Whether there are days does not depend on the others.
            if ((hopeless.Count > 0 && hopeless.Contains(RosterConflicts.Alike(agents[agent])))
                || !run.State.Insert(agent, plainly: run.TimeUsed > Plainly))
            {
                stuck.Add(agent);
                hopeless.Add(RosterConflicts.Alike(agents[agent]));
            }
        }

        return stuck;
    }

    private static void Better(RosterRun run)
    {
        var days = run.State.Problem.Days;
        int[] spans = days > LongHorizon ? [days, SomeWeeks] : days > TwoWeeks ? [days, AWeek] : [days];
        // Where all their days of all agents cannot be sought often, only some weeks are.
        if (run.Built > LongToBuild && days > LongHorizon)
        {
            Mix(run, [SomeWeeks], root: null);
            return;
        }

        Perturb(run, days, Start, Hot, Cold, StartRoundsAnAgent * run.State.Agents);
        if (run.Used < 1 && Root(run) is { } root)
            Mix(run, spans, root);
    }

    // Methods by turns: some agents again one after the other, or together; all their days, or those of some weeks.
    private static void Mix(RosterRun run, int[] spans, RosterColumns? root)
    {
        var (problem, order) = (run.State.Problem, Enumerable.Range(0, run.State.Agents).ToArray());
        var sizes = spans.Select(span => Math.Min(span < problem.Days ? 40.0 : 20.0, order.Length)).ToArray();
        var gains = Enumerable.Repeat(double.MaxValue, 2 * spans.Length).ToArray();
        while (run.Used < 1 && !run.IsGood)
        {
            run.State.Return(run.Best);
            var (before, method, until) = (run.Least, Array.LastIndexOf(gains, gains.Max()), Math.Min(1, run.Used + Slice));
            var span = spans[method / 2];
            if (method % 2 == 0)
                Perturb(run, span, until, Hot / 3, Cold, int.MaxValue);
            else
                while (run.Used < until)
                {
                    run.Random.Shuffle(order);
                    ref var size = ref sizes[method / 2];
                    var solved = Together(run, [.. order.Take((int)size)], DaySpan.Weeks(problem, span, run.Random), root);
                    size = Math.Clamp(size * (solved ? 1.1 : 0.97),
                        Math.Min(8, order.Length), Math.Min(100 * problem.Days / span, order.Length));
                }

            // Each is tried; what gained lately goes on; what did not is tried again now and then.
            for (var other = 0; other < gains.Length; other++)
                if (other == method)
                    gains[other] = (gains[other] < double.MaxValue ? 0.3 * gains[other] : 0) + (before - run.Least);
                else if (gains[other] < double.MaxValue)
                    gains[other] = gains[other] * 1.1 + 1e-5 * run.Least;
        }
    }

    // Takes a few agents out and gives each the best days again (ruin and recreate, Schrimpf et al. 2000); a worse roster is accepted as
    // in simulated annealing, less and less often.
    /// <param name="days">How many days in a row of each agent.</param>
    private static void Perturb(RosterRun run, int days, double until, double hot, double cold, int rounds)
    {
        var (state, random, began, first) = (run.State, run.Random, run.Used, run.Rounds);
        var each = run.Least / Math.Max(1, state.Agents) * days / state.Problem.Days;
        var now = state.Total;
        while (run.Used is var used && (used < until || run.Rounds < 2 * state.Agents) && used < 1 && run.Rounds - first < rounds
            && !run.IsGood)
        {
            var heat = each * hot * Math.Pow(cold / hot, Math.Max((used - began) / (until - began), (run.Rounds - first) / (double)rounds));
            // The first rounds go through everyone in turn: the start was greedy.
            int[] agents = run.Rounds < 2 * state.Agents ? [run.Rounds % state.Agents]
                : [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.Next(state.Agents)).Distinct()];
            AgentPlan[] saved = [.. agents.Select(a => state.Plans[a]!)];
            var span = DaySpan.Weeks(state.Problem, days, random);

            foreach (var agent in agents)
                state.Remove(agent, span);
            var all = true;
            foreach (var agent in agents)
                all = all && state.Insert(agent, span);

            run.Count();
            var cost = state.Total;
            if (all && (cost <= now || random.NextDouble() < Math.Exp((now - cost) / heat)))
            {
                now = cost;
                run.Keep();
                continue;
            }

            for (var i = 0; i < agents.Length; i++)
                state.Insert(agents[i], saved[i]);
        }
    }

    // Null when the limits came first.
    private static RosterColumns? Root(RosterRun run)
    {
        run.State.Return(run.Best);
        int[] agents = [.. Enumerable.Range(0, run.State.Agents)];
        // Nothing is less unfair than nothing: a bound without fairness holds with it.
        var (all, nobody) = (DaySpan.All(run.State.Problem), new CoverCost(run.State.Problem));
        var root = new RosterColumns(run, agents, new double[agents.Length], nobody, all);
        foreach (var agent in agents)
            root.Add(agent, run.Best[agent]!, primal: 1);

        root.Generate(double.PositiveInfinity, int.MaxValue, Generated,
            bound => Math.Max(RootExactness * run.Least, OfGap * (run.Least - bound)));
        if (double.IsFinite(root.Bound))
            run.Bound = Math.Max(0, root.Bound);
        if (!double.IsFinite(root.Value) || run.IsGood)
            return null;

        // A fractional solution that is not the best yet makes a roster too.
        Dive(run, root, agents, all, run.State.FairnessPrices(), Dived);
        return root;
    }

    // Makes a roster of a fractional solution: decides on the days of the largest primal values and generates columns anew for the agents
    // that remain, until all have days (diving heuristic). Where many combinations are as good, no column has much of an agent: then it
    // gets the best days beside what the solution has of the others.
    private static void Dive(RosterRun run, RosterColumns master, int[] agents, DaySpan span, double[] fairness, double until)
    {
        const int Rounds = 15;
        const int ColumnsKept = 30;
        var state = run.State;
        foreach (var agent in agents)
            state.Remove(agent, span);

        var (open, part) = (agents, 0.03);
        while (true)
        {
            var began = run.Used;
            var decided = Decide(master, open.Length, part);
            foreach (var (agent, (column, _)) in decided.Where(one => one.Value.Value >= OneOfMany))
                state.Insert(agent, column.Plan);
            var undecided = open.Where(a => !decided.TryGetValue(a, out var one) || one.Value < OneOfMany).ToList();
            InsertBeside(state, master, span, undecided,
                decided.Where(one => one.Value.Value < OneOfMany).Select(one => (one.Key, one.Value.Column.Plan)));
            open = [.. undecided.Where(a => !decided.ContainsKey(a))];
            if (open.Length == 0)
                break;

            // The programme of the agents that remain starts from the columns that came closest.
            var left = open.ToHashSet();
            var primal = master.Columns.Select((c, j) => (c, Value: master.PrimalValue(j))).Where(c => left.Contains(c.c.Agent)).ToList();
            var near = primal.GroupBy(c => c.c.Agent)
                .SelectMany(g => master.ByReducedCost(g.Select(c => c.c)).Take(ColumnsKept).Select(c => c.Column)).ToList();
            var values = primal.ToDictionary(c => c.c, c => c.Value);
            var next = new RosterColumns(run, open, fairness, state.Cover, span);
            foreach (var column in near)
                next.Add(column.Agent, column.Plan);
            next.Begin(master, next.Columns.Zip(near).ToDictionary(c => c.First, c => values[c.Second]));
            master = next;

            if (!master.Generate(double.PositiveInfinity, Rounds, until, _ => 1e-3 * Math.Abs(master.Value)) && run.Used >= until)
            {
                var some = next.Columns.DistinctBy(c => c.Agent).ToDictionary(c => c.Agent, c => c.Plan);
                InsertBeside(state, next, span, open, open.Select(a => (a, some[a])));
                break;
            }

            // As many at once as leave time to decide on all.
            part = Math.Clamp(2 * (run.Used - began) / Math.Max(1e-9, until - run.Used), 0.03, 0.3);
        }

        run.Keep();
    }

    // Gives agents the best days beside what the solution has of the others who have none, or else these.
    private static void InsertBeside(
        RosterState state, RosterColumns solution, DaySpan span, IReadOnlyList<int> open, IEnumerable<(int Agent, AgentPlan Plan)> given)
    {
        FractionalStaff? others = null;
        foreach (var (agent, plan) in given)
        {
            others ??= new(solution, span, open);
            others.Without(agent);
            if (!others.Beside(state.Cover, () => state.Insert(agent, span)))
                state.Insert(agent, plan);
        }
    }

    private static Dictionary<int, (RosterColumn Column, double Value)> Decide(RosterColumns master, int agents, double part)
    {
        const double Whole = 0.999;
        const double Majority = 0.5;
        var (fewest, most) = (Math.Max(1, part * agents), Math.Max(1, 0.12 * agents));
        var decided = new Dictionary<int, (RosterColumn, double)>();
        foreach (var (column, value) in master.Columns.Select((c, j) => (Column: c, Value: master.PrimalValue(j)))
            .OrderByDescending(c => c.Value))
        {
            if (decided.Count >= fewest && value < Whole && (decided.Count >= most || value < Majority))
                break;
            decided.TryAdd(column.Agent, (column, value));
        }

        return decided;
    }

    // Some days of some agents together, beside all others as they are.
    /// <returns>False when something better may be there that was not found.</returns>
    private static bool Together(RosterRun run, int[] agents, DaySpan span, RosterColumns? root)
    {
        var state = run.State;
        var (before, prices) = (state.Total, state.FairnessPrices());
        var now = agents.Select(a => state.Plans[a]!).ToArray();
        foreach (var agent in agents)
            state.Remove(agent, span);

        var master = new RosterColumns(run, agents, prices, state.Cover, span);
        for (var i = 0; i < agents.Length; i++)
            master.Add(agents[i], now[i], primal: 1);
        for (var i = 0; i < agents.Length; i++)
            state.Insert(agents[i], now[i]);
        var own = now.Select((plan, i) => plan.OwnCost + prices[agents[i]] * plan.Unpopular).Sum();
        var value = state.Cover.Total - master.Elsewhere + own;
        if (root is null)
            master.Begin(state.Cover.Worth, null);
        else
            master.Begin(root, null);

        var worth = value - 1e-4 * before;
        master.Generate(worth, RoundsTogether, 1, _ => 1e-4 * Math.Abs(master.Value));
        var solved = master.Bound > worth;
        if (!solved && master.Value < worth && run.Used < 1)
        {
            Dive(run, master, agents, span, prices, 1);
            solved = state.Total < before - 1e-6;
        }

        if (state.Total > before)
            for (var i = 0; i < agents.Length; i++)
                state.Insert(agents[i], now[i]);

        run.Keep();
        return solved;
    }

    private static RosterSolution Result(RosterRun run, ImmutableArray<RosterConflict> conflicts)
    {
        var problem = run.State.Problem;
        ImmutableArray<Assignment> assignments =
        [
            .. run.State.Plans.SelectMany((plan, a) => (plan?.Days ?? []).OfType<ShiftCandidate>()
                .Select(candidate => new Assignment(problem.Agents[a].Id, candidate.Shift, candidate.Breaks))),
        ];

        return new(assignments, Coverage.Of(problem, assignments), run.State.Cost(), conflicts, run.Rounds) { Bound = run.Bound };
    }
}

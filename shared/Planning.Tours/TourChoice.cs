using Google.OrTools.Sat;

namespace CallCenter.Planning.Tours;

/// <summary>Chooses one of the known tours for each agent, exactly if the limit allows.</summary>
internal static class TourChoice
{
    /// <param name="staff">Who is at work in each period besides these agents.</param>
    /// <param name="hint">The tour that each agent has now, among the columns.</param>
    /// <returns>By agent; null when nothing better than <paramref name="hint"/> was found. And whether there is none better.</returns>
    public static (Dictionary<int, TourColumn>? Choice, bool Proven) Best(
        TourProblem problem, IReadOnlyList<TourColumn> columns, ReadOnlySpan<int> staff, IReadOnlyDictionary<int, TourColumn> hint,
        long hintCost,
        double work, int seed, int workers = 1)
    {
        var model = new CpModel();
        var chosen = columns.Select(c => model.NewBoolVar("")).ToArray();
        foreach (var agent in columns.Select((c, i) => (c.Agent, i)).GroupBy(c => c.Agent, c => c.i))
            model.AddExactlyOne(agent.Select(i => chosen[i]));

        var there = new Dictionary<int, List<BoolVar>>();
        for (var i = 0; i < columns.Count; i++)
            for (var day = 0; day < problem.Days; day++)
                if (columns[i].Tour[day] is >= 0 and var shift)
                    foreach (var span in problem.Shifts[shift].Work)
                        for (var at = day * problem.Periods + span.From; at < day * problem.Periods + span.To; at++)
                        {
                            if (!there.TryGetValue(at, out var list))
                                there[at] = list = [];
                            list.Add(chosen[i]);
                        }

        var cost = LinearExpr.NewBuilder();
        var agents = hint.Count;
        foreach (var need in problem.Needs)
        {
            var at = need.Day * problem.Periods + need.Period;
            var open = need.Required - staff[at];
            var here = there.GetValueOrDefault(at, []);
            if (open <= 0)
            {
                cost.Add((long)-open * need.Over);
                foreach (var v in here)
                    cost.AddTerm(v, need.Over);
                continue;
            }

            if (here.Count == 0)
            {
                cost.Add((long)open * need.Under);
                continue;
            }

            var missing = model.NewIntVar(0, open, "");
            var surplus = model.NewIntVar(0, Math.Max(0, agents - open), "");
            model.Add(LinearExpr.Sum(here) + missing - surplus == open);
            cost.AddTerm(missing, need.Under).AddTerm(surplus, need.Over);
        }

        for (var i = 0; i < columns.Count; i++)
        {
            cost.AddTerm(chosen[i], columns[i].Cost);
            model.AddHint(chosen[i], ReferenceEquals(hint[columns[i].Agent], columns[i]));
        }

        model.Minimize(cost);
        var solver =
            new CpSolver { StringParameters = $"num_workers:{workers},max_deterministic_time:{work.ToString(System.Globalization.CultureInfo.InvariantCulture)},random_seed:{seed},linearization_level:2,symmetry_level:0,cp_model_probing_level:0" };
        var status = solver.Solve(model);
        var better = status is (CpSolverStatus.Optimal or CpSolverStatus.Feasible) && solver.ObjectiveValue < hintCost - 0.5;
        return (better ? columns.Where((_, i) => solver.BooleanValue(chosen[i]))
            .ToDictionary(c => c.Agent) : null, status is CpSolverStatus.Optimal);
    }
}

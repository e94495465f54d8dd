using Google.OrTools.LinearSolver;

namespace CallCenter.Planning.Rostering.Tours;

/// <summary>Solved by GLOP, whose factors stay sparse with many rows.</summary>
internal sealed class SparseMaster : TourMaster
{
    private readonly TourProblem problem;
    private readonly Solver solver = Solver.CreateSolver("GLOP");
    private readonly Dictionary<int, Constraint> one;
    private readonly Constraint?[] cover;
    private readonly bool differences;
    private readonly List<Variable> variables = [];
    private readonly int[] agents;

    public SparseMaster(TourProblem problem, IReadOnlyCollection<TourColumn> start, ReadOnlySpan<int> staff)
    {
        this.problem = problem;
        agents = [.. start.Select(c => c.Agent)];
        solver.Objective().SetMinimization();
        // Without preprocessing each solution starts from the basis of the last.
        solver.SetSolverSpecificParametersAsString("use_preprocessing: false");
        one = agents.ToDictionary(a => a, _ => solver.MakeConstraint(1, 1, ""));

        // Where shifts span many periods, each cover row is stated less the row before it, so that a tour
        // stands in the rows where a shift begins and ends only.
        differences = problem.Shifts.Sum(s => s.Work.Sum(w => w.To - w.From)) > 2 * problem.Shifts.Sum(s => s.Work.Length);
        cover = new Constraint?[staff.Length + 1];
        var free = Enumerable.Repeat(true, staff.Length).ToArray();
        var open = new double[staff.Length + 1];
        foreach (var need in problem.Needs)
        {
            var at = need.Day * problem.Periods + need.Period;
            free[at] = false;
            open[at] = need.Required - staff[at];
            Slack(at, need.Under, 1);
            Slack(at, need.Over, -1);
        }

        for (var at = 0; at < free.Length; at++)
            if (free[at])
                Slack(at, 0, -1);

        for (var at = 0; at <= free.Length; at++)
        {
            var right = open[at] - (differences && at > 0 ? open[at - 1] : 0);
            cover[at]?.SetBounds(right, right);
        }

        foreach (var column in start)
            Add(column);
    }

    public override IReadOnlyList<int> Agents => agents;

    public override double? Solve(Func<bool> goesOn, TimeSpan left)
    {
        solver.SetTimeLimit((long)Math.Clamp(left.TotalMilliseconds, 1, int.MaxValue));
        return goesOn() && solver.Solve() is Solver.ResultStatus.OPTIMAL ? solver.Objective().Value() : null;
    }

    public override void Worth(double[] worth)
    {
        for (var at = 0; at < worth.Length; at++)
            worth[at] = (cover[at]?.DualValue() ?? 0) - (differences ? cover[at + 1]?.DualValue() ?? 0 : 0);
    }

    public override double Price(int agent) => one[agent].DualValue();

    public override double Share(int column) => variables[column].SolutionValue();

    protected override void Enter(TourColumn column)
    {
        var variable = solver.MakeNumVar(0, double.PositiveInfinity, "");
        solver.Objective().SetCoefficient(variable, column.Cost);
        one[column.Agent].SetCoefficient(variable, 1);
        for (var day = 0; day < column.Tour.Length; day++)
            if (column.Tour[day] >= 0)
                foreach (var span in problem.Shifts[column.Tour[day]].Work)
                    Work(day * problem.Periods + span.From, day * problem.Periods + span.To, variable);
        variables.Add(variable);
    }

    private Constraint Row(int at) => cover[at] ??= solver.MakeConstraint(0, 0, "");

    private void Slack(int at, double cost, double sign)
    {
        var slack = solver.MakeNumVar(0, double.PositiveInfinity, "");
        solver.Objective().SetCoefficient(slack, cost);
        Row(at).SetCoefficient(slack, sign);
        if (differences)
            Row(at + 1).SetCoefficient(slack, -sign);
    }

    private void Work(int from, int to, Variable variable)
    {
        if (!differences)
        {
            for (var at = from; at < to; at++)
                Row(at).SetCoefficient(variable, 1);
            return;
        }

        Row(from).SetCoefficient(variable, Row(from).GetCoefficient(variable) + 1);
        Row(to).SetCoefficient(variable, Row(to).GetCoefficient(variable) - 1);
    }
}

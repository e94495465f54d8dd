namespace CallCenter.Planning.Tours;

/// <summary>Solved by the revised simplex method, which goes on from its last basis when tours were added.</summary>
internal sealed class DenseMaster : TourMaster
{
    private const double Tolerance = 1e-7;
    private const double SmallestPivot = 1e-7;
    private const int Candidates = 40;
    private const int StepsARow = 100;

    private readonly TourProblem problem;
    private readonly int[] agents;
    private readonly Dictionary<int, int> rowOfAgent;
    private readonly int[] rowOfPeriod;
    private readonly int[] slackCosts;
    private readonly int slacks;
    private readonly List<double> costs = [];
    private readonly List<int> basicAt = [];
    private readonly DenseInverse inverse;
    private readonly int[] basis;
    private readonly double[] values;
    private readonly double[] duals;
    private readonly double[] product;
    private readonly double[] sums;
    private readonly int[] slackAt;
    private readonly int[] rows;
    private readonly List<(double Reduced, int Variable)> candidates = [];

    // Variables: two for each period with a need, agents missing and in surplus, and then the columns.

    public DenseMaster(TourProblem problem, IReadOnlyCollection<TourColumn> start, ReadOnlySpan<int> staff, Random random)
    {
        this.problem = problem;
        agents = [.. start.Select(c => c.Agent)];
        rowOfAgent = agents.Select((a, i) => (a, i)).ToDictionary(p => p.a, p => p.i);
        rowOfPeriod = new int[staff.Length];
        Array.Fill(rowOfPeriod, -1);
        slacks = 2 * problem.Needs.Length;
        slackCosts = new int[slacks];
        slackAt = new int[slacks];
        Array.Fill(slackAt, -1);

        var size = agents.Length + problem.Needs.Length;
        (inverse, basis, values, duals, product) = (new(size), new int[size], new double[size], new double[size], new double[size]);
        sums = new double[staff.Length + 1];
        rows = new int[1 + problem.Days * Math.Max(1, problem.Shifts.Max(s => s.Work.Sum(w => w.To - w.From)))];

        // A little more or less than is needed keeps the many equally good steps apart.
        var open = new double[size];
        foreach (var (need, i) in problem.Needs.Select((n, i) => (n, i)))
        {
            var at = need.Day * problem.Periods + need.Period;
            rowOfPeriod[at] = agents.Length + i;
            (slackCosts[2 * i], slackCosts[2 * i + 1]) = (need.Under, need.Over);
            open[agents.Length + i] = need.Required - staff[at] + 1e-6 * (random.NextDouble() - 0.5);
        }

        foreach (var column in start)
        {
            Add(column);
            basicAt[^1] = rowOfAgent[column.Agent];
            basis[basicAt[^1]] = slacks + Columns.Count - 1;
            values[basicAt[^1]] = 1;
            foreach (var row in RowsOf(column)[1..])
                open[row]--;
        }

        for (var i = 0; i < problem.Needs.Length; i++)
        {
            var row = agents.Length + i;
            var surplus = open[row] < 0 ? 1 : 0;
            basis[row] = 2 * i + surplus;
            slackAt[2 * i + surplus] = row;
            values[row] = Math.Abs(open[row]);
            inverse[row, row] = surplus == 0 ? 1 : -1;
        }

        foreach (var column in start)
        {
            inverse[rowOfAgent[column.Agent], rowOfAgent[column.Agent]] = 1;
            foreach (var row in RowsOf(column)[1..])
                inverse[row, rowOfAgent[column.Agent]] -= inverse[row, row];
        }

        FindDuals();
    }

    public override bool IsExact => true;

    public override IReadOnlyList<int> Agents => agents;

    protected override void Enter(TourColumn column)
    {
        costs.Add(column.Cost);
        basicAt.Add(-1);
    }

    public override double? Solve(double enough, Func<bool> goesOn)
    {
        var most = StepsARow * basis.Length;
        var scale = 1 / Math.Sqrt(1 + 0.6 * (rows.Length - 1));
        for (var steps = 0; FindCandidates() && steps < most;)
        {
            if (!goesOn())
                return null;

            var before = steps;
            foreach (var _ in candidates)
            {
                var (reduced, entering, gain) = (0.0, -1, 0.0);
                foreach (var (_, variable) in candidates)
                    if (Basic(variable) < 0 && ReducedByDuals(variable) is var one && one < -Tolerance
                        && one * (variable < slacks ? 1 : scale) < reduced)
                        (reduced, entering, gain) = (one * (variable < slacks ? 1 : scale), variable, one);
                if (entering < 0 || !Step(entering, gain))
                    break;
                steps++;
            }

            // What is left differs from nothing by rounding alone.
            if (steps == before)
                break;
        }

        var cost = 0.0;
        for (var i = 0; i < basis.Length; i++)
            cost += values[i] * Cost(basis[i]);
        return cost;
    }

    public override void PeriodDuals(double[] duals)
    {
        for (var at = 0; at < duals.Length; at++)
            duals[at] = rowOfPeriod[at] < 0 ? 0 : this.duals[rowOfPeriod[at]];
    }

    public override void ConvexityDuals(double[] byAgent)
    {
        foreach (var agent in agents)
            byAgent[agent] = duals[rowOfAgent[agent]];
    }

    public override double PrimalValue(int column) => basicAt[column] < 0 ? 0 : values[basicAt[column]];

    private int Basic(int variable) => variable < slacks ? slackAt[variable] : basicAt[variable - slacks];

    private double Cost(int variable) => variable < slacks ? slackCosts[variable] : costs[variable - slacks];

    private void FindDuals()
    {
        Array.Clear(duals);
        for (var i = 0; i < basis.Length; i++)
            if (Cost(basis[i]) is not 0 and var cost)
                for (var j = 0; j < basis.Length; j++)
                    duals[j] += cost * inverse[i, j];
    }

    private bool FindCandidates()
    {
        candidates.Clear();
        var scale = 1 / Math.Sqrt(1 + 0.6 * (rows.Length - 1));
        for (var i = 0; i < slacks; i++)
            if (slackAt[i] < 0 && ReducedByDuals(i) is var reduced && reduced < -Tolerance)
                candidates.Add((reduced, i));

        for (var at = 0; at < rowOfPeriod.Length; at++)
            sums[at + 1] = sums[at] + (rowOfPeriod[at] < 0 ? 0 : duals[rowOfPeriod[at]]);
        for (var j = 0; j < Columns.Count; j++)
            if (basicAt[j] < 0 && Reduced(j) is var reduced && reduced < -Tolerance)
                candidates.Add((reduced * scale, slacks + j));

        if (candidates.Count > Candidates)
        {
            candidates.Sort();
            candidates.RemoveRange(Candidates, candidates.Count - Candidates);
        }

        return candidates.Count > 0;
    }

    private double Reduced(int j)
    {
        var tour = Columns[j].Tour;
        var reduced = costs[j] - duals[rowOfAgent[Columns[j].Agent]];
        for (var day = 0; day < tour.Length; day++)
            if (tour[day] >= 0)
                foreach (var span in problem.Shifts[tour[day]].Work)
                    reduced -= sums[day * problem.Periods + span.To] - sums[day * problem.Periods + span.From];
        return reduced;
    }

    private double ReducedByDuals(int variable)
    {
        if (variable < slacks)
            return slackCosts[variable] + (variable % 2 == 0 ? -duals[agents.Length + variable / 2] : duals[agents.Length + variable / 2]);

        var reduced = costs[variable - slacks];
        foreach (var row in RowsOf(Columns[variable - slacks]))
            reduced -= duals[row];
        return reduced;
    }

    private Span<int> RowsOf(TourColumn column)
    {
        var count = 0;
        rows[count++] = rowOfAgent[column.Agent];
        for (var day = 0; day < column.Tour.Length; day++)
            if (column.Tour[day] >= 0)
                foreach (var span in problem.Shifts[column.Tour[day]].Work)
                    for (var at = day * problem.Periods + span.From; at < day * problem.Periods + span.To; at++)
                        if (rowOfPeriod[at] >= 0)
                            rows[count++] = rowOfPeriod[at];
        return rows.AsSpan(0, count);
    }

    private bool Step(int variable, double reduced)
    {
        if (variable < slacks)
            for (var i = 0; i < product.Length; i++)
                product[i] = variable % 2 == 0 ? inverse[i, agents.Length + variable / 2] : -inverse[i, agents.Length + variable / 2];
        else
            inverse.Times(RowsOf(Columns[variable - slacks]), product);

        // Of the rows that end the step the one with the largest pivot.
        var (leaving, step) = (-1, double.PositiveInfinity);
        for (var i = 0; i < product.Length; i++)
            if (product[i] > SmallestPivot && values[i] / product[i] is var one
                && (one < step - 1e-12 || (one <= step && product[i] > product[leaving])))
                (leaving, step) = (i, one);
        if (leaving < 0)
            return false;

        step = Math.Max(0, step);
        for (var i = 0; i < product.Length; i++)
            values[i] -= step * product[i];
        values[leaving] = step;
        SetBasic(basis[leaving], -1);
        SetBasic(variable, leaving);
        basis[leaving] = variable;
        inverse.Replace(leaving, product, duals, reduced);
        return true;
    }

    private void SetBasic(int variable, int at)
    {
        if (variable < slacks)
            slackAt[variable] = at;
        else
            basicAt[variable - slacks] = at;
    }
}

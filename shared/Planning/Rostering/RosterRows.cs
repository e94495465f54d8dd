namespace CallCenter.Planning.Rostering;

/// <summary>
/// The need of a roster as rows: each skill in each interval, and each shift of which some are needed, in agents. What is missing costs
/// a·n + b·n², so that the dual of a row rises with what is missing there.
/// </summary>
internal sealed class RosterRows : CoverRows
{
    private readonly RosterDuties duties;
    private readonly double[] open;
    private readonly (double UnderA, double UnderB, double OverA, double OverB)[] slopes;

    /// <param name="cover">With those at work who are not to be planned.</param>
    public RosterRows(CoverCost cover, RosterDuties duties)
    {
        this.duties = duties;
        open = [.. Enumerable.Range(0, cover.Rows).Select(cover.Open)];
        slopes = [.. Enumerable.Range(0, cover.Rows).Select(cover.Slopes)];

        Scale = (open.Count(o => o > 0), slopes.Select(s => Math.Max(s.UnderA + s.UnderB, s.OverA + s.OverB)).DefaultIfEmpty(0).Max());
    }

    public override int Rows => open.Length;

    public override (int Asked, double Dearest) Scale { get; }

    public override void Clear()
    {
        Grow();
        base.Clear();
    }

    public override void SumDuals(double[] duals)
    {
        Grow();
        for (var duty = 0; duty < duties.Count; duty++)
        {
            var sum = 0.0;
            foreach (var (row, share) in duties[duty])
                sum += share * duals[row];
            DutyDuals[duty] = sum;
        }
    }

    public override void Count(double[] staff)
    {
        Array.Clear(staff);
        for (var duty = 0; duty < duties.Count; duty++)
            if (Working[duty] is not 0 and var working)
                foreach (var (row, share) in duties[duty])
                    staff[row] += share * working;
    }

    public override (double Distance, double WithStaff) MoveDuals(LpIterate now, LpIterate next, double length)
    {
        var (distance, product) = (0.0, 0.0);
        for (var at = 0; at < open.Length; at++)
        {
            next.Duals[at] = Nearest(slopes[at], now.Duals[at] + length * (open[at] - 2 * next.Staff[at] + now.Staff[at]), length);
            var change = next.Duals[at] - now.Duals[at];
            distance += change * change;
            product += change * (next.Staff[at] - now.Staff[at]);
        }

        return (distance, product);
    }

    public override (double Value, double Bound) Look(LpIterate iterate)
    {
        var value = 0.0;
        for (var at = 0; at < open.Length; at++)
        {
            var missing = open[at] - iterate.Staff[at];
            value += missing > 0 ? missing * (slopes[at].UnderA + missing * slopes[at].UnderB)
                : -missing * (slopes[at].OverA - missing * slopes[at].OverB);
        }

        return (value, Bound(iterate.Duals));
    }

    /// <summary>The part of the bound that the need itself gives.</summary>
    public double Bound(double[] duals)
    {
        var bound = 0.0;
        for (var at = 0; at < open.Length; at++)
        {
            var (underA, underB, overA, overB) = slopes[at];
            // The conjugate of the cost: what the dual promises too much for.
            var dual = duals[at];
            bound += open[at] * dual - (dual > underA ? Square(dual - underA, underB) : dual < -overA ? Square(-dual - overA, overB) : 0);
        }

        return bound;

        // Where the price is the same for all, duals end there; what lies beyond is of rounding.
        static double Square(double beyond, double slope) =>
            slope > 0 ? beyond * beyond / (4 * slope) : beyond < 1e-9 ? 0 : double.PositiveInfinity;
    }

    // There are more duties from column to column.
    private void Grow()
    {
        if (DutyDuals.Length < duties.Count)
            (DutyDuals, Working) = (new double[2 * duties.Count], new double[2 * duties.Count]);
    }

    // The proximal step of the conjugate.
    private static double Nearest((double UnderA, double UnderB, double OverA, double OverB) slope, double dual, double length) =>
        dual > slope.UnderA ? Toward(dual, slope.UnderA, slope.UnderB, length)
        : dual < -slope.OverA ? Toward(dual, -slope.OverA, slope.OverB, length)
        : dual;

    private static double Toward(double dual, double kink, double slope, double length) =>
        slope > 0 ? (dual + length * kink / (2 * slope)) / (1 + length / (2 * slope)) : kink;
}

/// <summary>Shifts as they were worked: day, breaks and skills decide which duty it is.</summary>
internal sealed class RosterDuties(int minutes)
{
    private readonly List<(int Row, double Share)[]> duties = [];
    private readonly Dictionary<(ulong, ulong), int> known = [];

    public int Count => duties.Count;

    public (int Row, double Share)[] this[int duty] => duties[duty];

    public int[] Of(AgentPlan plan) => [.. plan.Days.OfType<ShiftCandidate>().Select(Of)];

    private int Of(ShiftCandidate shift)
    {
        var (one, other) = (14695981039346656037UL, 88172645463325252UL);
        foreach (var (row, present) in shift.Work)
        {
            var cell = (ulong)(uint)row << 16 | (uint)present;
            one = (one ^ cell) * 1099511628211UL;
            other = (other + cell) * 6364136223846793005UL + 1442695040888963407UL;
        }

        if (!known.TryGetValue((one, other), out var at))
        {
            known[(one, other)] = at = duties.Count;
            duties.Add([.. shift.Work.Select(w => (w.Row, w.Minutes / (double)minutes))]);
        }

        return at;
    }
}

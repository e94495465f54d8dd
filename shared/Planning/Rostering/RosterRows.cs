namespace CallCenter.Planning.Rostering;

/// <summary>
/// The need of a roster as rows of a linear programme over days of agents: each skill in each interval, and each shift of which some are
/// needed, in agents. What is missing costs a·n + b·n², so that the dual of a row rises with what is missing there. A duty is a shift as
/// it may be worked on a day, known by an index; days of an agent are a list of duties.
/// </summary>
internal sealed class RosterRows
{
    private readonly RosterDuties duties;
    private readonly int[] rows;
    private readonly double[] open;
    private readonly (double UnderA, double UnderB, double OverA, double OverB)[] slopes;

    /// <param name="cover">With those at work who are not to be planned.</param>
    /// <param name="rows">Of the need, in the order of the duties' rows.</param>
    public RosterRows(CoverCost cover, int[] rows, RosterDuties duties)
    {
        (this.rows, this.duties) = (rows, duties);
        open = [.. rows.Select(cover.Open)];
        slopes = [.. rows.Select(cover.Slopes)];

        Scale = (open.Count(o => o > 0), slopes.Select(s => Math.Max(s.UnderA + s.UnderB, s.OverA + s.OverB)).DefaultIfEmpty(0).Max());
    }

    public int Rows => open.Length;

    /// <summary>Rows in which something is asked for, and the most that an agent too few or too many may cost there.</summary>
    public (int Asked, double Dearest) Scale { get; }

    /// <summary>By duty: the duals of its rows together.</summary>
    public double[] DutyDuals { get; private set; } = [];

    /// <summary>By duty: how many work it.</summary>
    public double[] Working { get; private set; } = [];

    /// <summary>Prices of these rows among those of the whole need.</summary>
    public void Spread(double[] prices, double[] whole)
    {
        for (var at = 0; at < rows.Length; at++)
            whole[rows[at]] = prices[at];
    }

    /// <summary>Of the prices of the whole need those of these rows.</summary>
    public double[] Gather(ReadOnlySpan<double> whole)
    {
        var prices = new double[rows.Length];
        for (var at = 0; at < rows.Length; at++)
            prices[at] = whole[rows[at]];
        return prices;
    }

    public void Clear()
    {
        Grow();
        Array.Clear(Working);
    }

    public void SumDuals(double[] duals)
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

    /// <summary>Who is at work in each row.</summary>
    public void Count(double[] staff)
    {
        Array.Clear(staff);
        for (var duty = 0; duty < duties.Count; duty++)
            if (Working[duty] is not 0 and var working)
                foreach (var (row, share) in duties[duty])
                    staff[row] += share * working;
    }

    /// <summary>Moves duals towards what is missing where the primal values would go next.</summary>
    /// <returns>The square of the distance, and its product with the change of staff.</returns>
    public (double Distance, double WithStaff) MoveDuals(LpIterate now, LpIterate next, double length)
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

    /// <summary>Cost of what is missing and in surplus, and the part of the bound that the need itself gives.</summary>
    public (double Value, double Bound) Look(LpIterate iterate)
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
internal sealed class RosterDuties
{
    private readonly int minutes;
    private readonly DaySpan span;
    private readonly int[] at;
    private readonly List<(int Row, double Share)[]> duties = [];
    private readonly Dictionary<(ulong, ulong), int> known = [];

    /// <param name="rows">Of the need, which the duties of these days may cover.</param>
    public RosterDuties(CoverCost cover, DaySpan span, int[] rows)
    {
        (minutes, this.span, at) = (cover.Minutes, span, new int[cover.Rows]);
        for (var i = 0; i < rows.Length; i++)
            at[rows[i]] = i;
    }

    public int Count => duties.Count;

    public (int Row, double Share)[] this[int duty] => duties[duty];

    public int[] Of(AgentPlan plan)
    {
        var worked = new List<int>(span.To - span.From);
        for (var day = span.From; day < span.To; day++)
            if (plan.Days[day] is { } shift)
                worked.Add(Of(shift));
        return [.. worked];
    }

    private int Of(ShiftCandidate shift)
    {
        var (one, other) = (14695981039346656037UL, 88172645463325252UL);
        foreach (var (row, present) in shift.Work)
        {
            var cell = (ulong)(uint)row << 16 | (uint)present;
            one = (one ^ cell) * 1099511628211UL;
            other = (other + cell) * 6364136223846793005UL + 1442695040888963407UL;
        }

        if (!known.TryGetValue((one, other), out var duty))
        {
            known[(one, other)] = duty = duties.Count;
            duties.Add([.. shift.Work.Select(w => (at[w.Row], w.Minutes / (double)minutes))]);
        }

        return duty;
    }
}

namespace CallCenter.Planning.Rostering;

/// <summary>
/// Staff per skill and interval and per shift of which some are needed, each a row, while the search changes it, and what each agent more
/// or less would be worth. The cost is convex, so that the first agent missing weighs less than the third, and shortages spread instead of
/// piling up; where the need has prices of its own each weighs the same.
/// </summary>
internal sealed class CoverCost
{
    private readonly RosterWeights weights;
    private readonly Dictionary<string, int> skillIndex;
    private readonly int[] need;
    private readonly int[] staff;
    private readonly double[] gains;
    private readonly CoverPrice?[] prices;
    private readonly ILookup<int, (string Shift, int Need)> needs;
    private readonly int[][] needsOn;
    private readonly Dictionary<ShiftOption, int[]> needsOf = new(ReferenceEqualityComparer.Instance);
    private readonly RosterProblem problem;
    private readonly int longestNight;

    public CoverCost(RosterProblem problem)
    {
        (this.problem, weights) = (problem, problem.Weights);
        Minutes = problem.IntervalMinutes;
        var end = Math.Max(problem.DayStarts[^1],
            problem.Shifts.Concat(problem.Agents.SelectMany(a => a.Locked).Select(l => l.Itself).OfType<ShiftOption>())
                .Select(s => s.End).Concat(problem.Agents.SelectMany(a => a.Fixed).Select(f => f.To)).DefaultIfEmpty(0).Max());
        Intervals = (end + Minutes - 1) / Minutes;
        (Skills, Gained) = (problem.Demand.Length, Intervals + problem.ShiftNeeds.Length);

        skillIndex = problem.Demand.Select((d, i) => (d.Skill, i)).ToDictionary(p => p.Skill, p => p.i);
        need =
        [
            .. problem.Demand.SelectMany(d => Enumerable.Range(0, Intervals)
                .Select(t => t < d.Required.Length ? (int)Math.Round(d.Required[t] * Minutes) : 0)),
            .. problem.ShiftNeeds.Select(n => n.Required * Minutes),
        ];
        prices =
        [
            .. problem.Demand.SelectMany(d => Enumerable.Range(0, Intervals).Select(t => d.Prices is not { } own ? (CoverPrice?)null
                : t < own.Length ? own[t] : default(CoverPrice))),
            .. problem.ShiftNeeds.Select(n => (CoverPrice?)n.Price),
        ];
        staff = new int[need.Length];
        gains = [.. Enumerable.Range(0, need.Length).Select(Gain)];
        Total = need.Select((_, row) => Cost(row, 0)).Sum();

        longestNight = problem.Shifts.Concat(problem.Agents.SelectMany(a => a.Locked).Select(l => l.Itself).OfType<ShiftOption>())
            .Select(s => s.End - problem.DayStarts[s.Day + 1]).Append(0).Max();
        needs = problem.ShiftNeeds.Select((n, i) => (n.Day, (n.Shift, Intervals + i))).ToLookup(n => n.Day, n => n.Item2);
        needsOn = [.. Enumerable.Range(0, problem.Days).Select(day => needs[day].Select(n => n.Need).ToArray())];
        foreach (var shift in problem.Shifts)
            needsOf.TryAdd(shift, Find(shift));
    }

    public int Minutes { get; }

    public int Intervals { get; }

    public int Skills { get; }

    public int Rows => need.Length;

    /// <summary>Of how much an agent may be worth something: each interval, and then each need of a shift.</summary>
    public int Gained { get; }

    /// <summary>What all that is missing and in surplus costs.</summary>
    public double Total { get; private set; }

    public int RowOf(int skill, int t) => skill * Intervals + t;

    public int[] SkillsOf(RosterAgent agent) => [.. agent.Skills.Where(skillIndex.ContainsKey).Select(s => skillIndex[s])];

    /// <summary>Which needs of shifts this one covers, by their place among what an agent may be worth something for.</summary>
    public int[] NeedsOf(ShiftOption shift) => Gained == Intervals ? [] : needsOf.TryGetValue(shift, out var known) ? known : Find(shift);

    /// <summary>The intervals in which shifts of these days may lie.</summary>
    public (int From, int To) IntervalsOf(DaySpan span) =>
        (span.From == 0 ? 0 : problem.DayStarts[span.From] / Minutes,
            span.To == problem.Days ? Intervals : Math.Min(Intervals, (problem.DayStarts[span.To] + longestNight + Minutes - 1) / Minutes));

    /// <summary>The rows that shifts of these days may cover.</summary>
    public int[] RowsOf(DaySpan span)
    {
        var (from, to) = IntervalsOf(span);
        return
        [
            .. Enumerable.Range(0, Skills).SelectMany(skill => Enumerable.Range(RowOf(skill, from), to - from)),
            .. Enumerable.Range(span.From, span.To - span.From).SelectMany(day => needsOn[day])
                .Select(need => RowOf(Skills, 0) + need - Intervals).Order(),
        ];
    }

    /// <summary>
    /// What one more agent with these skills is worth in each interval of these days and for each need of a shift, and in which row.
    /// </summary>
    public void Gains(int[] skills, DaySpan span, double[] gain, int[] rows) => Gains(skills, span, gains, gain, rows);

    /// <summary>The same at these prices of rows.</summary>
    public void Gains(int[] skills, DaySpan span, ReadOnlySpan<double> atPrices, double[] gain, int[] rows)
    {
        var (from, to) = IntervalsOf(span);
        Array.Fill(gain, double.NegativeInfinity, from, to - from);
        foreach (var skill in skills)
        {
            var here = atPrices.Slice(RowOf(skill, 0), Intervals);
            for (var t = from; t < to; t++)
                if (here[t] > gain[t])
                    (gain[t], rows[t]) = (here[t], RowOf(skill, t));
        }

        for (var day = span.From; day < span.To && Gained > Intervals; day++)
            foreach (var at in needsOn[day])
                (rows[at], gain[at]) = (RowOf(Skills, 0) + at - Intervals, atPrices[RowOf(Skills, 0) + at - Intervals]);
    }

    public void Add(int row, int minutes)
    {
        var before = Cost(row, staff[row]);
        staff[row] += minutes;
        Total += Cost(row, staff[row]) - before;
        gains[row] = Gain(row);
    }

    /// <summary>By row: what one agent more is worth.</summary>
    public ReadOnlySpan<double> Worth => gains;

    /// <summary>What is still to be covered, in agents; negative where there are more.</summary>
    public double Open(int row) => (need[row] - staff[row]) / (double)Minutes;

    /// <summary>Of so many agents too few or too many the cost is a·n + b·n².</summary>
    public (double UnderA, double UnderB, double OverA, double OverB) Slopes(int row)
    {
        if (prices[row] is { } price)
            return (price.Under, 0, price.Over, 0);
        var (hours, steeper) = (Minutes / 60.0, Minutes / (double)Math.Max(need[row], Minutes));
        return (weights.Shortage * hours, weights.Shortage * hours * steeper, weights.Surplus * hours, weights.Surplus * hours * steeper);
    }

    public (double Shortage, double Surplus) Parts()
    {
        var (missing, surplus) = (0.0, 0.0);
        for (var row = 0; row < need.Length; row++)
        {
            var cost = Cost(row, staff[row]);
            if (staff[row] < need[row])
                missing += cost;
            else
                surplus += cost;
        }

        return (missing, surplus);
    }

    private int[] Find(ShiftOption shift) => [.. needs[shift.Day].Where(n => shift.IsOf(n.Shift)).Select(n => n.Need)];

    /// <summary>What is missing or in surplus in a row costs.</summary>
    public double CostOf(int row) => Cost(row, staff[row]);

    private double Gain(int row) => Cost(row, staff[row]) - Cost(row, staff[row] + Minutes);

    private double Cost(int row, int staff)
    {
        var off = Math.Abs(need[row] - staff);
        if (prices[row] is { } price)
            return off / (double)Minutes * (staff < need[row] ? price.Under : price.Over);
        var hours = off / 60.0 * (1 + (double)off / Math.Max(need[row], Minutes));

        return hours * (staff < need[row] ? weights.Shortage : weights.Surplus);
    }
}

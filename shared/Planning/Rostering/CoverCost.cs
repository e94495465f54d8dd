namespace CallCenter.Planning.Rostering;

/// <summary>
/// Staff per skill and interval while the search changes it, and what each agent more or less would be worth. The cost is
/// convex, so that the first agent missing weighs less than the third, and shortages spread instead of piling up.
/// </summary>
internal sealed class CoverCost
{
    private readonly RosterWeights weights;
    private readonly Dictionary<string, int> skillIndex;
    private readonly int[][] need;
    private readonly int[][] staff;
    private readonly double[][] gains;

    public CoverCost(RosterProblem problem)
    {
        weights = problem.Weights;
        Minutes = problem.IntervalMinutes;
        var end = Math.Max(problem.DayStarts[^1],
            problem.Shifts.Concat(problem.Agents.SelectMany(a => a.Locked).Select(l => l.Itself).OfType<ShiftOption>())
                .Select(s => s.End).Concat(problem.Agents.SelectMany(a => a.Fixed).Select(f => f.To)).DefaultIfEmpty(0).Max());
        Intervals = (end + Minutes - 1) / Minutes;

        skillIndex = problem.Demand.Select((d, i) => (d.Skill, i)).ToDictionary(p => p.Skill, p => p.i);
        need = [.. problem.Demand.Select(d => Enumerable.Range(0, Intervals)
            .Select(t => t < d.Required.Length ? (int)Math.Round(d.Required[t] * Minutes) : 0).ToArray())];
        staff = [.. need.Select(_ => new int[Intervals])];
        gains = [.. need.Select((_, skill) => Enumerable.Range(0, Intervals).Select(t => Gain(skill, t)).ToArray())];
        Total = need.Sum(all => all.Sum(n => Cost(n, 0)));
    }

    public int Minutes { get; }

    public int Intervals { get; }

    public int Skills => need.Length;

    /// <summary>What all that is missing and in surplus costs.</summary>
    public double Total { get; private set; }

    public int[] SkillsOf(RosterAgent agent) => [.. agent.Skills.Where(skillIndex.ContainsKey).Select(s => skillIndex[s])];

    /// <summary>What one more agent with these skills is worth in each interval, and on which skill.</summary>
    public void Gains(int[] skills, double[] gain, int[] best)
    {
        Array.Fill(gain, double.NegativeInfinity);
        foreach (var skill in skills)
        {
            var here = gains[skill];
            for (var t = 0; t < here.Length; t++)
                if (here[t] > gain[t])
                    (gain[t], best[t]) = (here[t], skill);
        }
    }

    public void Add(int skill, int t, int minutes)
    {
        var before = Cost(need[skill][t], staff[skill][t]);
        staff[skill][t] += minutes;
        Total += Cost(need[skill][t], staff[skill][t]) - before;
        gains[skill][t] = Gain(skill, t);
    }

    /// <summary>What is still to be covered, in agents; negative where there are more.</summary>
    public double Open(int skill, int t) => (need[skill][t] - staff[skill][t]) / (double)Minutes;

    /// <summary>Of so many agents too few or too many the cost is a·n + b·n².</summary>
    public (double UnderA, double UnderB, double OverA, double OverB) Slopes(int skill, int t)
    {
        var (hours, steeper) = (Minutes / 60.0, Minutes / (double)Math.Max(need[skill][t], Minutes));
        return (weights.Shortage * hours, weights.Shortage * hours * steeper, weights.Surplus * hours, weights.Surplus * hours * steeper);
    }

    public (double Shortage, double Surplus) Parts()
    {
        var (missing, surplus) = (0.0, 0.0);
        for (var skill = 0; skill < need.Length; skill++)
        {
            for (var t = 0; t < Intervals; t++)
            {
                var cost = Cost(need[skill][t], staff[skill][t]);
                if (staff[skill][t] < need[skill][t])
                    missing += cost;
                else
                    surplus += cost;
            }
        }

        return (missing, surplus);
    }

    private double Gain(int skill, int t) => Cost(need[skill][t], staff[skill][t]) - Cost(need[skill][t], staff[skill][t] + Minutes);

    private double Cost(int need, int staff)
    {
        var off = Math.Abs(need - staff);
        var hours = off / 60.0 * (1 + (double)off / Math.Max(need, Minutes));

        return hours * (staff < need ? weights.Shortage : weights.Surplus);
    }
}

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

    public CoverCost(RosterProblem problem)
    {
        weights = problem.Weights;
        Minutes = problem.IntervalMinutes;
        var end = Math.Max(problem.DayStarts[^1], problem.Shifts.Concat(problem.Agents.SelectMany(a => a.Locked).Select(l => l.Itself).OfType<ShiftOption>())
            .Select(s => s.End).Concat(problem.Agents.SelectMany(a => a.Fixed).Select(f => f.To)).DefaultIfEmpty(0).Max());
        Intervals = (end + Minutes - 1) / Minutes;

        skillIndex = problem.Demand.Select((d, i) => (d.Skill, i)).ToDictionary(p => p.Skill, p => p.i);
        need = [.. problem.Demand.Select(d => Enumerable.Range(0, Intervals)
            .Select(t => t < d.Required.Length ? (int)Math.Round(d.Required[t] * Minutes) : 0).ToArray())];
        staff = [.. need.Select(_ => new int[Intervals])];
    }

    public int Minutes { get; }

    public int Intervals { get; }

    public int[] SkillsOf(RosterAgent agent) => [.. agent.Skills.Where(skillIndex.ContainsKey).Select(s => skillIndex[s])];

    /// <summary>What one more agent with these skills is worth in each interval, and on which skill.</summary>
    public void Gains(int[] skills, double[] gain, int[] best)
    {
        for (var t = 0; t < Intervals; t++)
        {
            gain[t] = double.NegativeInfinity;
            foreach (var skill in skills)
            {
                var value = Gain(skill, t, Minutes);
                if (value > gain[t])
                    (gain[t], best[t]) = (value, skill);
            }
        }
    }

    public double Gain(int skill, int t, int minutes) =>
        Cost(need[skill][t], staff[skill][t]) - Cost(need[skill][t], staff[skill][t] + minutes);

    public void Add(int skill, int t, int minutes) => staff[skill][t] += minutes;

    public (double Shortage, double Surplus) Total()
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

    private double Cost(int need, int staff)
    {
        var off = Math.Abs(need - staff);
        var hours = off / 60.0 * (1 + (double)off / Math.Max(need, Minutes));

        return hours * (staff < need ? weights.Shortage : weights.Surplus);
    }
}

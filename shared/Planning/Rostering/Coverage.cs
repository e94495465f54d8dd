using System.Collections.Immutable;

namespace CallCenter.Planning.Rostering;

/// <summary>Who is there for which skill, interval by interval.</summary>
public static class Coverage
{
    /// <summary>
    /// Shares the agents at work out among the skills: those with one skill first, then whoever has a choice goes where the
    /// share missing is largest.
    /// </summary>
    public static ImmutableArray<SkillCover> Of(RosterProblem problem, IEnumerable<Assignment> assignments)
    {
        var agents = problem.Agents.ToDictionary(a => a.Id);
        var working = assignments.Where(a => agents.ContainsKey(a.AgentId)).ToList();
        var end = working.Select(a => a.Shift.End).Append(problem.DayStarts[^1]).Max();
        var intervals = (end + problem.IntervalMinutes - 1) / problem.IntervalMinutes;
        var skills = problem.Demand.Select((d, i) => (d.Skill, i)).ToDictionary(p => p.Skill, p => p.i);

        var present = new List<(int[] Skills, double Share)>[intervals];
        foreach (var assignment in working)
        {
            var agent = agents[assignment.AgentId];
            var able = agent.Skills.Where(skills.ContainsKey).Select(s => skills[s]).ToArray();
            for (var t = assignment.Shift.Start / problem.IntervalMinutes; able.Length > 0
                && t * problem.IntervalMinutes < assignment.Shift.End; t++)
                if (Share(problem, agent, assignment, t) is > 0 and var share)
                    (present[t] ??= []).Add((able, share));
        }

        var required = problem.Demand.Select(d =>
            Enumerable.Range(0, intervals).Select(t => t < d.Required.Length ? d.Required[t] : 0).ToArray()).ToArray();
        var scheduled = problem.Demand.Select(_ => new double[intervals]).ToArray();
        for (var t = 0; t < intervals; t++)
            foreach (var (able, share) in (present[t] ?? []).OrderBy(p => p.Skills.Length))
                scheduled[able.MaxBy(skill => Missing(required[skill][t], scheduled[skill][t]))][t] += share;

        return [.. problem.Demand.Select(
            (d, i) => new SkillCover(d.Skill, [.. required[i]], [.. scheduled[i].Select(s => Math.Round(s, 6))]))];
    }

    // Above what is needed, the skill with most to spare comes last.
    private static double Missing(double required, double scheduled) => (required - scheduled) / Math.Max(1, required);

    /// <summary>The share of interval <paramref name="t"/> that the agent is at work and free for callers.</summary>
    internal static double Share(RosterProblem problem, RosterAgent agent, Assignment assignment, int t)
    {
        var from = Math.Max(assignment.Shift.Start, t * problem.IntervalMinutes);
        var to = Math.Min(assignment.Shift.End, (t + 1) * problem.IntervalMinutes);
        var away = assignment.Breaks.Sum(b => Overlap(b.Start, b.End)) + agent.Fixed.Sum(f => Overlap(f.From, f.To));

        return Math.Max(0, to - from - away) / (double)problem.IntervalMinutes;

        int Overlap(int start, int end) => Math.Max(0, Math.Min(to, end) - Math.Max(from, start));
    }
}

namespace CallCenter.Planning.Rostering;

/// <summary>
/// Gives a shift that somebody chose its breaks, where they cost the least cover beside what the others work, around the hours that
/// the agent is away.
/// </summary>
public static class BreakPlacement
{
    /// <returns>Null when the breaks do not fit beside the agent's fixed activities.</returns>
    public static Assignment? Place(RosterProblem problem, IEnumerable<Assignment> others, RosterAgent agent, ShiftOption shift)
    {
        shift = agent.Around(shift) ?? shift;
        var cover = new CoverCost(problem);
        foreach (var (queue, skill) in Coverage.Of(problem, others).Select((q, i) => (q, i)))
            for (var t = 0; t < Math.Min(cover.Intervals, queue.Scheduled.Length); t++)
                cover.Add(cover.RowOf(skill, t), (int)Math.Round(queue.Scheduled[t] * cover.Minutes));

        var (gain, rows) = (new double[cover.Gained], new int[cover.Gained]);
        cover.Gains(cover.SkillsOf(agent), DaySpan.All(problem), gain, rows);
        var prices = new ShiftPrices(cover.Intervals, cover.Minutes);
        prices.Take(gain, (0, cover.Intervals));

        var starts = new int[shift.Breaks.Length];
        return prices.Worth(agent, shift, starts) is null ? null
            : new(agent.Id, shift, ShiftCandidate.At(shift, agent, starts, cover, gain, rows).Breaks);
    }
}

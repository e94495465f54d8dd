using CallCenter.Quality.Sampling;

namespace CallCenter.Quality.Scores;

/// <summary>
/// What was drawn by a design, as samples of the contacts that it was drawn from. Of all contacts only the random part speaks: there each
/// contact of a group had the same chance, however many of those at risk were drawn beside it (docs/decisions/0026). A contact that both
/// have drawn is in both.
/// </summary>
/// <param name="Units">By unit, period and group.</param>
/// <param name="Agents">By agent, period and group.</param>
/// <param name="Risks">By kind of risk; in it by unit and period.</param>
public sealed record DesignScores(
    IReadOnlyList<DrawnScores> Units, IReadOnlyList<DrawnScores> Agents, IReadOnlyDictionary<string, IReadOnlyList<DrawnScores>> Risks)
{
    /// <param name="parts">With the scores of evaluations that have one.</param>
    public static DesignScores Of(IReadOnlyList<(DateOnly First, PartDrawn Part, IReadOnlyDictionary<Guid, double> Scores)> parts)
    {
        var (units, agents, risks) = (new List<DrawnScores>(), new List<DrawnScores>(), new Dictionary<string, List<DrawnScores>>());
        foreach (var (first, part, scores) in parts)
        {
            var drawn = part.Drawn.ToDictionary(contact => contact.CallId);
            foreach (var group in part.Groups)
            {
                var own = group.Days.SelectMany(day => day.Agents).GroupBy(agent => agent.AgentId).Select(agent =>
                {
                    var calls = agent.SelectMany(day => day.Calls).ToList();
                    return new DrawnScores(agent.Key, first, calls.Count, [.. calls.SelectMany(Score)], group.Group);
                }).ToList();
                var whole = new DrawnScores(
                    part.UnitId, first, group.Candidates(), [.. own.SelectMany(agent => agent.Scores)], group.Group);
                if (part.Part is StratifiedSample.RandomPart)
                {
                    units.Add(whole);
                    agents.AddRange(own);
                }
                else if (!risks.TryAdd(part.Part, [whole]))
                    risks[part.Part].Add(whole);
            }

            IEnumerable<double> Score(Guid call) =>
                drawn.TryGetValue(call, out var its) && scores.TryGetValue(its.EvaluationId, out var score) ? [score] : [];
        }

        return new(units, agents, risks.ToDictionary(part => part.Key, part => (IReadOnlyList<DrawnScores>)part.Value));
    }
}

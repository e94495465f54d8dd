using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Sampling;
using Marten;

namespace CallCenter.Quality.MachineAnswers;

/// <summary>A contact that was drawn by lot and judged by a person who saw nothing of what machines say.</summary>
/// <param name="Answers">That count in its score.</param>
internal sealed record BlindContact(Guid CallId, FormContent Form, EvaluationResult Result, IReadOnlyDictionary<string, Answer> Answers)
{
    /// <summary>What they came to, by question.</summary>
    public IReadOnlyDictionary<string, double?> Shares { get; } = Form.Scored().Zip(Form.SharesOf(Answers))
        .ToDictionary(one => one.First.Code, one => one.Second);
}

/// <param name="Candidates">All calls of the agent's week that could have been drawn.</param>
/// <param name="Judged">Those of the drawn that were judged blindly.</param>
internal sealed record BlindStratum(Guid AgentId, IReadOnlyList<Guid> Candidates, IReadOnlyList<BlindContact> Judged);

/// <summary>What people say of contacts that a plan drew.</summary>
/// <param name="Strata">Agents' weeks of which something was judged.</param>
/// <param name="Waiting">Drawn, and not judged yet.</param>
/// <param name="NotBlind">Drawn after somebody had judged them with what a machine proposed before them: they measure nothing.</param>
internal sealed record BlindSample(IReadOnlyList<BlindStratum> Strata, int Waiting, int NotBlind)
{
    private const int AtOnce = 500;

    public IEnumerable<BlindContact> Judged => Strata.SelectMany(stratum => stratum.Judged);

    public static async Task<BlindSample> Of(
        IQuerySession session, SamplingPlan plan, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        var draws = await session.DrawsOf(plan.Id, first, (last.DayNumber - first.DayNumber) / 7 + 1, cancellation);
        var evaluations = await Evaluations(
            session, [.. draws.SelectMany(draw => draw.Agent.Drawn.Select(call => call.EvaluationId)).Distinct()], cancellation);
        var (strata, waiting, notBlind) = (new List<BlindStratum>(), 0, 0);
        foreach (var (_, agent) in draws)
        {
            var judged = new List<BlindContact>();
            foreach (var drawn in agent.Drawn)
                switch (evaluations.GetValueOrDefault(drawn.EvaluationId))
                {
                    case { Result: { } result, Form: { } form } evaluation when evaluation.FormId == plan.Rules.FormId:
                        if (evaluation.Proposals.IsEmpty)
                            judged.Add(new(drawn.CallId, form, result, form.Counting(evaluation.Said([]))));
                        else
                            notBlind++;
                        break;
                    default:
                        waiting++;
                        break;
                }

            if (judged.Count > 0)
                strata.Add(new(agent.AgentId, agent.Candidates, judged));
        }

        return new(strata, waiting, notBlind);
    }

    // By what was said of them, not by what is stored for lists: their answers are nowhere else. Some hundreds with a request.
    private static async Task<Dictionary<Guid, Evaluation>> Evaluations(
        IQuerySession session, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, Evaluation>();
        foreach (var some in ids.Chunk(AtOnce))
            foreach (var e in await session.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(some))
                .OrderBy(e => e.StreamId).ThenBy(e => e.Version).ToListAsync(cancellation))
                found[e.StreamId] = found.GetValueOrDefault(e.StreamId, new()).Evolve(e.Data);

        return found;
    }
}

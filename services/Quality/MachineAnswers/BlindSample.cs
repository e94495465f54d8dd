using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Sampling;
using Marten;

namespace CallCenter.Quality.MachineAnswers;

/// <summary>A contact that was drawn by lot and judged by a person who saw nothing of what machines say.</summary>
/// <param name="Score">Percent; null where every question was N/A.</param>
/// <param name="Answers">That count in its score, but for what was written.</param>
internal sealed record BlindContact(
    Guid CallId, FormContent Form, decimal? Score, bool? Passed, IReadOnlyDictionary<string, Answer> Answers)
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
        IQuerySession session, FigureRows rows, SamplingPlan plan, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        var draws = await session.DrawsOf(plan.Id, first, (last.DayNumber - first.DayNumber) / 7 + 1, cancellation);
        Guid[] ids = [.. draws.SelectMany(draw => draw.Agent.Drawn.Select(call => call.EvaluationId)).Distinct()];
        // Events only of what has no row that holds: what waits, and what was submitted or changed a moment ago.
        var settled = await rows.Settled(plan.Rules.FormId, ids, cancellation);
        var evaluations = await Evaluations(session, [.. ids.Where(id => !settled.ContainsKey(id))], cancellation);
        var forms = (await session.KnownForm(plan.Rules.FormId, cancellation))?.Versions ?? new Dictionary<int, FormContent>();
        var (strata, waiting, notBlind) = (new List<BlindStratum>(), 0, 0);
        foreach (var (_, agent) in draws)
        {
            var judged = new List<BlindContact>();
            foreach (var drawn in agent.Drawn)
                switch (settled.GetValueOrDefault(drawn.EvaluationId) ?? (object?)evaluations.GetValueOrDefault(drawn.EvaluationId))
                {
                    case FigureRow { Counts: true, Assisted: true }:
                        notBlind++;
                        break;
                    case FigureRow { Counts: true } row:
                        judged.Add(new(drawn.CallId, forms[row.FormVersion], row.Score, row.Passed,
                            Said(row.Answers, forms[row.FormVersion])));
                        break;
                    case Evaluation { Result: { } result, Form: { } form } evaluation when evaluation.FormId == plan.Rules.FormId:
                        if (evaluation.Proposals.IsEmpty)
                            judged.Add(new(drawn.CallId, form, result.Score, result.Passed, form.Counting(evaluation.Said([]))));
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

    private static Dictionary<string, Answer> Said(IReadOnlyList<JudgedAnswer> answers, FormContent form) => answers
        .Select(said => (said.Question, Answer: said.NotApplicable ? Answer.OutOfScope
            : form.Find(said.Question) is { } question ? Answer.Of(question, said.Answer) : null))
        .Where(said => said.Answer is not null).ToDictionary(said => said.Question, said => said.Answer!);

    // Some hundreds with a request.
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

using CallCenter.Quality.Projects;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Evaluations;

/// <summary>
/// How one agent's evaluations of one week came out. It is counted from the evaluations at each reading, so a score that a
/// dispute changed counts as it is now.
/// <code>averageScore = Σ score / scored, to one decimal, half away from zero; null when nothing was scored</code>
/// </summary>
/// <param name="Week">First local day of the week the evaluations were submitted in.</param>
/// <param name="Evaluations">Submitted evaluations.</param>
/// <param name="Scored">Those with a score, which are not those answered N/A throughout.</param>
/// <param name="AverageScore">Mean of the scores, 0 to 100, one decimal; null when nothing was scored.</param>
/// <param name="Passed">Those that passed.</param>
/// <param name="AutoFailed">Those that an answer failed whatever the rest said.</param>
public sealed record AgentQuality(
    Guid ProjectId, Guid AgentId, DateOnly Week, int Evaluations, int Scored, decimal? AverageScore, int Passed, int AutoFailed)
{
    internal static AgentQuality Of(IReadOnlyCollection<EvaluationSummary> evaluations)
    {
        var first = evaluations.First();
        var scores = evaluations.Where(e => e.Score is not null).Select(e => e.Score!.Value).ToList();

        return new(
            first.ProjectId, first.AgentId, first.Week!.Value, evaluations.Count, scores.Count,
            scores.Count is 0 ? null : Math.Round(scores.Sum() / scores.Count, 1, MidpointRounding.AwayFromZero),
            evaluations.Count(e => e.Passed is true), evaluations.Count(e => e.AutoFailed));
    }
}

internal static class AgentQualityEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapAgentQuality() => routes.MapGet("/agent-quality", Get)
            .WithTag("Agent quality", "How agents' evaluations came out, week by week.")
            .Describe("Average score and number of evaluations by agent and week", problems: ["range-out-of-order", "range-too-long"]);
    }

    private static async Task<IReadOnlyList<AgentQuality>> Get(
        DateOnly from, DateOnly to, Guid? projectId, Guid? agentId, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        DayRanges.Check(from, to);
        var found = await session.Query<EvaluationSummary>().VisibleTo(caller, EvaluationAccess.Visible, projectId)
            .Except(await session.HiddenFrom(caller, cancellation)) // one of a week is its average
            .Where(e => e.Week >= from && e.Week <= to && (agentId == null || e.AgentId == agentId))
            .ToListAsync(cancellation);

        return
        [
            .. found.GroupBy(e => (e.ProjectId, e.Week, e.AgentId)).Select(week => AgentQuality.Of([.. week]))
                .OrderBy(week => week.Week).ThenBy(week => week.ProjectId).ThenBy(week => week.AgentId),
        ];
    }
}

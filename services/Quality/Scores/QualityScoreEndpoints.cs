using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Sampling;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.Scores;

/// <param name="From">First day of the first week.</param>
/// <param name="To">First day of the last week.</param>
/// <param name="Fewest">Whoever has fewer evaluations is not ranked.</param>
/// <param name="Scores">Of the plan and of each agent.</param>
public sealed record QualityScoresView(Guid PlanId, Guid ProjectId, DateOnly From, DateOnly To, int Fewest, QualityScores Scores);

internal static class QualityScoreEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapQualityScores() => routes.MapGet("/quality-scores", Get)
            .WithTag("Quality scores", "What calls drawn by lot say of all calls: estimates with intervals, and ranks only where they can be told.")
            .Describe("Scores by agent over weeks of a sampling plan, as estimates with intervals", problems: ["range-out-of-order", "range-too-long", "project-unknown"]);
    }

    private static async Task<Ok<QualityScoresView>> Get(
        Guid planId, [Description("Any day of the first week")] DateOnly from, [Description("Any day of the last week")] DateOnly to,
        Caller caller, IQuerySession session, CancellationToken cancellation,
        [Description("Whoever has fewer evaluations is not ranked"), Range(2, 1000)] int fewest = 5)
    {
        var (plan, first, last) = await session.WeeksOf(planId, from, to, caller, cancellation);
        var weeks = (last.DayNumber - first.DayNumber) / 7 + 1;
        var drawn = await session.Drawn(planId, first, weeks, cancellation);
        var before = await session.Drawn(planId, first.AddDays(-7 * weeks), weeks, cancellation);

        return TypedResults.Ok(new QualityScoresView(planId, plan.ProjectId, first, last, fewest, QualityScores.Of(drawn, before, fewest)));
    }

    internal static async Task<IReadOnlyList<DrawnScores>> Drawn(
        this IQuerySession session, Guid planId, DateOnly first, int weeks, CancellationToken cancellation)
    {
        var draws = await session.DrawsOf(planId, first, weeks, cancellation);

        // A drawn call that had been judged before, or was drawn by another plan too, has the evaluation of then.
        var last = first.AddDays(7 * (weeks - 1));
        var evaluations = (await session.Query<EvaluationSummary>()
            .Where(e => e.PlanId == planId && e.SampledWeek >= first && e.SampledWeek <= last).ToListAsync(cancellation))
            .ToDictionary(e => e.Id);
        var others = draws.SelectMany(draw => draw.Agent.Drawn.Select(call => call.EvaluationId)).Where(id => !evaluations.ContainsKey(id));
        foreach (var other in await session.LoadManyAsync<EvaluationSummary>(cancellation, [.. others]))
            evaluations[other.Id] = other;

        return
        [
            .. draws.Select(draw => new DrawnScores(draw.Agent.AgentId, draw.Week, draw.Agent.Candidates.Count,
            [
                .. draw.Agent.Drawn.Select(call => evaluations.GetValueOrDefault(call.EvaluationId)?.Score).OfType<decimal>()
                    .Select(score => (double)score),
            ])),
        ];
    }
}

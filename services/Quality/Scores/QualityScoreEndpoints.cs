using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Projects;
using CallCenter.Quality.Sampling;
using CallCenter.Rules;
using CallCenter.Time;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.Scores;

/// <param name="PlanId">The plan or design.</param>
/// <param name="From">First day of the first week or month.</param>
/// <param name="To">First day of the last week or month.</param>
/// <param name="Fewest">Whoever has fewer evaluations is not ranked.</param>
/// <param name="Scores">Of the plan and of each agent: by what was drawn at random alone.</param>
/// <param name="Risks">Of each part that a design draws among contacts at risk; empty of a plan.</param>
public sealed record QualityScoresView(
    Guid PlanId, Guid ProjectId, DateOnly From, DateOnly To, int Fewest, QualityScores Scores, IReadOnlyList<RiskScore> Risks);

/// <summary>What is said of all contacts at a risk, by those of them that were drawn for it.</summary>
/// <param name="Estimate">Of these alone: in the scores of all they count only as far as the random part drew them.</param>
/// <param name="NotFed">No service tells of this risk yet.</param>
public sealed record RiskScore(RiskKind Kind, EstimatedScore Estimate, bool NotFed);

internal static class QualityScoreEndpoints
{
    private const int MostMonths = 6;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapQualityScores() => routes.MapGet("/quality-scores", Get)
            .WithTag("Quality scores", "What calls drawn by lot say of all calls: estimates with intervals, and ranks only where they can be told.")
            .Describe("Scores by agent over weeks of a sampling plan, or periods of a design, as estimates with intervals", problems: ["range-out-of-order", "range-too-long", "project-unknown"]);
    }

    private static async Task<Ok<QualityScoresView>> Get(
        [Description("A sampling plan or design")] Guid planId, [Description("Any day of the first week or month")] DateOnly from,
        [Description("Any day of the last week or month")] DateOnly to, Caller caller, IQuerySession session, CancellationToken cancellation,
        [Description("Whoever has fewer evaluations is not ranked"), Range(2, 1000)] int fewest = 5)
    {
        if (await session.LoadAsync<SamplingDesign>(planId, cancellation) is { } design)
            return TypedResults.Ok(await session.ScoresOf(
                caller.MustSee(design, SamplingDesignEndpoints.Visible), from, to, fewest,
                await session.HiddenFrom(caller, cancellation), cancellation));

        var (plan, first, last) = await session.WeeksOf(planId, from, to, caller, cancellation);
        var weeks = (last.DayNumber - first.DayNumber) / 7 + 1;
        var hidden = await session.HiddenFrom(caller, cancellation);
        var drawn = await session.Drawn(planId, first, weeks, hidden, cancellation);
        var before = await session.Drawn(planId, first.AddDays(-7 * weeks), weeks, hidden, cancellation);

        return TypedResults.Ok(new QualityScoresView(
            planId, plan.ProjectId, first, last, fewest, QualityScores.Of(drawn, before, fewest), []));
    }

    private static void EnsureInOrder(DateOnly from, DateOnly to)
    {
        if (to < from)
            throw new InvalidException("to", "range-out-of-order", "The range ends before it begins.");
    }

    private static async Task<QualityScoresView> ScoresOf(
        this IQuerySession session, SamplingDesign design, DateOnly from, DateOnly to, int fewest, IReadOnlySet<Guid> hidden,
        CancellationToken cancellation)
    {
        EnsureInOrder(from, to);
        var (period, calendar) = (design.Rules.Period, await session.CalendarOf(design.ProjectId, cancellation));
        var (most, name) = period is SamplingPeriod.Week ? (DrawnWeeks.Most, "weeks") : (MostMonths, "months");
        List<DateOnly> firsts = [period.FirstDay(calendar, from)];
        while (period.Next(firsts[^1]) <= to && firsts.Count <= most)
            firsts.Add(period.Next(firsts[^1]));
        if (firsts.Count > most)
            throw new InvalidException("to", "range-too-long", $"A range has at most {most} {name}.");

        var (_, drawn, scores) = await session.DrawsOf(design, calendar, firsts, fewest, hidden, cancellation);
        return new(design.Id, design.ProjectId, firsts[0], firsts[^1], fewest, scores,
            [
                .. design.Rules.RiskParts().Select(risk => new RiskScore(
                    risk.Kind, QualityScores.Whole(drawn.Risks.GetValueOrDefault(risk.Kind.Code, [])), !RiskPart.IsFed(risk.Kind))),
            ]);
    }

    /// <summary>What was drawn in periods of a design, and what it says beside as many periods before.</summary>
    /// <param name="firsts">Their first days, one after the other.</param>
    /// <param name="hidden">Evaluations that whoever asks must not know of.</param>
    internal static async Task<(IReadOnlyList<PartDrawn> Parts, DesignScores Drawn, QualityScores Scores)> DrawsOf(
        this IQuerySession session, SamplingDesign design, LocalCalendar calendar, IReadOnlyList<DateOnly> firsts, int fewest,
        IReadOnlySet<Guid> hidden, CancellationToken cancellation)
    {
        List<DateOnly> earlier = [];
        for (var first = firsts[0]; earlier.Count < firsts.Count; earlier.Add(first))
            first = design.Rules.Period.FirstDay(calendar, first.AddDays(-1));
        var parts = await session.Draws(design, firsts, hidden, cancellation);
        var (drawn, before) = (DesignScores.Of(parts), DesignScores.Of(await session.Draws(design, earlier, hidden, cancellation)));

        return ([.. parts.Select(part => part.Part)], drawn,
            QualityScores.Of(drawn.Agents, before.Agents, fewest, design.Rules.Unit is SamplingUnit.Agent ? null : drawn.Units));
    }

    private static async Task<IReadOnlyList<(DateOnly First, PartDrawn Part, IReadOnlyDictionary<Guid, double> Scores)>> Draws(
        this IQuerySession session, SamplingDesign design, IReadOnlyList<DateOnly> firsts, IReadOnlySet<Guid> hidden,
        CancellationToken cancellation)
    {
        var parts = new List<(DateOnly First, PartDrawn Part)>();
        foreach (var first in firsts)
        {
            var draw = await session.Events.AggregateStreamAsync<DesignDraw>(
                DesignDrawDecider.IdOf(design.Id, first), token: cancellation);
            parts.AddRange((draw?.Parts ?? []).Select(part => (first, part)));
        }

        var scores = (await session.LoadManyAsync<EvaluationSummary>(
                cancellation, [.. parts.SelectMany(part => part.Part.Drawn).Select(drawn => drawn.EvaluationId).Distinct()]))
            .Where(e => e.Score is not null && !hidden.Contains(e.Id)).ToDictionary(e => e.Id, e => (double)e.Score!.Value);
        return [.. parts.Select(part => (part.First, part.Part, (IReadOnlyDictionary<Guid, double>)scores))];
    }

    /// <param name="hidden">Evaluations that whoever asks must not know of.</param>
    internal static async Task<IReadOnlyList<DrawnScores>> Drawn(
        this IQuerySession session, Guid planId, DateOnly first, int weeks, IReadOnlySet<Guid> hidden, CancellationToken cancellation)
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
        foreach (var blind in hidden)
            evaluations.Remove(blind);

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

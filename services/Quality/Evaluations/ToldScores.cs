using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.Evaluations;

/// <summary>A score as it was told at a time.</summary>
/// <param name="Version">Of the evaluation from then on; all of it as it was is at <c>/versions/{version}</c>.</param>
/// <param name="At">When it was stored.</param>
/// <param name="What">evaluation-submitted, dispute-resolved, evaluation-corrected or evaluation-voided.</param>
/// <param name="By">Who said so; null for nobody: the time was over.</param>
/// <param name="Why">The reason that was given.</param>
/// <param name="Score">Percent; null where every question was N/A, and once voided.</param>
/// <param name="Passed">Null without a score.</param>
/// <param name="AutoFailed">Whether an answer failed the form or one of its sections.</param>
public sealed record ToldScore(
    long Version, DateTimeOffset At, string What, Guid? By, string? Why, decimal? Score, bool? Passed, bool AutoFailed);

/// <param name="Status">As it is known now.</param>
/// <param name="Score">As it is known now; null where it counts no more.</param>
/// <param name="Passed">As it is known now.</param>
/// <param name="Told">What was told before, oldest first; the last is what is known now.</param>
public sealed record ToldScores(
    Guid Id, long Version, EvaluationStatus Status, decimal? Score, bool? Passed, IReadOnlyList<ToldScore> Told);

internal static class ToldScoreEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapToldScores()
        {
            var evaluation = routes.MapGroup("/evaluations/{id:guid}").WithTags("Evaluations");

            evaluation.MapGet("/scores", Get).Describe("Every score that was told of an evaluation, and the one that is known now",
                problems: [BlindSeconds.Code]);
            evaluation.MapGet("/versions/{version:int}", At).Describe("An evaluation as it was at one of its versions",
                problems: [BlindSeconds.Code]);
        }
    }

    private static async Task<Versioned<ToldScores>> Get(
        Guid id, Caller caller, IDocumentSession session, CancellationToken cancellation)
    {
        var (now, told) = (new Evaluation(), new List<ToldScore>());
        foreach (var e in await session.Events.FetchStreamAsync(id, token: cancellation))
        {
            now = now.Evolve(e.Data);
            (Guid By, string? Why)? said = e.Data switch
            {
                EvaluationSubmitted submitted => (submitted.By, null),
                DisputeResolved resolved => (resolved.By, resolved.Reason),
                EvaluationCorrected corrected => (corrected.By, corrected.Reason),
                EvaluationVoided voided => (voided.By, voided.Reason),
                _ => null,
            };
            if (said is var (by, why))
                told.Add(new(e.Version, e.Timestamp, e.EventTypeName.Replace('_', '-'), by == Guid.Empty ? null : by, why, now.Score,
                    now.Passed, now.AutoFailed));
            now = now with { Version = e.Version };
        }

        await session.MustNotBeBlind(caller.MustSee(now.Version == 0 ? null : now), caller, cancellation);
        return new(new(id, now.Version, now.Status, now.Score, now.Passed, told), now.Version);
    }

    private static async Task<Ok<EvaluationDetails>> At(
        Guid id, int version, Caller caller, Language language, IDocumentSession session, CancellationToken cancellation)
    {
        var now = caller.MustSee(await session.Events.AggregateStreamAsync<Evaluation>(id, token: cancellation));
        await session.MustNotBeBlind(now, caller, cancellation);
        var then = version < 1 ? null : await session.Events.AggregateStreamAsync<Evaluation>(id, version, token: cancellation);
        if (then?.Version != version)
            throw new StreamNotFoundException(id);

        return TypedResults.Ok(EvaluationDetails.Of(caller.MustSee(then), caller, language));
    }
}

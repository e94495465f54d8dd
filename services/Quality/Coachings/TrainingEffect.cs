using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Quality.Forms;
using CallCenter.Rules;
using CallCenter.Web;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.Coachings;

/// <param name="HeldAt">When the session was.</param>
/// <param name="Attended">How many were there.</param>
/// <param name="Coached">Those of them who were coached in these weeks: what is seen may be the effect of that too.</param>
/// <param name="Effect">What was seen of all of them together.</param>
public sealed record TrainingEffectView(
    Guid SessionId, Guid CourseId, Guid FormId, string? Section, DateTimeOffset HeldAt, int Attended, int Coached, CoachingEffect Effect);

internal static class TrainingEffectEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapTrainingEffects() => routes.MapGet("/training-effects", Get)
            .WithTag("Training effects", "Whether training helped: scores before and after, beside agents who were not trained.")
            .Describe("Whether a training session helped those who attended it, beside comparable agents, with an interval",
                problems: ["unknown-form"]);
    }

    private static async Task<Ok<TrainingEffectView>> Get(
        [Description("The session, whose register is taken")] Guid sessionId, [Description("By which form scores are compared")] Guid formId,
        Caller caller, Language language, IQuerySession session, CancellationToken cancellation,
        [Description("Code of a section; left out: the whole form"), MaxLength(64)] string? section = null,
        [Description("Weeks looked at before the session, and after it"), Range(2, 26)] int weeks = 8)
    {
        var records = await session.Query<TrainingRecordV1>().Where(record => record.SessionId == sessionId).ToListAsync(cancellation);
        if (records is not [var first, ..] || !caller.Sees(first.ProjectId))
            throw new StreamNotFoundException(sessionId);
        if ((await session.LoadAsync<EvaluationForm>(formId, cancellation))?.ProjectId != first.ProjectId)
            throw new InvalidException("formId", "unknown-form", $"The project has no form {formId}.");

        var (from, to) = (first.HeldAt.AddDays(-7 * weeks), first.HeldAt.AddDays(7 * weeks));
        var attended = records.Where(record => record.Attended).Select(record => record.EmployeeId).ToHashSet();
        var trained = (await session.Query<TrainingRecordV1>()
                .Where(r =>
                    r.ProjectId == first.ProjectId && r.CourseId == first.CourseId && r.Attended && r.HeldAt >= from && r.HeldAt < to)
                .ToListAsync(cancellation)).Select(record => record.EmployeeId).ToHashSet();
        var coached = (await session.Query<Coaching>()
                .Where(c => c.ProjectId == first.ProjectId && !c.Withdrawn && c.Plan.TalkAt >= from && c.Plan.TalkAt < to)
                .ToListAsync(cancellation)).Select(coaching => coaching.AgentId).ToHashSet();
        var scores = await session.ScoresAround(first.ProjectId, formId, section, first.HeldAt, weeks, cancellation);

        return TypedResults.Ok(new TrainingEffectView(
            sessionId, first.CourseId, formId, section, first.HeldAt, attended.Count, attended.Count(coached.Contains),
            CoachingEffect.Of(
                [.. scores.Where(own => attended.Contains(own.AgentId))],
                [.. scores.Where(own => !trained.Contains(own.AgentId) && !coached.Contains(own.AgentId))], language)));
    }
}

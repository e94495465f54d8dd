using System.ComponentModel;
using CallCenter.Quality.Calibration;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Projects;
using CallCenter.Web;
using Marten;
using Marten.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallCenter.Quality.Scores;

/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Says">In words: who can be compared with whom, in the caller's language.</param>
/// <param name="Inspectors">By component, the largest first.</param>
public sealed record InspectorSeverityView(
    Guid ProjectId, Guid FormId, DateOnly From, DateOnly To, string Says, IReadOnlyList<InspectorSeverity> Inspectors);

internal static class InspectorSeverityEndpoints
{
    private const int AtOnce = 2000;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapInspectorSeverity() => routes.MapGet("/inspector-severity", Get).WithTags("Calibration").Describe(
            "How much stricter or more lenient each inspector is, whomever they judge: from everyday evaluations, second ones and calibrations",
            problems: ["range-out-of-order", "range-too-long", "project-unknown"]);
    }

    private static async Task<Ok<InspectorSeverityView>> Get(
        Guid projectId, Guid formId, [Description("First day of submission")] DateOnly from, [Description("Last day of submission")] DateOnly to,
        Caller caller, Language language, IQuerySession session, CancellationToken cancellation)
    {
        caller.MustSee(projectId);
        DayRanges.Check(from, to);
        var calendar = await session.CalendarOf(projectId, cancellation);
        var (first, end) = (calendar.StartOf(from), calendar.EndOf(to));
        var hidden = await session.HiddenFrom(caller, cancellation);
        var inspectors = Severity.Of(
        [
            .. await session.EverydayJudgements(projectId, formId, first, end, hidden, cancellation),
            .. await session.CalibratedJudgements(projectId, formId, first, end, caller, cancellation),
        ]);

        return TypedResults.Ok(new InspectorSeverityView(projectId, formId, from, to, Says(inspectors, language), inspectors));
    }

    // What the inspector said counts, not what somebody else made of it when it was disputed.
    private static async Task<IReadOnlyList<Judgement>> EverydayJudgements(
        this IQuerySession session, Guid projectId, Guid formId, DateTimeOffset since, DateTimeOffset until,
        IReadOnlySet<Guid> hidden, CancellationToken cancellation)
    {
        var evaluations = await session.Query<EvaluationSummary>()
            .Where(e => e.ProjectId == projectId && e.FormId == formId && e.SubmittedAt >= since && e.SubmittedAt < until
                && e.Status != EvaluationStatus.Voided && (e.Kind == null || e.Kind == EvaluationKind.Second))
            .Except(hidden).ToListAsync(cancellation);
        var scores = new Dictionary<Guid, decimal?>();
        var evaluators = evaluations.ToDictionary(e => e.Id, e => e.EvaluatorId);
        foreach (var some in evaluations.Select(e => e.Id).Chunk(AtOnce))
            foreach (var e in await session.Events.QueryAllRawEvents()
                .Where(e => e.StreamId.IsOneOf(some) && e.EventTypesAre(typeof(EvaluationSubmitted), typeof(EvaluationCorrected)))
                .OrderBy(e => e.Sequence).ToListAsync(cancellation))
                if (e.Data is EvaluationSubmitted submitted)
                    scores[e.StreamId] = submitted.Result.Score;
                else if (e.Data is EvaluationCorrected corrected && corrected.By == evaluators[e.StreamId])
                    scores[e.StreamId] = corrected.Result.Score;

        return
        [
            .. from e in evaluations
               let contact = e.CallId == Guid.Empty ? e.SubjectId ?? e.Id : e.CallId
               where e.EvaluatorId is not null && scores.GetValueOrDefault(e.Id) is not null
               select new Judgement(e.EvaluatorId.GetValueOrDefault(), e.AgentId, contact, (double)scores[e.Id].GetValueOrDefault()),
        ];
    }

    private static async Task<IReadOnlyList<Judgement>> CalibratedJudgements(
        this IQuerySession session, Guid projectId, Guid formId, DateTimeOffset since, DateTimeOffset until, Caller caller,
        CancellationToken cancellation)
    {
        var again = await session.JudgedAgain(caller, cancellation);
        var sessions = await session.Query<CalibrationSession>().Where(s => s.ProjectId == projectId && s.FormId == formId)
            .ToListAsync(cancellation);
        return
        [
            .. from calibration in sessions
               let ended = calibration.ClosedAt ?? calibration.Terms.ClosesAt
               where calibration.IsShown(caller.Now, again) && ended >= since && ended < until // what is open is blind
               let agents = calibration.Calls.ToDictionary(call => call.CallId, call => call.AgentId)
               from score in calibration.Scores
               where score.Result.Score is not null
               select new Judgement(score.InspectorId, agents[score.CallId], score.CallId, (double)score.Result.Score.GetValueOrDefault()),
        ];
    }

    private static string Says(IReadOnlyList<InspectorSeverity> inspectors, Language language)
    {
        var components = inspectors.Select(inspector => inspector.Component).Distinct().Count();
        return language.Choose(components switch
        {
            0 => new Dictionary<string, string> { ["en"] = "Nobody has judged by this form.", ["zh-CN"] = "无人使用该表单评分。" },
            1 when inspectors.Count == 1 => new Dictionary<string, string>
            {
                ["en"] = "One inspector alone: there is nobody to compare with.", ["zh-CN"] = "仅有一名质检专员，无从比较。",
            },
            1 => new Dictionary<string, string>
            {
                ["en"] = "All inspectors can be compared: agents or contacts that several have judged connect them.",
                ["zh-CN"] = "所有质检专员可以比较：共同评过的坐席或通话将他们联系起来。",
            },
            _ => new Dictionary<string, string>
            {
                ["en"] = $"Not comparable across {components} components: no agent and no contact connects them. "
                    + "Differences hold within each; a calibration that inspectors of several take part in connects them.",
                ["zh-CN"] = $"分为 {components} 组，组间不可比较：没有共同评过的坐席或通话。差异仅在组内成立；让各组专员参加同一次校准即可联系起来。",
            },
        });
    }
}

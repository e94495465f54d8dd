using CallCenter.Quality.Calibration;
using CallCenter.Quality.Coachings;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Forms;
using CallCenter.Quality.Inputs;
using CallCenter.Quality.Projects;
using CallCenter.Quality.Sampling;
using CallCenter.Quality.Scores;
using CallCenter.Time;
using CallCenter.Web;
using Marten;

namespace CallCenter.Quality.Reports;

/// <summary>A week or month of a project.</summary>
/// <param name="To">Its last day.</param>
internal sealed record QaSpan(Guid ProjectId, QaPeriod Period, DateOnly From, DateOnly To, LocalCalendar Calendar)
{
    public Guid ReportId => QaReportSummary.IdOf(ProjectId, Period, From);

    /// <summary>Its first instant.</summary>
    public DateTimeOffset Start => Calendar.StartOf(From);

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset End => Calendar.StartOf(To.AddDays(1));

    public bool Has(DateTimeOffset? at) => at >= Start && at < End;

    /// <summary>The week or month that a day lies in.</summary>
    public static QaSpan Of(Guid projectId, QaPeriod period, DateOnly day, LocalCalendar calendar)
    {
        var from = period is QaPeriod.Week ? calendar.WeekOf(day) : new DateOnly(day.Year, day.Month, 1);
        return new(projectId, period, from, period is QaPeriod.Week ? from.AddDays(6) : from.AddMonths(1).AddDays(-1), calendar);
    }

    /// <summary>The one before.</summary>
    public QaSpan Before => Of(ProjectId, Period, From.AddDays(-1), Calendar);
}

/// <summary>Reads what a report says from all that is known now.</summary>
internal sealed class QaReportReader(FigureRows rows)
{
    /// <summary>Of fewer evaluations no figure of a person or anything else is told.</summary>
    public const int Fewest = 5;

    private static readonly HashSet<Guid> NothingHidden = [];

    // As long as coachings are looked at on either side of the talk.
    private const int EffectWeeks = 8;

    /// <returns>What the report says, and the rows that it was made from.</returns>
    public async Task<(QaFigures Figures, IReadOnlyList<FigureRow> Rows)> Read(
        QaSpan span, IDocumentSession session, DateTimeOffset now, CancellationToken cancellation)
    {
        var project = span.ProjectId;
        var read = await rows.Read(project, span.From, span.To, cancellation);
        var forms = (await session.Query<EvaluationForm>().Where(form => form.ProjectId == project).ToListAsync(cancellation))
            .Where(form => form.Active is not null).ToDictionary(form => form.Id, form => form.Active!);
        var basis = new QaBasis(read, await ProjectTeams.Of(session, project, cancellation), forms,
            (await session.IssuesOf(project, cancellation)).Categories);

        return (QaFiguresBuilder.Of(basis, Fewest) with
        {
            Coverage = await Coverage(span, session, cancellation),
            Calibration = await Calibration(span, basis, session, now, cancellation),
            Coaching = await Coaching(span, session, cancellation),
            Inputs = await Inputs(span, session, cancellation),
        }, read);
    }

    private static async Task<IReadOnlyList<QaCoverage>> Coverage(QaSpan span, IDocumentSession session, CancellationToken cancellation)
    {
        // The weeks that were over, and so were drawn, within the period.
        var first = span.Calendar.WeekOf(span.From.AddDays(-1));
        var weeks = Enumerable.Range(0, 7).Select(i => first.AddDays(7 * i))
            .Where(week => week.AddDays(7) >= span.From && week.AddDays(7) <= span.To).ToList();
        var plans = await session.Query<SamplingPlan>().Where(plan => plan.ProjectId == span.ProjectId).OrderBy(plan => plan.Id)
            .ToListAsync(cancellation);
        var covered = new List<QaCoverage>();
        foreach (var plan in weeks.Count == 0 ? [] : plans)
        {
            var drawn = new List<Guid>();
            foreach (var week in weeks)
                drawn.AddRange((await session.Events.AggregateStreamAsync<SamplingDraw>(SamplingDrawDecider.IdOf(plan.Id, week),
                    token: cancellation))
                    ?.Agents.SelectMany(agent => agent.Drawn.Select(call => call.EvaluationId)) ?? []);
            if (drawn.Count == 0)
                continue;

            var evaluations = (await session.LoadManyAsync<EvaluationSummary>(cancellation, [.. drawn])).ToList();
            var evaluated = evaluations.Count(e => e.SubmittedAt < span.End && e.Status is not EvaluationStatus.Voided
                || e.HeldAt < span.End);
            var not = evaluations.Count(e => e.Status is EvaluationStatus.Voided
                || (e.Status is EvaluationStatus.Pending && !e.ReleasedBy.IsDefaultOrEmpty));
            var estimates = QualityScores.Of(
                await session.Drawn(plan.Id, weeks[0], weeks.Count, NothingHidden, cancellation),
                await session.Drawn(plan.Id, weeks[0].AddDays(-7 * weeks.Count), weeks.Count, NothingHidden, cancellation), Fewest);
            covered.Add(new(
                plan.Id, plan.Rules.Name, weeks, drawn.Count, evaluated, not, drawn.Count - evaluated - not, Told(estimates.Plan),
                [.. estimates.Agents.Select(a => new QaRanked(a.AgentId, Told(a.Estimate), a.BestRank, a.WorstRank, a.Change?.Seen))]));
        }

        return covered;
    }

    private static QaMean Told(EstimatedScore estimate) => estimate.Evaluations < Fewest || estimate.Low is null
        ? new(estimate.Evaluations, null, null, null) : new(estimate.Evaluations, estimate.Score, estimate.Low, estimate.High);

    private static async Task<IReadOnlyList<QaCalibration>> Calibration(
        QaSpan span, QaBasis basis, IQuerySession session, DateTimeOffset now, CancellationToken cancellation) =>
    [
        .. (await session.Query<CalibrationSession>().Where(s => s.ProjectId == span.ProjectId).ToListAsync(cancellation))
            .Where(s => s.IsOver(now) && span.Has(s.ClosedAt ?? s.Terms.ClosesAt)).GroupBy(s => s.FormId).OrderBy(form => form.Key)
            .Select(form => (form.Key, Sessions: form.Count(), Result: CalibrationResult.Of([.. form])))
            .Select(form => new QaCalibration(
                form.Key, basis.TitleOf(form.Key), form.Sessions, form.Result.Calls, form.Result.Score.Alpha, form.Result.Score.Low,
                form.Result.Score.High,
                [
                    .. form.Result.Inspectors.Where(own => !own.IsMaster).Select(own => new QaSeverity(
                        own.InspectorId, own.Difference?.Count ?? 0, own.Difference?.Low is null ? null : own.Difference.Mean,
                        own.Difference?.Low, own.Difference?.High)),
                ])),
    ];

    private static async Task<QaCoaching> Coaching(QaSpan span, IQuerySession session, CancellationToken cancellation)
    {
        var end = span.End;
        var all = await session.Query<Coaching>().Where(c => c.ProjectId == span.ProjectId && c.OpenedAt < end).ToListAsync(cancellation);
        var passed = all.Where(c => c.Status is CoachingStatus.Passed && span.Has(c.ClosedAt)).ToList();
        var open = all.Where(c => c.ClosedAt is null || c.ClosedAt >= end).ToList();
        var judged = passed.Concat(all.Where(c => !c.Withdrawn && span.Has(c.Plan.TalkAt.AddDays(7 * EffectWeeks)))).DistinctBy(c => c.Id);
        var effects = new List<QaEffect>();
        foreach (var coaching in judged.OrderBy(c => c.Id))
        {
            var effect = (await session.EffectOf(coaching, EffectWeeks, Language.English, cancellation)).Effect;
            effects.Add(new(
                coaching.Id, coaching.AgentId, coaching.Section, effect.Verdict, effect.Effect, effect.Low, effect.High, effect.Before,
                effect.After, effect.Comparable));
        }

        return new(all.Count(c => span.Has(c.OpenedAt)), passed.Count, all.Count(c => c.Withdrawn && span.Has(c.ClosedAt)), open.Count,
            open.Count(c => c.DueOn <= span.To), effects);
    }

    private static async Task<QaInputs> Inputs(QaSpan span, IQuerySession session, CancellationToken cancellation)
    {
        var (start, end) = (span.Start, span.End);
        var inputs = await session.Query<QualityInput>().Where(i => i.ProjectId == span.ProjectId && i.GivenAt < end
            && (i.AnsweredAt == null || i.AnsweredAt >= start)).ToListAsync(cancellation);
        var took = inputs.Where(i => span.Has(i.AnsweredAt)).Select(i => (i.AnsweredAt!.Value - i.GivenAt).TotalDays).Order().ToList();
        var open = inputs.Where(i => i.AnsweredAt is null || i.AnsweredAt >= end).ToList();
        return new(inputs.Count(i => span.Has(i.GivenAt)), took.Count,
            took.Count == 0 ? null : Math.Round((took[(took.Count - 1) / 2] + took[took.Count / 2]) / 2, 1), open.Count,
            open.Count == 0 ? null : (int)(end - open.Min(i => i.GivenAt)).TotalDays);
    }
}

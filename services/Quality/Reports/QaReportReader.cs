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
        var covered = new List<QaCoverage>();
        var weeks = Ended(SamplingPeriod.Week, span);
        var plans = await session.Query<SamplingPlan>().Where(plan => plan.ProjectId == span.ProjectId).OrderBy(plan => plan.Id)
            .ToListAsync(cancellation);
        foreach (var plan in weeks.Count == 0 ? [] : plans)
        {
            var agents = (await session.DrawsOf(plan.Id, weeks[0], weeks.Count, cancellation)).Select(draw => draw.Agent).ToList();
            if (agents.Count == 0)
                continue;

            var drawn = agents.SelectMany(agent => agent.Drawn.Select(call => call.EvaluationId)).ToHashSet();
            var (evaluated, not, overdue) = CarriedOut(span, drawn, await Known(drawn, session, cancellation));
            var estimates = QualityScores.Of(
                await session.Drawn(plan.Id, weeks[0], weeks.Count, NothingHidden, cancellation),
                await session.Drawn(plan.Id, weeks[0].AddDays(-7 * weeks.Count), weeks.Count, NothingHidden, cancellation), Fewest);
            covered.Add(new(
                plan.Id, plan.Rules.Name, weeks, drawn.Count, evaluated, not, overdue, Told(estimates.Plan), Told(estimates.Agents),
                agents.Sum(agent => agent.CallsPerAgent)));
        }

        var designs = await session.Query<SamplingDesign>().Where(design => design.ProjectId == span.ProjectId).OrderBy(design => design.Id)
            .ToListAsync(cancellation);
        foreach (var design in designs)
            if (await Coverage(span, design, session, cancellation) is { } found)
                covered.Add(found);

        return covered;
    }

    /// <returns>Null where nothing of it fell due.</returns>
    private static async Task<QaCoverage?> Coverage(
        QaSpan span, SamplingDesign design, IQuerySession session, CancellationToken cancellation)
    {
        var firsts = Ended(design.Rules.Period, span);
        if (firsts.Count == 0)
            return null;

        var (parts, _, scores) = await session.DrawsOf(design, span.Calendar, firsts, Fewest, NothingHidden, cancellation);
        if (parts.Count == 0)
            return null;

        var drawn = Drawn(parts);
        var known = await Known(drawn, session, cancellation);
        var (evaluated, not, overdue) = CarriedOut(span, drawn, known);
        return new(design.Id, design.Rules.Name, firsts, drawn.Count, evaluated, not, overdue, Told(scores.Plan), Told(scores.Agents),
            parts.Sum(part => part.Asked()),
            [
                .. parts.GroupBy(part => part.Part).Select(part =>
                {
                    var own = Drawn(part);
                    var (judged, never, late) = CarriedOut(span, own, known);
                    return new QaPart(
                        part.Key, part.Sum(of => of.Asked()), own.Count, judged, never, late, part.All(of => of.NotFed));
                }),
            ]);

        static HashSet<Guid> Drawn(IEnumerable<PartDrawn> parts) =>
            parts.SelectMany(part => part.Drawn).Select(contact => contact.EvaluationId).ToHashSet();
    }

    // First days of the weeks or months that were over, and so were drawn, within the report's.
    private static List<DateOnly> Ended(SamplingPeriod period, QaSpan span)
    {
        var ended = new List<DateOnly>();
        for (var first = period.FirstDay(span.Calendar, span.From.AddDays(-1)); period.Next(first) <= span.To; first = period.Next(first))
            ended.Add(first);
        return ended;
    }

    private static async Task<IReadOnlyDictionary<Guid, EvaluationSummary>> Known(
        IEnumerable<Guid> evaluations, IQuerySession session, CancellationToken cancellation) =>
        (await session.LoadManyAsync<EvaluationSummary>(cancellation, evaluations)).ToDictionary(evaluation => evaluation.Id);

    // What has become of drawn contacts by the end of the report's period.
    private static (int Evaluated, int NotEvaluable, int Overdue) CarriedOut(
        QaSpan span, HashSet<Guid> drawn, IReadOnlyDictionary<Guid, EvaluationSummary> known)
    {
        var evaluations = drawn.Select(known.GetValueOrDefault).OfType<EvaluationSummary>().ToList();
        var evaluated = evaluations.Count(e =>
            (e.SubmittedAt < span.End && e.Status is not EvaluationStatus.Voided) || e.HeldAt < span.End);
        var not = evaluations.Count(e => e.Status is EvaluationStatus.Voided
            || (e.Status is EvaluationStatus.Pending && !e.ReleasedBy.IsDefaultOrEmpty));
        return (evaluated, not, drawn.Count - evaluated - not);
    }

    private static List<QaRanked> Told(IEnumerable<AgentScore> agents) =>
        [.. agents.Select(a => new QaRanked(a.AgentId, Told(a.Estimate), a.BestRank, a.WorstRank, a.Change?.Seen))];

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

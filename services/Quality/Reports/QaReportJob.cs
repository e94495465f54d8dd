using CallCenter.Contracts.People;
using CallCenter.Jobs;
using CallCenter.Quality.Projects;
using Marten;
using Npgsql;
using Quartz;

namespace CallCenter.Quality.Reports;

/// <summary>
/// Makes the reports that are due, and says anew what changed evaluations make of those that were told. A firing that was missed is made up
/// for by the next; a project has a report only of periods in which evaluations were submitted.
/// </summary>
internal sealed class QaReportJob(
    QaReportService reports, IDocumentStore store, NpgsqlDataSource database, IConfiguration configuration, TimeProvider clock,
        Fence fence) : IJob
{
    public const string Name = "qa-reports";

    // What an outage left out is made up for, and no history that was imported before the first report.
    private const int WeeksBack = 8, MonthsBack = 2;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await fence.Each(Name, await Due(cancellationToken), span => $"{span.Period} {span.From:yyyy-MM-dd} of project {span.ProjectId}",
            (span, stopping) => reports.Make(span, Guid.Empty, stopping), cancellationToken);
        await fence.Each("qa-restatements", await reports.Changed(cancellationToken), changed => $"project {changed.ProjectId}",
            reports.Restate, cancellationToken);
    }

    private async Task<IReadOnlyList<QaSpan>> Due(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var (now, at) = (clock.GetUtcNow(), configuration.GetValue("QaReports:At", new TimeOnly(7, 0)));
        var projects = await session.Query<ProjectV1>().ToListAsync(cancellation);
        var ended = projects.SelectMany(project => new[] { (QaPeriod.Week, WeeksBack), (QaPeriod.Month, MonthsBack) }
            .Select(kind => Ended(project, kind.Item1, kind.Item2, now, at))).ToList();
        var ids = ended.SelectMany(spans => spans.Select(span => span.ReportId)).ToArray();
        var made = (await session.Query<QaReportSummary>().Where(r => r.Id.IsOneOf(ids)).Select(r => r.Id).ToListAsync(cancellation))
            .ToHashSet();
        var missing = ended.SelectMany(spans => spans.Where((span, i) => !made.Contains(span.ReportId)
            && (i == spans.Count - 1 || spans.Take(i).Any(earlier => made.Contains(earlier.ReportId))))).ToList();

        return await WithEvaluations(missing, cancellation);
    }

    // Oldest first.
    private static List<QaSpan> Ended(ProjectV1 project, QaPeriod period, int most, DateTimeOffset now, TimeOnly at)
    {
        var calendar = project.Calendar;
        var spans = new List<QaSpan>();
        for (var span = QaSpan.Of(project.Id, period, calendar.DayOf(now), calendar).Before; spans.Count < most; span = span.Before)
            if (calendar.At(span.To.AddDays(1), at) <= now)
                spans.Insert(0, span);
        return spans;
    }

    private async Task<IReadOnlyList<QaSpan>> WithEvaluations(List<QaSpan> spans, CancellationToken cancellation)
    {
        if (spans.Count == 0)
            return [];

        await using var command = database.CreateCommand("""
            select i from unnest($1, $2, $3, $4) as span(i, project_id, first, last)
            where exists (select from figures.evaluation e where e.project_id = span.project_id and e.day between span.first and span.last)
            order by i
            """);
        command.Parameters.AddWithValue(Enumerable.Range(0, spans.Count).ToArray());
        command.Parameters.AddWithValue(spans.Select(span => span.ProjectId).ToArray());
        command.Parameters.AddWithValue(spans.Select(span => span.From).ToArray());
        command.Parameters.AddWithValue(spans.Select(span => span.To).ToArray());
        var found = new List<QaSpan>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            found.Add(spans[row.GetInt32(0)]);
        return found;
    }
}

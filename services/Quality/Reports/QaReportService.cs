using CallCenter.EventSourcing;
using CallCenter.Quality.Evaluations;
using CallCenter.Quality.Projects;
using CallCenter.Rules;
using Marten;
using Npgsql;
using static CallCenter.Quality.Reports.QaReportDecider;

namespace CallCenter.Quality.Reports;

/// <summary>Makes reports, and says anew what has changed since they were made.</summary>
internal sealed class QaReportService(IDocumentStore store, NpgsqlDataSource database, FigureRows rows, QaReportReader reader,
    TimeProvider clock)
{
    private const int RestatedShown = 12;

    /// <summary>Makes the report of a period; the one that there is where it was made.</summary>
    public async Task Make(QaSpan span, Guid by, CancellationToken cancellation)
    {
        await rows.Keep(cancellation); // a report knows all that was submitted
        await using var session = store.LightweightSession();
        await session.Lock([LockOf(span.ProjectId)], cancellation);
        if (await session.LoadAsync<QaReportSummary>(span.ReportId, cancellation) is not null)
            return;

        var now = clock.GetUtcNow();
        var (figures, read) = await reader.Read(span, session, now, cancellation);
        var command = new TellQaReport(span.ReportId, span.ProjectId, span.Period, span.From, span.To,
            figures with { Restated = await Restated(span, session, cancellation) }, by, now);
        Note(session, span.ReportId, read);
        await session.Start<QaReport>(span.ReportId, state => Decide(command, state), cancellation);
    }

    /// <summary>Days of which evaluations have changed, by project.</summary>
    public async Task<IReadOnlyList<ChangedDays>> Changed(CancellationToken cancellation)
    {
        var days = new List<(Guid Project, ChangedDay Day)>();
        await using var command = database.CreateCommand("select project_id, day, noted_at from figures.changed_day");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            days.Add((row.GetGuid(0), new(row.GetFieldValue<DateOnly>(1), row.GetFieldValue<DateTimeOffset>(2))));

        return [.. days.GroupBy(day => day.Project, day => day.Day).Select(own => new ChangedDays(own.Key, [.. own]))];
    }

    /// <summary>Says anew what reports of these days say, where evaluations are not what they were when it was told.</summary>
    public async Task Restate(ChangedDays changed, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        // Who makes a report of these days is waited for: it has known the change, or is among those that are there.
        await session.Lock([LockOf(changed.ProjectId)], cancellation);
        var calendar = await session.CalendarOf(changed.ProjectId, cancellation);
        var spans = changed.Days.SelectMany(day => Enum.GetValues<QaPeriod>()
            .Select(period => QaSpan.Of(changed.ProjectId, period, day.Day, calendar))).DistinctBy(span => span.ReportId);
        foreach (var span in spans)
            await Restate(span, session, cancellation);

        foreach (var day in changed.Days)
            session.QueueSqlCommand("delete from figures.changed_day where project_id = ? and day = ? and noted_at = ?",
                changed.ProjectId, day.Day, day.NotedAt);
        await session.SaveChangesAsync(cancellation);
    }

    private async Task Restate(QaSpan span, IDocumentSession session, CancellationToken cancellation)
    {
        if (await session.LoadAsync<QaReportSummary>(span.ReportId, cancellation) is null)
            return;

        var now = clock.GetUtcNow();
        var (figures, read) = await reader.Read(span, session, now, cancellation);
        var evaluations = await ChangedSince(span.ReportId, read, session, cancellation);
        var stream = await session.Events.FetchForWriting<QaReport>(span.ReportId, cancellation);
        stream.AppendMany(Decide(new RestateQaReport(figures, evaluations, now), stream.Aggregate!));
        Note(session, span.ReportId, read);
    }

    // Those of another version than the report was made from, as they were then and are now.
    private async Task<IReadOnlyList<QaEvaluationChange>> ChangedSince(
        Guid reportId, IReadOnlyList<FigureRow> read, IDocumentSession session, CancellationToken cancellation)
    {
        var told = new Dictionary<Guid, long>();
        await using (var command = database.CreateCommand("select evaluation_id, changed_version from figures.told where report_id = $1"))
        {
            command.Parameters.AddWithValue(reportId);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                told[row.GetGuid(0)] = row.GetInt64(1);
        }

        var changes = new List<QaEvaluationChange>();
        foreach (var row in read.Where(row => told.GetValueOrDefault(row.Id) != row.ChangedVersion))
        {
            var events = await session.Events.FetchStreamAsync(row.Id, row.ChangedVersion, token: cancellation);
            var then = events.Where(e => e.Version <= told.GetValueOrDefault(row.Id)).Aggregate(new Evaluation(),
                (state, e) => state.Evolve(e.Data));
            var now = events.Aggregate(new Evaluation(), (state, e) => state.Evolve(e.Data));
            changes.Add(new(row.Id, row.AgentId, now.Status.Code, then.Score, now.Score, events[^1].Timestamp));
        }

        return changes;
    }

    // What the report was made from, with the transaction that tells it.
    private static void Note(IDocumentSession session, Guid reportId, IReadOnlyList<FigureRow> read) => session.QueueSqlCommand(
        """
        insert into figures.told (report_id, evaluation_id, changed_version) select ?, * from unnest(?, ?)
        on conflict (report_id, evaluation_id) do update set changed_version = excluded.changed_version
        """, reportId, read.Select(row => row.Id).ToArray(), read.Select(row => row.ChangedVersion).ToArray());

    // What other reports of this kind have said anew since the last one was made: once each, from what was told first to what is known now.
    private static async Task<IReadOnlyList<QaRestated>> Restated(QaSpan span, IQuerySession session, CancellationToken cancellation)
    {
        var earlier = await session.Query<QaReportSummary>()
            .Where(r => r.ProjectId == span.ProjectId && r.Period == span.Period && r.From < span.From).OrderBy(r => r.From)
                .ToListAsync(cancellation);
        if (earlier is not [.., var last])
            return [];

        return
        [
            .. earlier.Select(r => new QaRestated(r.Id, r.From, r.To,
                    [.. r.Versions.Where(v => v.At >= last.Versions[0].At).SelectMany(v => v.Changes).GroupBy(c => (c.Scope, c.Figure))
                        .Select(of => new QaChange(of.Key.Scope, of.Key.Figure, of.First().Old, of.Last().New))
                        .Where(c => c.Old != c.New && c.Scope.Split(':')[0] is "project" or "form" or "team").Take(RestatedShown)]))
                .Where(r => r.Changes.Count > 0),
        ];
    }

    private static Guid LockOf(Guid project) => NameId.Of("qa-reports", project);
}

internal sealed record ChangedDay(DateOnly Day, DateTimeOffset NotedAt);

internal sealed record ChangedDays(Guid ProjectId, IReadOnlyList<ChangedDay> Days);

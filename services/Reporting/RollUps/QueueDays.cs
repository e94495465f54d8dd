using CallCenter.Contracts.Reporting;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Projects;
using CallCenter.Time;
using Marten;
using Npgsql;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// Tells the others what a queue's day looked like. A day is published until its published version has caught up, so a
/// crash in between repeats a fact and never loses one.
/// </summary>
internal sealed class QueueDays(NpgsqlDataSource database, IDocumentStore store, ToldFacts told)
{
    private const int Page = 200;

    // One statement, one snapshot: the version and the figures it stands for.
    private const string Unpublished = """
        SELECT due.queue, due.day, due.version, coalesce(figure.quarter::int, -1), coalesce(figure.offered::int, 0),
            coalesce(figure.answered::int, 0), coalesce(figure.abandoned::int, 0), coalesce(round((figure.talk_ms + figure.hold_ms + figure.acw_ms) / 1000.0), 0)::bigint,
            coalesce(figure.handled::int, 0)
        FROM (
            SELECT queue, day, version FROM rollups.queue_day WHERE project_id = $1 AND version > published_version ORDER BY day, queue LIMIT $2
        ) due
        LEFT JOIN rollups.figure ON figure.project_id = $1 AND grain = 'quarter' AND scope = 'queue' AND figure.day = due.day AND key = due.queue
        ORDER BY due.day, due.queue, figure.quarter
        """;

    private const string Published = """
        UPDATE rollups.queue_day SET published_version = greatest(published_version, telling.version)
        FROM unnest(?, ?, ?) AS telling(queue, day, version)
        WHERE project_id = ? AND queue_day.queue = telling.queue AND queue_day.day = telling.day
        """;

    public async Task Publish(ProjectDimensions project, CancellationToken cancellation)
    {
        while (await PublishPage(project.Project.Id, project.Calendar, cancellation) == Page)
        {
        }
    }

    private async Task<int> PublishPage(Guid project, LocalCalendar calendar, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var counted = await connection.Rows(Unpublished, row => new Counted(
            row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetInt64(2), row.GetInt32(3),
            row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt64(7), row.GetInt32(8)), cancellation, project, Page);

        if (counted.Count == 0)
            return 0;

        QueueDayV1[] days = [.. counted.GroupBy(row => (row.Queue, row.Day, row.Version)).Select(day => new QueueDayV1(
            NameId.Of("queue-day", project, day.Key.Queue, day.Key.Day), day.Key.Version, project, day.Key.Queue, day.Key.Day,
            Intervals(calendar.QuartersOf(day.Key.Day), day.ToDictionary(row => row.Quarter))))];

        await using var session = store.LightweightSession();
        await told.Tell([.. days.Select(day => new StreamFact(project, day))], session, cancellation);
        session.QueueSqlCommand(Published,
            days.Select(day => day.Queue).ToArray(), days.Select(day => day.Date).ToArray(), days.Select(day => day.Version).ToArray(),
            project);
        await session.SaveChangesAsync(cancellation);

        return days.Length;
    }

    /// <summary>Lets the next roll-up of these projects publish all their days again.</summary>
    public async Task PublishAgain(IReadOnlyList<Guid> projects, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Execute(
            "UPDATE rollups.queue_day SET published_version = 0 WHERE project_id = ANY($1)", cancellation, projects.ToArray());
    }

    private static QueueInterval[] Intervals(IReadOnlyList<DateTimeOffset> quarters, Dictionary<int, Counted> counted) =>
        [.. quarters.Select((start, quarter) => counted.TryGetValue(quarter, out var row)
            ? new QueueInterval(start, row.Offered, row.Answered, row.Abandoned, row.HandleSeconds, row.Handled)
            : new QueueInterval(start, 0, 0, 0, 0, 0))];

    private sealed record Counted(
        string Queue, DateOnly Day, long Version, int Quarter, int Offered, int Answered, int Abandoned, long HandleSeconds,
        int Handled);
}

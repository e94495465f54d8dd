using System.Data;
using System.Security.Cryptography;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Reporting.Facts;
using CallCenter.Reporting.Kpis;
using CallCenter.Reporting.Projects;
using CallCenter.Reporting.RollUps;
using Marten;
using MimeKit;
using Npgsql;
using static CallCenter.Reporting.Digests.DigestDecider;

namespace CallCenter.Reporting.Digests;

/// <summary>The bytes of a digest's mail, and to whom: written once, sent as they are, erasable.</summary>
public sealed record StoredMail(Guid Id, string To, byte[] Bytes);

/// <param name="ChangeId">The newest change of its figures.</param>
internal sealed record ChangedWeek(Guid ProjectId, DateOnly Week, long ChangeId);

/// <param name="ToCompare">Digests that told what has changed since.</param>
/// <param name="Compared">Weeks that no digest is behind.</param>
internal sealed record ChangedWeeks(IReadOnlyList<Guid> ToCompare, IReadOnlyList<ChangedWeek> Compared);

/// <summary>Writes planned digests: figures, mail and what it tells are stored in one transaction, and never written again.</summary>
internal sealed class DigestRenderer(NpgsqlDataSource database, IDocumentStore store, DigestOptions options, TimeProvider clock)
{
    /// <returns>False when it needs no writing, or its reader has gone meanwhile.</returns>
    public async Task<bool> Render(Guid digestId, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWriting<Digest>(digestId, cancellation);

        if (stream.Aggregate is not { Status: DigestStatus.Planned } digest
            || await Reader(session, digest, cancellation) is not { } reader)
            return false;

        var scope = await ProjectScope.Load(session, digest.ProjectId, cancellation);
        var figures = await Read(scope, digest.Week, cancellation);
        var earlier = await session.Query<Digest>()
            .Where(d => d.ProjectId == digest.ProjectId && d.ManagerId == digest.ManagerId && d.Week < digest.Week)
                .ToListAsync(cancellation);
        var coachings = await session.Query<CoachingV1>().Where(coaching => coaching.ProjectId == digest.ProjectId)
            .ToListAsync(cancellation);
        var model = DigestModelBuilder.Write(
            digestId, scope.Project, scope.Calendar, digest.Week, figures, Unnamed(earlier), options.Gateway) with
        {
            Coaching = CoachingLine.At(coachings, scope.Calendar, digest.Week.AddDays(6)),
        };

        var now = clock.GetUtcNow();
        using var mail = await DigestMail.Compose(model, DigestResources.Of(digest.Language), digest.MessageId,
            MailboxAddress.Parse(options.From), new MailboxAddress("", reader.Email), scope.Calendar.Local(now));
        var bytes = DigestMail.Bytes(mail);

        stream.AppendMany(Decide(new RecordRendered(Convert.ToHexString(SHA256.HashData(bytes)), bytes.Length, model.Told(),
            figures.ChangesSeen, now), digest));
        session.Insert(new StoredMail(digestId, reader.Email, bytes));
        foreach (var told in earlier.Where(d => d.Restatements.Any(r => r.NamedIn is null)))
        {
            var old = await session.Events.FetchForWriting<Digest>(told.Id, told.Version, cancellation);
            old.AppendMany(Decide(new NameRestatements(digestId), told));
        }

        await session.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>The weeks whose figures have changed, and the digests that told them before.</summary>
    public async Task<ChangedWeeks> ChangedWeeks(CancellationToken cancellation)
    {
        var digests = store.Options.FindOrResolveDocumentType(typeof(Digest)).TableName;
        var told = await database.Rows($"""
            SELECT week.project_id, week.week, week.change_id, digest.id, digest.data ->> 'Status', (digest.data ->> 'ChangesSeen')::bigint
            FROM rollups.changed_week week
            LEFT JOIN {digests.QualifiedName} digest ON (digest.data ->> 'ProjectId')::uuid = week.project_id
                AND {digests.Schema}.mt_immutable_date(digest.data ->> 'Week') = week.week -- as the indexes say it
            """, row => (
                Week: new ChangedWeek(row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetInt64(2)),
                Digest: row.IsDBNull(3) ? (Guid?)null : row.GetGuid(3),
                Status: row.IsDBNull(4) ? DigestStatus.None : Enum.Parse<DigestStatus>(row.GetString(4)),
                Seen: row.IsDBNull(5) ? 0 : row.GetInt64(5)), cancellation);

        // One that is being written may have read the figures of before.
        var open = told.Where(d => d.Status is DigestStatus.Planned || IsBehind(d.Status, d.Seen, d.Week)).Select(d => d.Week).ToHashSet();
        return new([.. told.Where(d => IsBehind(d.Status, d.Seen, d.Week)).Select(d => d.Digest!.Value)],
            [.. told.Select(d => d.Week).Distinct().Where(week => !open.Contains(week))]);
    }

    private static bool IsBehind(DigestStatus status, long seen, ChangedWeek week) =>
        status is DigestStatus.Rendered or DigestStatus.Sent && seen < week.ChangeId;

    /// <summary>Weeks that every digest was compared with, unless they have changed again.</summary>
    public async Task Forget(IReadOnlyList<ChangedWeek> weeks, CancellationToken cancellation)
    {
        if (weeks.Count == 0)
            return;

        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Execute("""
            DELETE FROM rollups.changed_week USING unnest($1, $2, $3) AS compared(project_id, week, change_id)
            WHERE changed_week.project_id = compared.project_id AND changed_week.week = compared.week
                AND changed_week.change_id = compared.change_id
            """, cancellation, weeks.Select(week => week.ProjectId).ToArray(), weeks.Select(week => week.Week).ToArray(),
            weeks.Select(week => week.ChangeId).ToArray());
    }

    /// <summary>Compares what a digest told with what the figures say now.</summary>
    public async Task Restate(Guid digestId, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWriting<Digest>(digestId, cancellation);
        var digest = stream.Aggregate!;
        var scope = await ProjectScope.Load(session, digest.ProjectId, cancellation);
        var figures = await Read(scope, digest.Week, cancellation);
        var causes = await database.Rows("""
            SELECT kind, sum(added)::int, sum(changed)::int FROM rollups.change
            WHERE project_id = $1 AND week = $2 AND id > $3 AND id <= $4 GROUP BY kind ORDER BY kind
            """, row => new Cause(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), cancellation,
            digest.ProjectId, digest.Week, digest.ChangesSeen, figures.ChangesSeen);
        var model = DigestModelBuilder.Write(digestId, scope.Project, scope.Calendar, digest.Week, figures, [], options.Gateway);

        stream.AppendMany(Decide(new CompareFigures(model.Told(), causes, figures.ChangesSeen, clock.GetUtcNow()), digest));
        await session.SaveChangesAsync(cancellation);
    }

    private async Task<WeekFigures> Read(ProjectScope scope, DateOnly week, CancellationToken cancellation)
    {
        var (project, end) = (scope.Project.Id, week.AddDays(6));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

        return new WeekFigures(
            (await connection.Figures(project, "week", "project", week, week, cancellation)).SingleOrDefault(),
            (await connection.Figures(project, "week", "project", week.AddDays(-7), week.AddDays(-7), cancellation)).SingleOrDefault(),
            await connection.Figures(project, "day", "project", week, end, cancellation),
            await connection.Figures(project, "week", "queue", week, week, cancellation),
            await connection.Figures(project, "quarter", "project", week, end, cancellation),
            (await connection.Rows("SELECT coalesce(max(id), 0) FROM rollups.change WHERE project_id = $1 AND week = $2",
                row => row.GetInt64(0), cancellation, project, week)).Single());
    }

    private static async Task<DigestReader?> Reader(IQuerySession session, Digest digest, CancellationToken cancellation) =>
        (await session.LoadAsync<ProjectV1>(digest.ProjectId, cancellation))?.DigestReaders.FirstOrDefault(
            reader => reader.EmployeeId == digest.ManagerId);

    // A figure corrected twice is told once, from what the mail said to what is true now.
    private static RestatedLine[] Unnamed(IEnumerable<Digest> earlier) =>
        [.. earlier.OrderBy(digest => digest.Week).SelectMany(digest => digest.Restatements
        .Where(restated => restated.NamedIn is null).GroupBy(restated => (restated.Kpi, restated.Scope))
        .Select(restated =>
            new RestatedLine(digest.Week, KpiCatalogue.Get(restated.Key.Kpi), restated.Key.Scope, restated.First().Old, restated.Last().New,
            [.. restated.SelectMany(r => r.Causes).GroupBy(cause => cause.Kind)
                .Select(kind => new Cause(kind.Key, kind.Sum(c => c.Added), kind.Sum(c => c.Changed)))]))
        .Where(line => line.Old != line.New).OrderBy(line => line.Scope != "week"))];
}

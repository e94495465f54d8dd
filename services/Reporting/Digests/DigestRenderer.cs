using System.Data;
using System.Security.Cryptography;
using CallCenter.Contracts.People;
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
        var model = DigestModelBuilder.Write(
            digestId, scope.Project, scope.Calendar, digest.Week, figures, Unnamed(earlier), options.Gateway);

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

    /// <summary>The digests that told figures of weeks that have changed since.</summary>
    public async Task<IReadOnlyList<Guid>> ToCompare(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var newest = (await database.Rows("SELECT project_id, week, max(id) FROM rollups.change GROUP BY project_id, week",
            row => (Key: (row.GetGuid(0), row.GetFieldValue<DateOnly>(1)), Change: row.GetInt64(2)), cancellation))
                .ToDictionary(row => row.Key, row => row.Change);
        var told = await query.Query<Digest>().Where(d => d.Status == DigestStatus.Rendered || d.Status == DigestStatus.Sent)
            .Select(d => new { d.Id, d.ProjectId, d.Week, d.ChangesSeen }).ToListAsync(cancellation);

        return [.. told.Where(d => newest.GetValueOrDefault((d.ProjectId, d.Week)) > d.ChangesSeen).Select(d => d.Id)];
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
            (await connection.Rows(Scored, row =>
                new ScoredCalls(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetDecimal(1), row.IsDBNull(2) ? null : row.GetDecimal(2)),
                cancellation, project, scope.Calendar.StartOf(week).ToUniversalTime(), scope.Calendar.StartOf(week.AddDays(7))
                    .ToUniversalTime())).Single(),
            (await connection.Rows("SELECT coalesce(max(id), 0) FROM rollups.change WHERE project_id = $1 AND week = $2",
                row => row.GetInt64(0), cancellation, project, week)).Single());
    }

    private const string Scored = """
        SELECT count(*), avg(score), avg(passed::int) FROM facts.evaluation JOIN facts.call ON call.id = call_id
        WHERE call.project_id = $1 AND call.at >= $2 AND call.at < $3 AND score IS NOT NULL
        """;

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

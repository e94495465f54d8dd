using CallCenter.Health;
using Marten;
using Npgsql;

namespace CallCenter.Reporting.Digests;

/// <summary>The digests that are due and not sent.</summary>
internal sealed class DigestHealth(IDocumentStore store, NpgsqlDataSource database) : ISubject
{
    public static readonly Count Sent = new("callcenter.digests.sent", "{digest}", "Digests that the mail server has taken.");

    private static readonly Gauge Due = new("callcenter.digests.due", "{digest}", "Digests that are due and not sent.");
    private static readonly Gauge Age = new("callcenter.digests.due.age", Gauge.Seconds,
        "How long ago the longest waiting of them was planned; 0 where there is none.");

    public static string Name => "digests";

    public static IReadOnlyList<Gauge> Gauges => [Due, Age];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        var digests = store.Options.FindOrResolveDocumentType(typeof(Digest)).TableName.QualifiedName;
        await using var command = database.CreateCommand($"""
            select count(*), coalesce(extract(epoch from clock_timestamp() - min(coalesce((data ->> 'PlannedAt')::timestamptz, mt_last_modified))), 0)::float8
            from {digests} where data ->> 'Status' = any($1)
            """);
        command.Parameters.AddWithValue((string[])[nameof(DigestStatus.Planned), nameof(DigestStatus.Rendered)]);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);

        return new Measured([new(Due, row.GetInt64(0)), new(Age, row.GetDouble(1))], []);
    }
}

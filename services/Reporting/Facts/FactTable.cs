using CallCenter.Contracts;
using CallCenter.EventSourcing;
using Npgsql;

namespace CallCenter.Reporting.Facts;

/// <param name="Type">PostgreSQL's name of the column's type.</param>
internal sealed record FactColumn<TFact>(string Name, string Type, Func<IReadOnlyList<TFact>, NpgsqlParameter> Values);

/// <summary>
/// A table of facts and the one statement that brings a batch of them up to date: what is newer than the row it meets is
/// written, and the quarter hours it touches, before and after, are marked for the roll-up, all in one transaction.
/// </summary>
/// <param name="kind">What the marks call the fact.</param>
/// <param name="moments">Columns that say which quarter hours a fact touches.</param>
/// <param name="of">Which rows of the table are of this kind of fact, in SQL.</param>
internal sealed class FactTable<TFact>(string table, string kind, string of, string[] moments, params FactColumn<TFact>[] columns)
    where TFact : IFact
{
    // What the roll-up calls facts that a restore has taken back.
    private const string RestoredKind = "restore";

    private readonly FactColumn<TFact>[] all =
    [
        Column("id", "uuid", fact => fact.Id),
        Column("version", "bigint", fact => fact.Version),
        .. columns,
    ];

    public static FactColumn<TFact> Column<TValue>(string name, string type, Func<TFact, TValue> of) =>
        new(name, type, facts => new NpgsqlParameter<TValue[]> { TypedValue = [.. facts.Select(of)], DataTypeName = type + "[]" });

    public async Task Keep(NpgsqlDataSource database, IReadOnlyList<TFact> facts)
    {
        await using var batch = database.CreateBatch();
        // One instance at a time: what another has just moved to a new quarter hour must be seen there, to mark that one too.
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock({LockKey.Of("facts", kind)})"));
        var keep = new NpgsqlBatchCommand(Sql);
        foreach (var column in all)
            keep.Parameters.Add(column.Values(facts));
        batch.BatchCommands.Add(keep);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>SQL that answers <c>id</c> and <c>version</c> of each fact.</summary>
    public string Held => $"SELECT id, version FROM facts.{table} WHERE {of}";

    /// <summary>Deletes facts whose owner was restored to a time before them, and says so to the roll-up.</summary>
    public async Task Forget(NpgsqlDataSource database, FactsGoneV1 gone)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock({LockKey.Of("facts", kind)})"));
        var forget = new NpgsqlBatchCommand($"""
            WITH gone AS (
                DELETE FROM facts.{table} WHERE id = ANY($1) AND version < $2 AND {of}
                RETURNING project_id, {List(moments)}
            ), touched AS (
                {string.Join("\n    UNION ALL ", moments.Select((moment, nth) =>
                    $"SELECT project_id, date_bin('15 minutes', {moment}, 'epoch') AS at, {(nth == 0 ? 1 : 0)} AS facts FROM gone"))}
            )
            INSERT INTO rollups.mark (project_id, at, kind, changed)
            SELECT project_id, at, '{RestoredKind}', sum(facts) FROM touched WHERE at IS NOT NULL GROUP BY project_id, at
            """);
        forget.Parameters.AddWithValue(gone.Ids.ToArray());
        forget.Parameters.AddWithValue(gone.Before);
        batch.BatchCommands.Add(forget);
        await batch.ExecuteNonQueryAsync();
    }

    private string Sql => field ??= $"""
        WITH input AS (
            SELECT * FROM unnest({List(all.Select((column, at) => $"${at + 1}"))}) AS input({Names})
        ), old AS (
            SELECT fact.id, fact.project_id, {List(moments.Select(moment => $"fact.{moment}"))} FROM facts.{table} fact JOIN input USING (id)
        ), kept AS (
            INSERT INTO facts.{table} AS fact ({Names}) SELECT {Names} FROM input
            ON CONFLICT (id) DO UPDATE SET {List(all.Skip(1).Select(column => $"{column.Name} = excluded.{column.Name}"))}, position = excluded.position
            WHERE excluded.version > fact.version
            RETURNING fact.id, fact.project_id, {List(moments.Select(moment => $"fact.{moment}"))}, xmax = 0 AS added
        ), touched AS (
            {string.Join("\n    UNION ALL ", moments.Select((moment, nth) => $"""
            SELECT id, project_id, date_bin('15 minutes', {moment}, 'epoch') AS at, added, {(nth == 0 ? 1 : 0)} AS facts FROM kept
                UNION ALL SELECT id, old.project_id, date_bin('15 minutes', old.{moment}, 'epoch'), false, 0 FROM old JOIN kept USING (id)
            """))}
        )
        INSERT INTO rollups.mark (project_id, at, kind, added, changed)
        SELECT project_id, at, '{kind}', count(*) FILTER (WHERE added AND facts = 1), count(*) FILTER (WHERE NOT added AND facts = 1)
        FROM touched WHERE at IS NOT NULL GROUP BY project_id, at
        """;

    private string Names => List(all.Select(column => column.Name));

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts);
}

using CallCenter.Contracts;
using CallCenter.EventSourcing;
using Npgsql;

namespace CallCenter.Reporting.Facts;

/// <param name="Type">PostgreSQL's name of the column's type.</param>
internal sealed record FactColumn<TFact>(string Name, string Type, Func<IReadOnlyList<TFact>, NpgsqlParameter> Values);

/// <summary>Facts of the same table in whose quarter hours a fact counts as well, or no more.</summary>
/// <param name="Carried">Columns by which they are found.</param>
/// <param name="Sql">
/// Common table expressions, possibly recursive, of which <c>related</c> has <c>project_id</c> and <c>at</c> of those of <c>moved</c>: the
/// facts, as they were and as they are, with <c>id</c>, <c>project_id</c>, <c>at</c> and the carried columns.
/// </param>
internal sealed record RelatedFacts(IReadOnlyList<string> Carried, string Sql);

/// <summary>
/// A table of facts and the one statement that brings a batch of them up to date: what is newer than the row it meets is
/// written, and the quarter hours it touches, before and after, are marked for the roll-up, all in one transaction.
/// </summary>
/// <param name="kind">What the marks call the fact.</param>
/// <param name="moments">Columns that say which quarter hours a fact touches.</param>
/// <param name="of">Which rows of the table are of this kind of fact, in SQL.</param>
/// <param name="related">Null where a fact touches none but its own quarter hours.</param>
internal sealed class FactTable<TFact>(
    string table, string kind, string of, string[] moments, RelatedFacts? related, params FactColumn<TFact>[] columns)
    where TFact : IFact
{
    /// <summary>
    /// A column with the version again, of a table that has got more columns: a row in which the two differ was written by a version that
    /// does not know all of them, and counts as behind until its owner has told it again.
    /// </summary>
    public const string KeptVersion = "kept_version";

    /// <summary>
    /// A column, true, that a trigger takes from what a version before this one keeps: such a row counts as behind as well. It is for
    /// columns that came after <see cref="KeptVersion"/>, which the version before fills.
    /// </summary>
    public const string KeptAll = "kept_all";

    // Which columns these are, for that trigger.
    private const string SayColumns = "set_config('reporting.facts', '2', true)";

    public FactTable(string table, string kind, string of, string[] moments, params FactColumn<TFact>[] columns)
        : this(table, kind, of, moments, null, columns)
    {
    }

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
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Alone));
        var keep = new NpgsqlBatchCommand(Sql);
        foreach (var column in all)
            keep.Parameters.Add(column.Values(facts));
        batch.BatchCommands.Add(keep);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>SQL that answers <c>id</c> and <c>version</c> of each fact.</summary>
    public string Held => IsVersioned
        ? $"SELECT id, CASE WHEN version = {KeptVersion} AND {KeptAll} THEN version ELSE 0 END AS version FROM facts.{table} WHERE {of}"
        : $"SELECT id, version FROM facts.{table} WHERE {of}";

    private bool IsVersioned => columns.Any(column => column.Name == KeptVersion);

    /// <summary>Deletes facts whose owner was restored to a time before them, and says so to the roll-up.</summary>
    public async Task Forget(NpgsqlDataSource database, FactsGoneV1 gone)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Alone));
        var forget = new NpgsqlBatchCommand($"""
            WITH RECURSIVE gone AS (
                DELETE FROM facts.{table} WHERE id = ANY($1) AND version < $2 AND {of}
                RETURNING {List(Moved.Select(column => column))}
            ), {Related("SELECT * FROM gone")}touched AS (
                {string.Join("\n    UNION ALL ", moments.Select((moment, nth) =>
                    $"SELECT project_id, date_bin('15 minutes', {moment}, 'epoch') AS at, {(nth == 0 ? 1 : 0)} AS facts FROM gone"))}
                {(related is null ? "" : "UNION ALL SELECT project_id, date_bin('15 minutes', at, 'epoch'), 0 FROM related")}
            )
            INSERT INTO rollups.mark (project_id, at, kind, changed)
            SELECT project_id, at, '{RestoredKind}', sum(facts) FROM touched WHERE at IS NOT NULL GROUP BY project_id, at
            """);
        forget.Parameters.AddWithValue(gone.Ids.ToArray());
        forget.Parameters.AddWithValue(gone.Before);
        batch.BatchCommands.Add(forget);
        await batch.ExecuteNonQueryAsync();
    }

    // Compiling would take longer than running.
    private string Alone => $"SELECT pg_advisory_xact_lock({LockKey.Of("facts", kind)}), set_config('jit', 'off', true), {SayColumns}";

    private string Sql => field ??= $"""
        WITH RECURSIVE input AS (
            SELECT * FROM unnest({List(all.Select((column, at) => $"${at + 1}"))}) AS input({Names})
        ), old AS (
            SELECT {List(Moved.Select(column => $"fact.{column}"))} FROM facts.{table} fact JOIN input USING (id)
        ), kept AS (
            INSERT INTO facts.{table} AS fact ({Names}) SELECT {Names} FROM input
            ON CONFLICT (id) DO UPDATE SET {List(all.Skip(1).Select(column => $"{column.Name} = excluded.{column.Name}"))}, position = excluded.position
            WHERE excluded.version > fact.version{(IsVersioned
                ? $" OR excluded.version = fact.version AND (fact.{KeptVersion} IS DISTINCT FROM fact.version OR fact.{KeptAll} IS NOT TRUE)" : "")}
            RETURNING {List(Moved.Select(column => $"fact.{column}"))}, xmax = 0 AS added
        ), {Related($"SELECT {List(Moved)} FROM kept UNION ALL SELECT {List(Moved.Select(column => $"old.{column}"))} FROM old JOIN kept USING (id)")}touched AS (
            {string.Join("\n    UNION ALL ", moments.Select((moment, nth) => $"""
            SELECT id, project_id, date_bin('15 minutes', {moment}, 'epoch') AS at, added, {(nth == 0 ? 1 : 0)} AS facts FROM kept
                UNION ALL SELECT id, old.project_id, date_bin('15 minutes', old.{moment}, 'epoch'), false, 0 FROM old JOIN kept USING (id)
            """))}
            {(related is null ? "" : "UNION ALL SELECT NULL, project_id, date_bin('15 minutes', at, 'epoch'), false, 0 FROM related")}
        )
        INSERT INTO rollups.mark (project_id, at, kind, added, changed)
        SELECT project_id, at, '{kind}', count(*) FILTER (WHERE added AND facts = 1), count(*) FILTER (WHERE NOT added AND facts = 1)
        FROM touched WHERE at IS NOT NULL GROUP BY project_id, at
        """;

    // What is known of a fact before and after.
    private IEnumerable<string> Moved => ["id", "project_id", .. moments, .. related?.Carried ?? []];

    private string Related(string moved) => related is null ? "" : $"moved AS ({moved}), {related.Sql}, ";

    private string Names => List(all.Select(column => column.Name));

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts);
}

using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// One history of a database. What is told in a later one is newer than all that was told in an earlier one, which was lost in part
/// when the database was restored or a standby took its place (docs/decisions/0016).
/// </summary>
public static class Epoch
{
    // Told versions stay below 2^53, which any reader of JSON holds exactly: 22 bits of them are the stream's own, 31 the epoch's.
    public const int VersionBits = 22;

    /// <summary>The version that the others are told.</summary>
    /// <param name="version">The owner's own, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The version is 2^22 or more.</exception>
    public static long Told(long epoch, long version)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(version, 1L << VersionBits);
        return First(epoch) + version;
    }

    /// <summary>Lower than all versions that are told in the epoch, and higher than those of the epochs before.</summary>
    public static long First(long epoch) => epoch << VersionBits;

    public static long Of(long told) => told >> VersionBits;

    /// <summary>The one that lasts.</summary>
    public const string Current = "(select coalesce(max(number), 0) from epoch)";

    // The first is 0, so that versions are what they always were until something was restored. Later ones are seconds since
    // 2026: two restores to the same moment, neither of which knows of the other, do not get the same number.
    private const string Begin = """
        insert into epoch (number, place)
        select case when last.number is null then 0
            else greatest(last.number + 1, floor(extract(epoch from now() - timestamptz '2026-01-01Z'))::bigint) end, here.place
        from (
            select concat_ws(' ', system_identifier, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), oid) as place
            from pg_control_system(), pg_database where datname = current_database()
        ) here
        left join lateral (select number, place from epoch order by number desc limit 1) last on true
        where last.place is distinct from here.place
        returning number
        """;

    /// <summary>Begins another where the database is not the one that the last was of. For the leader alone.</summary>
    /// <returns>Its number; null where nothing has changed.</returns>
    public static async Task<long?> Open(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Begin);
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <returns>The number of the one that lasts.</returns>
    public static async Task<long> Now(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {Current}");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <returns>The number of the one that nobody has been told of; null where there is none.</returns>
    public static async Task<long?> Unannounced(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select number from epoch where number = {Current} and number > 0 and not announced");
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    public static async Task Announced(NpgsqlDataSource database, long number, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update epoch set announced = true where number = $1");
        command.Parameters.AddWithValue(number);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

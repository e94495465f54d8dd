using Marten;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>For rules that span streams: a number used once, a person in one place at a time.</summary>
public static class Locking
{
    extension(IDocumentSession session)
    {
        /// <summary>
        /// Waits until nobody holds any of the ids, and holds them until this session's transaction ends. What is read
        /// afterwards is what the holder before has saved, so the second of two racing requests sees the first one's work.
        /// </summary>
        public async Task Lock(IEnumerable<Guid> ids, CancellationToken cancellation)
        {
            await session.BeginTransactionAsync(cancellation);

            await using var command = LockUntilCommit([.. ids.Select(LockKey.Of)]);
            await session.ExecuteAsync(command, cancellation);
        }
    }

    /// <summary>The statement that waits until nobody holds any of the keys, and holds them until its transaction ends.</summary>
    public static NpgsqlCommand LockUntilCommit(params IEnumerable<LockKey> keys)
    {
        // Everybody in the same order: two holders cannot wait for each other.
        var command = new NpgsqlCommand("select pg_advisory_xact_lock(key) from unnest($1) as key");
        command.Parameters.AddWithValue(keys.Select(key => key.Value).Distinct().Order().ToArray());
        return command;
    }
}

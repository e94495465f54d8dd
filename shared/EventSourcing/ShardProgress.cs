using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>How far projections and subscriptions have come.</summary>
public static class ShardProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until one has passed all events that are stored by now.</summary>
    /// <param name="schema">Where the service's events are.</param>
    /// <param name="shard">Its name, such as <c>Call:All</c>.</param>
    /// <param name="patience">How long it is waited for; for ever where it is not said.</param>
    /// <exception cref="TimeoutException">It has not come there in that time.</exception>
    public static async Task CaughtUp(
        this NpgsqlDataSource database, string schema, string shard, CancellationToken cancellation, TimeSpan? patience = null)
    {
        await using var last = database.CreateCommand($"select coalesce(max(seq_id), 0) from {schema}.mt_events");
        var stored = (long)(await last.ExecuteScalarAsync(cancellation))!;
        await using var progress = database.CreateCommand(
            $"select coalesce(max(last_seq_id), 0) >= $1 from {schema}.mt_event_progression where name = $2");
        progress.Parameters.AddWithValue(stored);
        progress.Parameters.AddWithValue(shard);
        for (var looks = 0; await progress.ExecuteScalarAsync(cancellation) is not true; looks++)
            if (looks * Interval < (patience ?? TimeSpan.MaxValue))
                await Task.Delay(Interval, cancellation);
            else
                throw new TimeoutException($"{shard} has not come to event {stored} yet.");
    }
}

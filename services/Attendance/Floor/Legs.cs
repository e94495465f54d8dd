using CallCenter.Contracts;
using CallCenter.Contracts.Calls;
using CallCenter.Jobs;
using Npgsql;

namespace CallCenter.Attendance.Floor;

/// <summary>Keeps contact legs as far as the floor asks for them: who waits, who is served, and how today's were answered.</summary>
internal sealed class Legs(NpgsqlDataSource database, TimeProvider clock) : IRetained
{
    public static string Name => "FloorLegs";

    /// <summary>A queue is looked at for its local day.</summary>
    public static TimeSpan Period => TimeSpan.FromDays(2);

    public static string Held => "select id, version from floor.leg";

    public async Task Keep(IReadOnlyList<CallV1> calls)
    {
        var now = clock.GetUtcNow();
        var legs = calls.Select(call => Shown(call, now)).ToList();
        await using var command = database.CreateCommand("""
            insert into floor.leg as held (id, version, project_id, queue, came_at, answered_at, ended_at, outcome)
            select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
                $8::text[])
            on conflict (id) do update set version = excluded.version, project_id = excluded.project_id, queue = excluded.queue,
                came_at = excluded.came_at, answered_at = excluded.answered_at, ended_at = excluded.ended_at, outcome = excluded.outcome
            where held.version < excluded.version
            """);
        Add(calls.Select(call => call.Id).ToArray());
        Add(calls.Select(call => call.Version).ToArray());
        Add(legs.Select(leg => leg?.ProjectId).ToArray());
        Add(legs.Select(leg => leg?.Queue).ToArray());
        Add(legs.Select(leg => leg is null ? null : CameAt(leg)?.ToUniversalTime()).ToArray());
        Add(legs.Select(leg => leg?.AnsweredAt?.ToUniversalTime()).ToArray());
        Add(legs.Select(leg => leg?.EndedAt?.ToUniversalTime()).ToArray());
        Add(legs.Select(leg => leg?.Outcome).ToArray());
        await command.ExecuteNonQueryAsync();

        void Add<T>(T[] values) => command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values });
    }

    /// <summary>The owner was restored to a time before the call was told.</summary>
    public async Task Forget(FactsGoneV1 gone)
    {
        await using var command = database.CreateCommand("delete from floor.leg where id = any($1) and version < $2");
        command.Parameters.AddWithValue(gone.Ids.ToArray());
        command.Parameters.AddWithValue(gone.Before);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update floor.leg set project_id = null, queue = null, came_at = null, answered_at = null, ended_at = null, outcome = null
            where id in (select id from floor.leg where came_at < $1 limit 100000)
            """);
        command.Parameters.AddWithValue(before.ToUniversalTime());
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    // Nobody waits in a queue for a call that goes out.
    private static CallV1? Shown(CallV1 call, DateTimeOffset now) =>
        call.Direction != "outbound" && CameAt(call) > now - Period ? call : null;

    // Who waits waits from the queue on, or from the offer where there was none.
    private static DateTimeOffset? CameAt(CallV1 call) => call.QueuedAt ?? call.StartedAt;
}

using CallCenter.Health;
using Npgsql;

namespace CallCenter.Reporting.RollUps;

/// <summary>What waits to be rolled up, and the queues' days that the others have not been told of.</summary>
internal sealed class RollUpHealth(NpgsqlDataSource database) : ISubject
{
    private static readonly Gauge Days = new("callcenter.roll_up.days.waiting", "{day}",
        "Days of projects that are marked to be rolled up (by UTC).");
    private static readonly Gauge Age = new("callcenter.roll_up.waiting.age", Gauge.Seconds,
        "How long ago the oldest of these marks was made; 0 where there is none.");
    private static readonly Gauge Untold = new("callcenter.roll_up.queue_days.unpublished", "{day}",
        "Days of queues that were rolled up and that the others have not been told of.");

    public static string Name => "roll-ups";

    public static IReadOnlyList<Gauge> Gauges => [Days, Age, Untold];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8,
                (SELECT count(*) FROM rollups.queue_day WHERE version > published_version)
            FROM (SELECT min(marked_at) AS since FROM rollups.mark GROUP BY project_id, coalesce(day, (at AT TIME ZONE 'UTC')::date)) AS marked
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);

        return new Measured([new(Days, row.GetInt64(0)), new(Age, row.GetDouble(1)), new(Untold, row.GetInt64(2))], []);
    }
}

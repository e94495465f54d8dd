using CallCenter.Health;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// How far this node's clock is from the database's, whose time decides across nodes. What the question took on its way is
/// nobody's fault: only what lies beyond it counts as being off.
/// </summary>
/// <param name="Offset">Node minus database.</param>
/// <param name="Uncertainty">Half of the time that the question took.</param>
public readonly record struct ClockOffset(TimeSpan Offset, TimeSpan Uncertainty)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public bool IsOff => Offset.Duration() - Uncertainty > Limit;

    /// <param name="asked">When the node asked, by its clock.</param>
    /// <param name="answered">When it had the answer, by the same clock.</param>
    public static ClockOffset Of(DateTimeOffset asked, DateTimeOffset database, DateTimeOffset answered) =>
        new(asked + ((answered - asked) / 2) - database, (answered - asked) / 2);

    /// <summary>Asks the database.</summary>
    public static async Task<ClockOffset> Ask(NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var asked = clock.GetUtcNow();
        var time = (DateTime)(await command.ExecuteScalarAsync(cancellation))!;
        return Of(asked, time, clock.GetUtcNow());
    }
}

/// <summary>How many connections are in use, and this node's clock beside the database's.</summary>
internal sealed class ServerHealth(NpgsqlDataSource database, TimeProvider clock) : ISubject
{
    private const double Full = 0.9;

    private static readonly Gauge Used = new("callcenter.database.connections.used", "{connection}",
        "Connections to the database server: of this service (own database), and of everybody.", "scope");
    private static readonly Gauge Most = new("callcenter.database.connections.limit", "{connection}",
        "Connections that the database server takes from everybody.");
    private static readonly Gauge Offset = new("callcenter.clock.offset", Gauge.Seconds,
        "This node's clock minus the database's; beyond 2 s the node runs no jobs.");

    public static string Name => "database";

    public static IReadOnlyList<Gauge> Gauges => [Used, Most, Offset];

    public async Task<Measured> Measure(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("""
            select clock_timestamp(), count(*) filter (where datname = current_database()), count(*) filter (where datname is not null),
                current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            from pg_stat_activity
            """, connection);
        var asked = clock.GetUtcNow();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var (time, own, all, most) = (row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3));
        var offset = ClockOffset.Of(asked, time, clock.GetUtcNow());

        var standing = new List<Standing>();
        if (offset.IsOff)
            standing.Add(new Standing("clock off",
                $"This node is {offset.Offset.TotalSeconds:0.0} s ahead of the database and runs no jobs."));
        if (all > Full * most)
            standing.Add(new Standing("connections nearly used up", $"{all} of {most} connections of the database server are in use."));
        return new Measured(
            [new(Used, own, "service"), new(Used, all, "server"), new(Most, most), new(Offset, offset.Offset.TotalSeconds)], standing);
    }
}

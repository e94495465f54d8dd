using Npgsql;

namespace CallCenter.Journeys.Tests;

/// <summary>What a service has stored, read past the service: the auditor's view.</summary>
/// <param name="home">The folder of the set of servers; that of the journeys unless said otherwise.</param>
public sealed class Books(string service, string? home = null) : IAsyncDisposable
{
    public string Service => service;

    private readonly NpgsqlDataSource database = PrivateServers.Database(service, home);

    public async Task<long> Events() => (await Rows<long>($"select count(*) from {service}.mt_events", r => r.GetInt64(0))).Single();

    /// <summary>The streams of one kind of thing and their versions.</summary>
    /// <param name="kind">Name of the aggregate in lower case.</param>
    public async Task<Dictionary<Guid, long>> Streams(string kind) =>
        (await Rows($"select id, version from {service}.mt_streams where type = '{kind}'", Version)).ToDictionary();

    /// <summary>
    /// Streams whose version is not the number of their events, or whose events are not numbered 1, 2, 3, … The stream without a type is
    /// the store's own: it fills the numbers of events that were not stored in the end.
    /// </summary>
    public async Task<IReadOnlyList<Guid>> BrokenStreams() => await Rows($"""
        select s.id from {service}.mt_streams s left join {service}.mt_events e on e.stream_id = s.id
        where s.type is not null
        group by s.id, s.version
        having count(e.id) <> s.version or count(distinct e.version) <> s.version or max(e.version) <> s.version
        """, r => r.GetGuid(0));

    /// <summary>The facts of another service that this one keeps, and their versions.</summary>
    public async Task<Dictionary<Guid, long>> Kept<TFact>() =>
        (await Rows($"select id, mt_version from {service}.mt_doc_{typeof(TFact).Name.ToLowerInvariant()}", Version)).ToDictionary();

    /// <summary>The facts of a kind that this service has told the others, and their versions.</summary>
    public async Task<Dictionary<Guid, long>> Told<TFact>() =>
        (await Rows($"select id, version from told where fact = '{typeof(TFact).Name}'", Version)).ToDictionary();

    /// <summary>The facts of another service that this one keeps, and what they say.</summary>
    public async Task<Dictionary<Guid, string>> Contents<TFact>() =>
        (await Rows($"select id, data::text from {service}.mt_doc_{typeof(TFact).Name.ToLowerInvariant()}",
            row => KeyValuePair.Create(row.GetGuid(0), row.GetString(1)))).ToDictionary();

    /// <summary>Ids and versions in a table of the service's own making.</summary>
    public async Task<Dictionary<Guid, long>> Versions(string table, string where = "true", string version = "version") =>
        (await Rows($"select id, {version} from {table} where {where}", Version)).ToDictionary();

    /// <summary>How far each projection and the publisher got.</summary>
    public async Task<Dictionary<string, long>> Progress() =>
        (await Rows($"select name, last_seq_id from {service}.mt_event_progression", r =>
            KeyValuePair.Create(r.GetString(0), r.GetInt64(1)))).ToDictionary();

    private static KeyValuePair<Guid, long> Version(NpgsqlDataReader row) =>
        KeyValuePair.Create(row.GetGuid(0), Convert.ToInt64(row.GetValue(1), null));

    public async Task<IReadOnlyList<T>> Rows<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        var rows = new List<T>();
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}

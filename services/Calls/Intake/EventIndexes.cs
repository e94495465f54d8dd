using CallCenter.EventSourcing;
using Npgsql;

namespace CallCenter.Calls.Intake;

/// <summary>An index over the events of one type, by members of theirs.</summary>
internal sealed record EventIndex(string Name, string EventType, params string[] Members);

/// <summary>Makes the indexes over events, which Marten knows nothing of.</summary>
internal sealed class EventIndexes(NpgsqlDataSource database, IEnumerable<EventIndex> indexes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var index in indexes)
        {
            // Two instances that start together would both make it.
            var members = string.Join(", ", index.Members.Select(member => $"(data ->> '{member}')"));
            await using var command = database.CreateCommand($"""
                select pg_advisory_xact_lock({LockKey.Of("schema", index.Name)});
                create index if not exists {index.Name} on calls.mt_events ({members}) where type = '{index.EventType}';
                """);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using CallCenter.EventSourcing;
using Npgsql;
using Quartz;

namespace CallCenter.Calls.AgentStates;

/// <summary>
/// Tells days anew that were told by the rules of an older edition (<see cref="AgentDayFacts.Edition"/>), as the version before may still
/// do beside this one: a page at a time, and after a crash from where it was.
/// </summary>
internal sealed class OutdatedAgentDays(NpgsqlDataSource database, Reconciler reconciler, ILogger<OutdatedAgentDays> log) : IJob
{
    public const string Migration = "outdated_agent_day";

    private const int AtOnce = 200;

    // Where a newer edition was told, an older one is of a lower version and told in vain: it is noted that it was tried.
    private static string IsOutdated(string row) =>
        $"{row}.fact = 'AgentDayV1' and ({row}.version & {(1L << Epoch.VersionBits) - 1}) < {AgentDayFacts.VersionOf(0)}";

    public static readonly string Sql = $$"""
        create table if not exists outdated_agent_day (stream uuid primary key, noted_at timestamptz not null default clock_timestamp());
        create or replace function note_outdated_agent_day() returns trigger language plpgsql as $$
        begin
            insert into outdated_agent_day (stream) values (new.stream) on conflict (stream) do update set noted_at = excluded.noted_at;
            return new;
        end $$;
        create or replace trigger note_outdated_agent_day before insert on told for each row
            when ({{IsOutdated("new")}}) execute function note_outdated_agent_day();
        insert into outdated_agent_day (stream) select distinct stream from told where {{IsOutdated("told")}} on conflict do nothing;
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var told = 0;
        while (await Next(cancellationToken) is { Streams.Length: > 0 } page)
        {
            await reconciler.TellAgain(page.Streams, cancellationToken);
            await Done(page, cancellationToken);
            told += page.Streams.Length;
        }

        if (told > 0)
            log.LogInformation("The days of {Count} pages of agents' states, told by older rules, were told anew", told);
    }

    private sealed record Page(Guid[] Streams, DateTime[] NotedAt);

    private async Task<Page> Next(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select stream, noted_at from outdated_agent_day order by stream limit {AtOnce}");
        var (streams, notedAt) = (new List<Guid>(), new List<DateTime>());
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            streams.Add(row.GetGuid(0));
            notedAt.Add(row.GetDateTime(1));
        }

        return new([.. streams], [.. notedAt]);
    }

    // What was noted once more meanwhile stays.
    private async Task Done(Page page, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            delete from outdated_agent_day noted using unnest($1, $2) as told(stream, noted_at)
            where noted.stream = told.stream and noted.noted_at = told.noted_at
            """);
        command.Parameters.AddWithValue(page.Streams);
        command.Parameters.AddWithValue(page.NotedAt);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

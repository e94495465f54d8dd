using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;
using Npgsql;
using Quartz;

namespace CallCenter.Calls.Contacts;

/// <summary>Settings <c>OpenLegs:*</c>.</summary>
internal sealed record OpenLegOptions
{
    /// <summary>For how long nothing must have been reported of a leg before it is taken for over.</summary>
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The same for channels in which a customer may wait for days.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Channels { get; init; } = new Dictionary<string, TimeSpan> { ["email"] = Leg.Longest };

    public TimeSpan Shortest => Channels.Values.Append(CloseAfter).Min();

    public TimeSpan After(string channel) => Channels.GetValueOrDefault(channel, CloseAfter);
}

/// <summary>
/// Closes legs whose end nobody reports: a switch that was restarted, a log that lost lines. What they lasted stays unknown, and what is
/// reported after all counts.
/// </summary>
internal sealed class OpenLegs(
    IDocumentStore store, NpgsqlDataSource database, Fence fence, OpenLegOptions options, TimeProvider clock, ILogger<OpenLegs> log) : IJob
{
    /// <summary>Open legs among all.</summary>
    public const string IndexName = "mt_doc_call_open";
    public const string IndexSql = $"create index concurrently if not exists {IndexName} on calls.mt_doc_call (started_at) where {Open}";

    private const int AtOnce = 10_000;
    private const string Open = """
        (data -> 'Leg' ->> 'EndedAt') is null and (data -> 'Leg' ->> 'Outcome') in ('Open', 'Answered')
        and (data -> 'Leg' ->> 'EndReason') is distinct from 'Unreported'
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var closed = 0;
        await fence.Each("open-legs", await Silent(cancellationToken), leg => $"call {leg}", async (leg, stopping) =>
        {
            if (await Close(leg, stopping))
                closed++;
        }, cancellationToken);

        if (closed > 0)
            log.LogInformation("Closed {Count} legs whose end nobody has reported", closed);
    }

    private Task<bool> Close(Guid id, CancellationToken cancellation) => Conflict.Retry(attempts: 5, async () =>
    {
        await using var session = store.LightweightSession();
        object[] closed = [];
        await session.Decide<Call>(id, call => closed = CallDecider.Decide(
            new CloseOpenLeg(options.After(call.Leg.Channel), clock.GetUtcNow()), call), cancellation);
        return closed.Length > 0;
    });

    private async Task<IReadOnlyCollection<Guid>> Silent(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select id from calls.mt_doc_call where {Open} and started_at <= $1 order by started_at limit {AtOnce}");
        command.Parameters.AddWithValue((clock.GetUtcNow() - options.Shortest).UtcDateTime);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var legs = new List<Guid>();
        while (await row.ReadAsync(cancellation))
            legs.Add(row.GetGuid(0));
        return legs;
    }
}

using CallCenter.Calls.Contacts;
using CallCenter.Calls.Intake;
using CallCenter.Calls.Recordings;
using CallCenter.Contracts.Calls;
using CallCenter.EventSourcing;
using Marten;
using Npgsql;

namespace CallCenter.Calls.Erasure;

/// <summary>
/// Makes calls the calls of nobody: an event says so, what is reported of them later is stored without, the events before it are masked,
/// and their audio is deleted unless it is filed to a call of somebody else too. Each of these can be done again.
/// </summary>
internal sealed class CustomerCalls(
    IDocumentStore store, NpgsqlDataSource database, GroupCommit<Call> commit, RecordingFolder folder, TimeProvider clock)
{
    private const int AtOnce = 200;

    /// <summary>Finds a customer's calls by their events.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Indexes =
    [
        ("call_offered_by_customer",
            "create index concurrently if not exists call_offered_by_customer on calls.mt_events ((data ->> 'CustomerId')) "
            + "where type = 'call_offered' and data ->> 'CustomerId' is not null"),
        ("call_imported_by_customer",
            "create index concurrently if not exists call_imported_by_customer on calls.mt_events ((data -> 'Leg' ->> 'CustomerId')) "
            + "where type = 'call_imported' and data -> 'Leg' ->> 'CustomerId' is not null"),
    ];

    /// <returns>All calls of the project that anything ever reported of says are this customer's.</returns>
    public async Task<IReadOnlyList<Guid>> Find(Guid project, string customerId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select stream_id from calls.mt_events
            where type = 'call_offered' and data ->> 'CustomerId' = $1 and (data ->> 'ProjectId')::uuid = $2
            union
            select stream_id from calls.mt_events
            where type = 'call_imported' and data -> 'Leg' ->> 'CustomerId' = $1 and (data ->> 'ProjectId')::uuid = $2
            order by 1
            """);
        command.Parameters.AddWithValue(customerId);
        command.Parameters.AddWithValue(project);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var calls = new List<Guid>();
        while (await row.ReadAsync(cancellation))
            calls.Add(row.GetGuid(0));
        return calls;
    }

    /// <returns>How many calls there are.</returns>
    public async Task<long> Forget(CustomerErasedV1 erased, CancellationToken cancellation)
    {
        foreach (var some in erased.Calls.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(id => commit.Append(
                id, call => CallDecider.Decide(new ForgetCustomer(erased.Id, erased.By, clock.GetUtcNow()), call), cancellation)));
            await store.EraseTexts([erased.Id, .. some], cancellation);
            await DeleteAudio(some, erased.By, cancellation);
        }

        return erased.Calls.Count;
    }

    private async Task DeleteAudio(Guid[] calls, Guid by, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        foreach (var recording in (await query.Histories<Call>(calls, cancellation)).Values
            .Select(call => call.State.Recording?.RecordingId).OfType<string>().Distinct())
            await DeleteAudio(recording, by, cancellation);
    }

    private async Task DeleteAudio(string recordingId, Guid by, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var id = Recording.IdOf(recordingId);
        await session.Lock([id], cancellation); // nobody files it to another call meanwhile
        var filed = (await session.Histories<Recording>([id], cancellation)).GetValueOrDefault(id).State;
        var of = await session.Histories<Call>([.. filed?.Calls.Select(call => call.CallId) ?? []], cancellation);
        if (filed is null || of.Values.Any(call => !call.State.IsOfNobody))
            return;

        folder.Delete(recordingId); // while the lock is held: what is filed after it is another file
        await session.Decide<Recording>(
            id, recording => RecordingDecider.Decide(new EraseRecording(recordingId, by, clock.GetUtcNow()), recording), cancellation);
        session.Delete<SetAside>(SetAside.IdOf(RecordingFaults.Work, recordingId)); // it is not lost any more
        await session.SaveChangesAsync(cancellation);
        await store.EraseTexts([id, Recording.AccessesOf(recordingId)], cancellation);
    }
}

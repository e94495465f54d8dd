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
    IDocumentStore store, NpgsqlDataSource database, GroupCommit<Call> commit, AudioDeletion audio, TimeProvider clock)
{
    public const int AtOnce = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Finds a customer's calls by their events.</summary>
    public static readonly IReadOnlyList<EventIndex> Indexes =
    [
        new("call_offered_by_customer", "call_offered", "CustomerId") { OfGivenOnly = true },
        new("call_imported_by_customer", "call_imported", "Leg.CustomerId") { OfGivenOnly = true },
    ];

    /// <returns>
    /// All calls of the project that anything ever reported of says are this customer's, and the legs before and after them, or of the same
    /// conversation, that say nobody's.
    /// </returns>
    /// <exception cref="TimeoutException">Calls that were reported are not folded yet.</exception>
    public async Task<IReadOnlyList<Guid>> Find(Guid project, string customerId, CancellationToken cancellation)
    {
        // The legs beside a call are found by what was folded, which is a moment behind what was reported.
        await database.CaughtUp("calls", "Call:All", cancellation, Patience);
        await using var command = database.CreateCommand("""
            with recursive theirs (id) as (
                select stream_id from (
                    select stream_id from calls.mt_events
                    where type = 'call_offered' and data ->> 'CustomerId' = $1 and (data ->> 'ProjectId')::uuid = $2
                    union all
                    select stream_id from calls.mt_events
                    where type = 'call_imported' and data -> 'Leg' ->> 'CustomerId' = $1 and (data ->> 'ProjectId')::uuid = $2) named
                union
                select beside.id from theirs join calls.mt_doc_call leg on leg.id = theirs.id cross join lateral (
                    select id, data from calls.mt_doc_call where cast(data -> 'Leg' ->> 'LinkedCallId' as uuid) = leg.id
                    union all
                    select id, data from calls.mt_doc_call where id = cast(leg.data -> 'Leg' ->> 'LinkedCallId' as uuid)
                    union all
                    select id, data from calls.mt_doc_call where data -> 'Leg' ->> 'ConversationId' = leg.data -> 'Leg' ->> 'ConversationId'
                        and data ->> 'Source' = leg.data ->> 'Source') beside
                where (beside.data ->> 'ProjectId')::uuid = $2 and beside.data -> 'Leg' ->> 'CustomerId' is null)
            select id from theirs order by id
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
        await store.EraseTexts([erased.Id], cancellation); // why they wanted it
        foreach (var some in erased.Calls.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(id => commit.Append(
                id, call => CallDecider.Decide(new ForgetCustomer(erased.Id, erased.By, clock.GetUtcNow()), call), cancellation)));
            await store.EraseTexts(some, cancellation);
            await DeleteAudio(some, erased.By, cancellation);
        }

        return erased.Calls.Count;
    }

    private async Task DeleteAudio(Guid[] calls, Guid by, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        foreach (var recording in (await query.Histories<Call>(calls, cancellation)).Values
            .Select(call => call.State.Recording?.RecordingId).OfType<string>().Distinct())
            await audio.Delete(recording, by, (_, of) => Task.FromResult(of.All(call => call.IsOfNobody)), cancellation);
    }
}

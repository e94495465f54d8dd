using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace CallCenter.Calls.Imports;

/// <summary>
/// Writes a batch of changes and how far the import got in one transaction, so that a crash loses both or neither. New
/// streams go in with one statement; for those that exist already each row is decided on what is stored.
/// </summary>
internal sealed class ImportWriter<TState>(IDocumentStore store, NpgsqlDataSource database)
    where TState : class, IFolds<TState>, new()
{
    private const int Attempts = 8;

    private readonly BulkAppend<TState> bulk = new(store);

    /// <param name="progress">Told in the transaction what it does, and which rows contradict what is known.</param>
    // A live event may reach one of the streams first.
    public Task Write(IReadOnlyList<Change<TState>> changes, Progress progress, CancellationToken cancellation) =>
        Conflict.Retry(Attempts, () => Attempt(changes, progress, cancellation), IsConflict);

    internal delegate void Progress(IDocumentSession session, Tally tally, IReadOnlyList<(RowPlace Row, Error Error)> refused);

    private async Task<bool> Attempt(IReadOnlyList<Change<TState>> changes, Progress progress, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));

        var asked = changes.GroupBy(c => c.Id).Select(group => group.ToList()).ToList();
        var decided = asked.ConvertAll(group => Decided<TState>.Of(group, []));
        var existing = await bulk.Insert(transaction,
            [.. decided.Where(d => d.Streams is [{ Events.Count: > 0 }]).Select(d => new NewStream(d.First, d.Streams[0].Events))],
            cancellation);

        // What exists is decided on what is stored, and so is what is more than one stream or none.
        bool IsOpened(Decided<TState> d) => d.Streams is [{ Events.Count: > 0 }] && !existing.Contains(d.First);
        var opened = decided.Where(IsOpened).ToList();
        if (opened.Count < decided.Count)
            opened.AddRange(await Append(
                session, [.. asked.Where((_, i) => !IsOpened(decided[i])).OrderBy(group => group[0].Id)], cancellation));

        progress(session, opened.Aggregate(new Tally(), (sum, d) => sum + d.Tally), [.. opened.SelectMany(d => d.Refused)]);
        await session.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task<List<Decided<TState>>> Append(
        IDocumentSession session, List<List<Change<TState>>> asked, CancellationToken cancellation)
    {
        var known = await Known(session, [.. asked.Select(group => group[0])], cancellation);
        var all = asked.ConvertAll(group => Decided<TState>.Of(group, known[group[0].Id]));

        foreach (var (id, version, events) in all.SelectMany(d => d.Streams).Where(stream => stream.Events.Count > 0).OrderBy(s => s.Id))
            if (version == 0)
                session.Events.StartStream<TState>(id, events);
            else
                session.Events.Append(id, version + events.Count, events);

        return all;
    }

    // Of names with several streams the next is asked for as long as there is one.
    private static async Task<Dictionary<Guid, List<(Guid Id, TState State, long Version)>>> Known(
        IDocumentSession session, IReadOnlyList<Change<TState>> asked, CancellationToken cancellation)
    {
        var known = asked.ToDictionary(change => change.Id, _ => new List<(Guid, TState, long)>());
        for (var (number, left) = (0, asked); left.Count > 0; number++)
        {
            var histories = await session.Histories<TState>([.. left.Select(change => change.Streams(number))], cancellation);
            left = [.. left.Where(change => histories.ContainsKey(change.Streams(number)))];
            foreach (var (change, id) in left.Select(change => (change, change.Streams(number))))
                known[change.Id].Add((id, histories[id].State, histories[id].Version));
            left = [.. left.Where(change => change.Several)];
        }

        return known;
    }

    // The statement that opens streams is our own, so PostgreSQL speaks for itself there.
    private static bool IsConflict(Exception e) => Conflict.Is(e) || e is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
    } || (e.InnerException is { } inner && IsConflict(inner));
}

using CallCenter.Calls.Intake;
using CallCenter.EventSourcing;
using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace CallCenter.Calls.Imports;

/// <summary>How many rows did what.</summary>
internal readonly record struct Tally(long Created, long Changed, long Unchanged)
{
    public static Tally operator +(Tally a, Tally b) => new(a.Created + b.Created, a.Changed + b.Changed, a.Unchanged + b.Unchanged);
}

/// <summary>
/// Writes a batch of changes and how far the import got in one transaction, so that a crash loses both or neither. New
/// streams go in with one statement; for those that exist already each row is decided on what is stored.
/// </summary>
internal sealed class ImportWriter<TState>(IDocumentStore store, NpgsqlDataSource database)
    where TState : class, IFolds<TState>, new()
{
    private const int Attempts = 8;

    private readonly BulkAppend<TState> bulk = new(store);

    // A live event may reach one of the streams first.
    public Task Write(
        IReadOnlyList<Change<TState>> changes, Action<IDocumentSession, Tally> progress, CancellationToken cancellation) =>
        Conflict.Retry(Attempts, () => Attempt(changes, progress, cancellation), IsConflict);

    private async Task<bool> Attempt(
        IReadOnlyList<Change<TState>> changes, Action<IDocumentSession, Tally> progress, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));

        var streams = changes.GroupBy(c => c.Id).ToList();
        var tally = new Tally();
        var opened = new List<(NewStream Stream, Tally Tally)>(streams.Count);
        foreach (var stream in streams)
        {
            var (events, result) = Decided(new TState(), stream, isNew: true);
            opened.Add((new NewStream(stream.Key, events), result));
        }

        var existing = await bulk.Insert(
            transaction, [.. opened.Where(o => o.Stream.Events.Count > 0).Select(o => o.Stream)], cancellation);
        foreach (var (stream, result) in opened)
            if (!existing.Contains(stream.Id))
                tally += result;

        if (existing.Count > 0)
            tally += await Append(session, [.. streams.Where(s => existing.Contains(s.Key))], cancellation);

        progress(session, tally);
        await session.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task<Tally> Append(
        IDocumentSession session, List<IGrouping<Guid, Change<TState>>> streams, CancellationToken cancellation)
    {
        var histories = await session.Histories<TState>([.. streams.Select(s => s.Key)], cancellation);
        var tally = new Tally();

        foreach (var stream in streams.OrderBy(s => s.Key))
        {
            var (state, version) = histories[stream.Key];
            var (events, result) = Decided(state, stream, isNew: false);
            tally += result;
            if (events.Count > 0)
                session.Events.Append(stream.Key, version + events.Count, events);
        }

        return tally;
    }

    private static (List<object> Events, Tally Tally) Decided(TState state, IEnumerable<Change<TState>> changes, bool isNew)
    {
        var events = new List<object>(1);
        var tally = new Tally();
        var folded = 0;

        foreach (var change in changes)
        {
            // Folded only when a second row asks for the same stream: nearly never.
            for (; folded < events.Count; folded++)
                state = state.Evolve(events[folded]);

            var decided = change.Decide(state);
            tally += decided.Length == 0 ? new(0, 0, 1) : isNew && events.Count == 0 ? new(1, 0, 0) : new(0, 1, 0);
            events.AddRange(decided);
        }

        return (events, tally);
    }

    // The statement that opens streams is our own, so PostgreSQL speaks for itself there.
    private static bool IsConflict(Exception e) => Conflict.Is(e) || e is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
    } || (e.InnerException is { } inner && IsConflict(inner));
}

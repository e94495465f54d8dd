using System.Text.Json;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Jobs;

public enum OperationStatus { Queued, Running, Succeeded, Failed, Cancelled }

/// <summary>Work that outlasts its request.</summary>
/// <param name="Kind">Which kind of work.</param>
/// <param name="By">Id of the person who asked for it.</param>
/// <param name="At">When it was asked for.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Counts">What was done so far, by name.</param>
/// <param name="Result">Where the result is, once there is one.</param>
/// <param name="Error">Why it failed, for people.</param>
/// <param name="Reason">The reason that its request gave.</param>
public sealed record Operation(
    Guid Id, string Kind, Guid ProjectId, Guid By, DateTimeOffset At, OperationStatus Status, int Percent,
    IReadOnlyDictionary<string, long> Counts, string? Result, string? Error,
    string? Reason = null)
{
    /// <summary>Whether nothing more will happen.</summary>
    public bool Ended => Status is not (OperationStatus.Queued or OperationStatus.Running);
}

/// <summary>What a worker needs to do it, written by the worker alone.</summary>
public sealed record OperationWork(Guid Id, JsonElement Input, JsonElement? Checkpoint, bool Done);

/// <summary>Somebody wants it stopped.</summary>
public sealed record OperationCancellation(Guid Id, Guid By);

/// <summary>A kind of long work. After a crash it is called again with the last checkpoint, on any instance.</summary>
public interface IOperationHandler
{
    /// <returns>Where the result can be read; null when there is nothing to read.</returns>
    Task<string?> Run(OperationRun run, CancellationToken cancellation);
}

/// <summary>What it is asked with tells of somebody, and is kept only until it has ended, however it ends.</summary>
public interface IForgetsInput : IOperationHandler;

/// <summary>One attempt at an operation.</summary>
public sealed class OperationRun(IDocumentStore store, Operation operation, OperationWork work)
{
    private readonly IReadOnlyDictionary<string, long> begun = operation.Counts;
    private Operation operation = operation;
    private OperationWork work = work;

    public Guid Id => operation.Id;
    public Guid ProjectId => operation.ProjectId;
    internal string Kind => operation.Kind;
    public Guid By => operation.By;
    public string? Reason => operation.Reason;
    public IReadOnlyDictionary<string, long> Counts => operation.Counts;

    /// <summary>Whether this attempt has counted anything.</summary>
    internal bool GotFurther => operation.Counts.Any(count => begun.GetValueOrDefault(count.Key) != count.Value);

    public TInput Input<TInput>() => work.Input.Deserialize<TInput>(JsonSerializerOptions.Web)!;

    /// <summary>The last checkpoint reported, by this attempt or one before it.</summary>
    public TCheckpoint? Checkpoint<TCheckpoint>() =>
        work.Checkpoint is { } json ? json.Deserialize<TCheckpoint>(JsonSerializerOptions.Web) : default;

    /// <summary>Records how far it got.</summary>
    public async Task Report(
        int percent, IReadOnlyDictionary<string, long>? counts, object? checkpoint, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        Report(session, percent, counts, checkpoint);
        await session.SaveChangesAsync(cancellation);
    }

    public Task Report(int percent, IReadOnlyDictionary<string, long>? counts, CancellationToken cancellation) =>
        Report(percent, counts, checkpoint: null, cancellation);

    /// <summary>As above, saved with the caller's own changes: progress and effect in one transaction.</summary>
    public void Report(IDocumentSession session, int percent, IReadOnlyDictionary<string, long>? counts, object? checkpoint)
    {
        operation = operation with { Status = OperationStatus.Running, Percent = percent, Counts = counts ?? operation.Counts };
        session.Store(operation);
        if (checkpoint is not null)
            session.Store(work = work with { Checkpoint = JsonSerializer.SerializeToElement(checkpoint, JsonSerializerOptions.Web) });
    }

    /// <param name="forget">Keeps neither what it was asked with nor why.</param>
    internal async Task End(OperationStatus status, string? result, string? error, bool forget)
    {
        await using var session = store.LightweightSession();
        session.Store(operation with
        {
            Status = status,
            Result = result,
            Error = error,
            Percent = status is OperationStatus.Succeeded ? 100 : operation.Percent,
            Reason = forget ? null : operation.Reason,
        });
        session.Store(work with { Done = true, Input = forget ? JsonSerializer.SerializeToElement<object?>(null) : work.Input });
        session.Delete<SetAside>(SetAside.IdOf(OperationRunner.Named, Id.ToString()));
        await session.SaveChangesAsync(CancellationToken.None);
    }
}

/// <summary>Queues operations.</summary>
public sealed class Operations(TimeProvider clock)
{
    internal SemaphoreSlim Queued { get; } = new(0);

    /// <summary>Adds the operation to the caller's session; it starts once that is saved. Queueing an id again changes nothing.</summary>
    public async Task Queue<TInput>(
        IDocumentSession session, Guid id, string kind, Guid projectId, Guid by, TInput input, CancellationToken cancellation = default)
    {
        if (await session.LoadAsync<Operation>(id, cancellation) is not null)
            return;

        session.Insert(new Operation(id, kind, projectId, by, clock.GetUtcNow(), OperationStatus.Queued, 0, new Dictionary<string, long>(),
            null, null,
            Actor.Current?.Reason));
        session.Insert(new OperationWork(id, JsonSerializer.SerializeToElement(input, JsonSerializerOptions.Web), null, Done: false));
        Queued.Release();
    }
}

/// <summary>Operations that ended, by the day they were asked for; one that has not ended is kept however old it is.</summary>
internal sealed class EndedOperations(IDocumentStore store) : IRetained
{
    private const int AtOnce = 1000;

    public static string Name => "Operations";

    public static TimeSpan Period => TimeSpan.FromDays(90);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        for (var deleted = 0L; ;)
        {
            await using var session = store.LightweightSession();
            var old = await session.Query<Operation>()
                .Where(o => o.At < before && o.Status != OperationStatus.Queued && o.Status != OperationStatus.Running)
                .OrderBy(o => o.Id).Take(AtOnce).Select(o => o.Id).ToListAsync(cancellation);
            foreach (var id in old)
            {
                session.Delete<Operation>(id);
                session.Delete<OperationWork>(id);
                session.Delete<OperationCancellation>(id);
            }

            await session.SaveChangesAsync(cancellation);
            deleted += old.Count;
            if (old.Count < AtOnce)
                return deleted;
        }
    }
}

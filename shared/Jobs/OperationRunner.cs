using System.Collections.Concurrent;
using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CallCenter.Jobs;

/// <summary>
/// Works off queued operations, two at a time, of the projects in turn. Whoever works on one holds its lock in a
/// <see cref="LockSession"/>: a killed or frozen worker's operation is picked up by the next. One that fails for what may pass is set
/// aside and tried again after a growing wait, while the others go on; in the end it has failed.
/// </summary>
internal sealed class OperationRunner(
    IDocumentStore store, Operations operations, LockSessions locks, IReadOnlyDictionary<string, Type> handlers,
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<OperationRunner> log) : BackgroundService
{
    /// <summary>What is done with them: <see cref="SetAside.Work"/>.</summary>
    internal const string Named = "operation";

    // Without getting any further between them: with the growing waits, more than half a day.
    private const int MaxAttempts = 20;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, int> running = []; // by project, in this instance

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Connections.Operations).Select(_ => Work(stoppingToken)));

    private async Task Work(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await operations.Queued.WaitAsync(Poll, stopping);
                while (await RunNext(stopping))
                {
                    // Another may have been queued, and its project's turn may come first.
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Working off operations was interrupted; going on");
                await Task.Delay(Poll, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether there was one that nobody else works on.</returns>
    private async Task<bool> RunNext(CancellationToken stopping)
    {
        foreach (var operation in await Waiting(stopping))
        {
            running.AddOrUpdate(operation.ProjectId, 1, (_, count) => count + 1);
            try
            {
                if (await RunIfFree(operation, stopping))
                    return true;
            }
            finally
            {
                running.AddOrUpdate(operation.ProjectId, 0, (_, count) => count - 1);
            }
        }

        return false;
    }

    // Those of the project for which least is being done, the oldest first: one project's thousand imports keep nobody waiting.
    private async Task<IReadOnlyList<Operation>> Waiting(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var now = clock.GetUtcNow();
        var ids = await query.Query<OperationWork>().Where(w => !w.Done).Select(w => w.Id).ToListAsync(cancellation);
        var aside = ids.Count == 0 ? [] : await query.Query<SetAside>().Where(s => s.Work == Named && s.NextTry > now)
            .Select(s => s.Thing).ToListAsync(cancellation);
        var waiting = await query.LoadManyAsync<Operation>(cancellation, ids.Except(aside.Select(Guid.Parse)).ToArray());

        return [.. waiting.OrderBy(o => running.GetValueOrDefault(o.ProjectId)).ThenBy(o => o.Id)];
    }

    private async Task<bool> RunIfFree(Operation operation, CancellationToken stopping)
    {
        await using var hold = await locks.Open("operation", stopping);
        if (!await hold.TryTake(LockKey.Of(operation.Id), stopping))
            return false;

        await using var session = store.LightweightSession();
        var work = await session.LoadAsync<OperationWork>(operation.Id, stopping);
        var before = await session.LoadAsync<SetAside>(SetAside.IdOf(Named, operation.Id.ToString()), stopping);
        // Another may have ended it, or set it aside, since it was seen to wait.
        if (work is null or { Done: true } || before?.NextTry > clock.GetUtcNow())
            return false;

        await Run(hold, new OperationRun(store, (await session.LoadAsync<Operation>(operation.Id, stopping))!, work), before, stopping);
        return true;
    }

    private async Task Run(LockSession hold, OperationRun run, SetAside? before, CancellationToken stopping)
    {
        Actor.Current = Actor.Person(run.By, run.Reason); // whoever asked for it; an import names itself
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var result = await hold.While(held => Handle(run, scope.ServiceProvider, held), stopping,
                stillWanted: async cancellation => !await IsCancelled(run.Id, cancellation));
            await End(run, OperationStatus.Succeeded, result);
        }
        catch (OperationCanceledException)
        {
            // Stopped with the service: the next worker goes on. Otherwise somebody cancelled it.
            if (!stopping.IsCancellationRequested && await IsCancelled(run.Id, CancellationToken.None))
                await End(run, OperationStatus.Cancelled);
        }
        catch (Exception e) when (!Fault.IsOwn(e) && SetAside.After(
            run.GotFurther ? null : before, Named, run.Id.ToString(), e, clock.GetUtcNow()) is { Failures: < MaxAttempts } aside)
        {
            log.LogWarning(e, "Operation {Id} failed {Failures} times where it is; the next try is at {NextTry}", run.Id, aside.Failures,
                aside.NextTry);
            await using var session = store.LightweightSession();
            session.Store(aside);
            await session.SaveChangesAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            if (Fault.IsRefusal(e))
                log.LogInformation("Operation {Id} was refused: {Reason}", run.Id, e.Message);
            else
                log.LogError(e, "Operation {Id} failed", run.Id);
            await End(run, OperationStatus.Failed, error: e switch
            {
                InvalidException invalid => invalid.Errors[0].Message,
                RefusedException => e.Message,
                FileNotFoundException or DirectoryNotFoundException => "The file that it was to work on is gone.",
                _ => "An unexpected error; the log has it under the operation's id.",
            });
        }
    }

    private Task End(OperationRun run, OperationStatus status, string? result = null, string? error = null) =>
        run.End(status, result, error, forget: handlers.GetValueOrDefault(run.Kind)?.IsAssignableTo(typeof(IForgetsInput)) == true);

    private async Task<string?> Handle(OperationRun run, IServiceProvider services, CancellationToken cancellation)
    {
        await run.Report(0, null, cancellation);
        return await ((IOperationHandler)services.GetRequiredService(handlers[run.Kind])).Run(run, cancellation);
    }

    private async Task<bool> IsCancelled(Guid id, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        return await query.LoadAsync<OperationCancellation>(id, cancellation) is not null;
    }
}

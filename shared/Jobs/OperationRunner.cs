using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CallCenter.Jobs;

/// <summary>
/// Works off queued operations, two at a time. Whoever works on one holds its lock in a <see cref="LockSession"/>: a killed or
/// frozen worker's operation is picked up by the next.
/// </summary>
internal sealed class OperationRunner(
    IDocumentStore store, Operations operations, LockSessions locks, IReadOnlyDictionary<string, Type> handlers,
    IServiceScopeFactory scopes, ILogger<OperationRunner> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Work(stoppingToken), Work(stoppingToken));

    private async Task Work(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await operations.Queued.WaitAsync(Poll, stopping);
                foreach (var id in await Waiting(stopping))
                    await RunIfFree(id, stopping);
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

    private async Task<IReadOnlyList<Guid>> Waiting(CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        return await query.Query<OperationWork>().Where(w => !w.Done).OrderBy(w => w.Id).Select(w => w.Id).ToListAsync(cancellation);
    }

    private async Task RunIfFree(Guid id, CancellationToken stopping)
    {
        await using var hold = await locks.Open("operation", stopping);
        if (!await hold.TryTake(LockKey.Of(id), stopping))
            return;

        await using var session = store.LightweightSession();
        var work = await session.LoadAsync<OperationWork>(id, stopping);
        if (work is null or { Done: true })
            return;

        await Run(hold, new OperationRun(store, (await session.LoadAsync<Operation>(id, stopping))!, work), stopping);
    }

    private async Task Run(LockSession hold, OperationRun run, CancellationToken stopping)
    {
        Actor.Current = Actor.Person(run.By, run.Reason); // whoever asked for it; an import names itself
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var result = await hold.While(held => Handle(run, scope.ServiceProvider, held), stopping,
                stillWanted: async cancellation => !await IsCancelled(run.Id, cancellation));
            await run.End(OperationStatus.Succeeded, result, error: null);
        }
        catch (OperationCanceledException)
        {
            // Stopped with the service: the next worker goes on. Otherwise somebody cancelled it.
            if (!stopping.IsCancellationRequested && await IsCancelled(run.Id, CancellationToken.None))
                await run.End(OperationStatus.Cancelled, result: null, error: null);
        }
        catch (Exception e) when (!Transient.Is(e))
        {
            log.LogError(e, "Operation {Id} failed", run.Id);
            var reason = e is RefusedException or InvalidException ? (e as InvalidException)?.Errors[0].Message ?? e.Message
                : "An unexpected error; the log has it under the operation's id.";
            await run.End(OperationStatus.Failed, result: null, reason);
        }
    }

    private async Task<string?> Handle(OperationRun run, IServiceProvider services, CancellationToken cancellation)
    {
        await run.Report(0, null, cancellation);
        await using var query = store.QuerySession();
        var kind = (await query.LoadAsync<Operation>(run.Id, cancellation))!.Kind;

        return await ((IOperationHandler)services.GetRequiredService(handlers[kind])).Run(run, cancellation);
    }

    private async Task<bool> IsCancelled(Guid id, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        return await query.LoadAsync<OperationCancellation>(id, cancellation) is not null;
    }
}

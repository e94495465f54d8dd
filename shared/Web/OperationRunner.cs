using CallCenter.EventSourcing;
using CallCenter.Rules;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CallCenter.Web;

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

/// <summary>Which kinds of long work a service has.</summary>
public sealed class OperationKinds
{
    internal Dictionary<string, Type> Handlers { get; } = [];

    public void Handle<THandler>(string kind) where THandler : class, IOperationHandler => Handlers.Add(kind, typeof(THandler));
}

public static class OperationsSetup
{
    public static void AddOperations(this WebApplicationBuilder builder, Action<OperationKinds> configure)
    {
        var kinds = new OperationKinds();
        configure(kinds);
        foreach (var handler in kinds.Handlers.Values)
            builder.Services.AddScoped(handler);

        builder.Services.AddSingleton<Operations>();
        builder.Services.AddSingleton<IReadOnlyDictionary<string, Type>>(kinds.Handlers);
        builder.Services.AddHostedService<OperationRunner>();
        builder.Services.ConfigureMarten(options =>
        {
            options.RegisterDocumentType<Operation>();
            options.RegisterDocumentType<OperationCancellation>();
            options.Schema.For<OperationWork>().Duplicate(w => w.Done);
        });
    }

    /// <summary><c>GET /{service}-operations/{id}</c> and <c>DELETE</c> to cancel.</summary>
    /// <param name="path">Where this service's operations live, unique behind the gateway.</param>
    public static void MapOperations(this IEndpointRouteBuilder routes, string path)
    {
        routes.MapGet(path + "/{id:guid}", Get).WithTags("Operations").Describe("How far a long piece of work is");
        routes.MapDelete(path + "/{id:guid}", Cancel).WithTags("Operations").Describe("Cancel it; what was done stays done");
    }

    private static async Task<Ok<Operation>> Get(
        Guid id, Caller caller, IQuerySession session, HttpResponse response, CancellationToken cancellation)
    {
        var operation = await Find(id, caller, session, cancellation);
        if (!operation.Ended)
            response.Headers.RetryAfter = "1";
        return TypedResults.Ok(operation);
    }

    private static async Task<Accepted> Cancel(
        Guid id, Caller caller, IDocumentSession session, HttpRequest request, CancellationToken cancellation)
    {
        await Find(id, caller, session, cancellation);
        session.Store(new OperationCancellation(id, caller.Id));
        await session.SaveChangesAsync(cancellation);
        return TypedResults.Accepted(request.Path);
    }

    private static async Task<Operation> Find(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var operation = await session.LoadAsync<Operation>(id, cancellation) ?? throw new StreamNotFoundException(id);
        caller.MustSee(operation.ProjectId);
        return operation;
    }
}

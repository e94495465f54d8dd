using CallCenter.Calls.Contacts;
using CallCenter.Calls.Imports;
using CallCenter.Calls.Intake;
using CallCenter.Contracts;
using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Rules;
using Marten;

namespace CallCenter.Calls.Erasure;

/// <summary>The request. The id is in here alone.</summary>
public sealed record ErasureInput(string CustomerId);

/// <summary>
/// Finds the calls of a customer, and clears away what imports have left of them. The rest is done by everybody who is told, by this
/// service as well.
/// </summary>
internal sealed class CustomerErasureRun(
    CustomerCalls customers, ImportFolder folder, HeardRetention heard, IDocumentStore store, TimeProvider clock) : IForgetsInput
{
    public const string Kind = "customer-erasure";

    public async Task<string?> Run(OperationRun run, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var result = $"/customer-erasures/{run.Id}";
        if ((await session.Histories<CustomerErasure>([run.Id], cancellation)).ContainsKey(run.Id))
            return result; // all are told; it was cut off before it could say so

        var customer = run.Input<ErasureInput>().CustomerId;
        var imports = await ImportsAbout(run.ProjectId, customer, session, cancellation);
        var calls = await customers.Find(run.ProjectId, customer, cancellation);
        await heard.Ask(cancellation);
        await RequireNoHold(run.ProjectId, calls, session, cancellation);
        foreach (var import in imports)
            folder.Delete(import);
        run.Report(session, 99, new Dictionary<string, long> { ["calls"] = calls.Count }, checkpoint: null);
        await session.Start<CustomerErasure>(run.Id, erasure => erasure.IsKnown ? []
            : [new CustomerErased(run.Id, run.ProjectId, calls, run.By, clock.GetUtcNow())], cancellation);

        return result;
    }

    /// <summary>A restore has undone it; who was told of it says so.</summary>
    public static async Task OnceMore(IServiceProvider services, ErasureStandsV1 stands, CancellationToken cancellation)
    {
        Actor.Current = Actor.Job("erasure");
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        await session.Start<CustomerErasure>(stands.Id, erasure => erasure.IsKnown ? []
            : [new CustomerErased(stands.Id, stands.ProjectId ?? default, stands.About, stands.By, stands.RequestedAt)], cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    /// <exception cref="RefusedException">A legal hold covers some of the calls.</exception>
    private static async Task RequireNoHold(Guid project, IReadOnlyList<Guid> calls, IQuerySession query, CancellationToken cancellation)
    {
        if (await query.LoadAsync<RetentionV1>(project, cancellation) is not { LegalHolds: [_, ..] } said
            || await query.LoadAsync<ProjectV1>(project, cancellation) is not { } known)
            return;

        var held = new HeldDays(known, said);
        foreach (var some in calls.Chunk(CustomerCalls.AtOnce))
            foreach (var (id, (call, _)) in await query.Histories<Call>(some, cancellation))
                if (held.Include(call.StartedAt))
                    throw new RefusedException("legal-hold", $"A legal hold covers call {id}; ask again when it is released.");
    }

    // What an import is about to say of them is erased with the rest, so that has to end first: the worker does not wait for it, but
    // the run, which is tried again.
    private async Task<IReadOnlyList<Guid>> ImportsAbout(
        Guid project, string customer, IQuerySession query, CancellationToken cancellation)
    {
        var all = await query.Query<Operation>().Where(o => o.ProjectId == project && o.Kind == ImportRows.Kind).ToListAsync(cancellation);
        var about = all.Where(import => folder.Holds(import.Id, customer)).ToList();
        return about.Find(import => !import.Ended) is not { } going ? [.. about.Select(import => import.Id)]
            : throw new TimeoutException($"Import {going.Id} speaks of the customer and has not ended.");
    }
}

using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using Marten;

namespace CallCenter.Scheduling.Leaves;

/// <summary>
/// Why leave was declined tells of who asked for it, and is taken out of the events. The days stay: rosters are made of them.
/// </summary>
internal static class LeaveErasure
{
    public static async Task<long> Erase(IServiceProvider services, EmployeeErasedV1 erased, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        await using var session = store.LightweightSession();
        var leaves = await session.Query<Leave>().Where(l => l.AgentId == erased.Id).ToListAsync(cancellation);
        await store.EraseTexts([.. leaves.Select(leave => leave.Id)], cancellation);
        session.Store([.. leaves.Where(leave => leave.Reason is not null).Select(leave => leave with { Reason = "" })]);
        await session.SaveChangesAsync(cancellation);

        return leaves.Count;
    }
}

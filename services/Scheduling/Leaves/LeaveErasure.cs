using CallCenter.Contracts.People;
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
        var declined = await session.Query<Leave>().Where(l => l.AgentId == erased.Id && l.Status == LeaveStatus.Declined)
            .ToListAsync(cancellation);
        if (declined.Count == 0)
            return 0;

        await store.Advanced.ApplyEventDataMasking(masking =>
        {
            foreach (var leave in declined)
                masking.IncludeStream(leave.Id);
        }, cancellation);
        session.Store([.. declined.Select(leave => leave with { Reason = "" })]);
        await session.SaveChangesAsync(cancellation);

        return declined.Count;
    }
}

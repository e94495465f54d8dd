using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Scheduling.Leaves;

/// <summary>Why leave was declined is kept for as long as the project says, from its last day. A hold covers leave in its days.</summary>
internal sealed class LeaveRetention(IDocumentStore store) : IRetainedByProject
{
    public static string Kind => RetainedKinds.LeaveTexts;

    public async Task<SweptPart> Sweep(Sweep sweep, CancellationToken cancellation)
    {
        var (project, kept, held) = (sweep.Project.Id, sweep.FirstKept, sweep.Project.Held);
        await using var session = store.LightweightSession();
        var due = await session.Query<Leave>()
            .Where(leave => leave.ProjectId == project && leave.LastDay < kept && leave.Reason != null && leave.Reason != "")
            .ToListAsync(cancellation);
        return new(await sweep.Deletions.Each(due, leave => $"The reason of leave {leave.Id}", async leave =>
        {
            if (held.Include(leave.FirstDay, leave.LastDay))
                return new Swept(0, 1);

            await store.EraseTexts([leave.Id], cancellation); // a leave that was declined is written to no more
            await LeaveErasure.ForgetReasons(session, [leave.Id], cancellation);
            await session.SaveChangesAsync(cancellation);
            return new Swept(1, 0);
        }, cancellation));
    }
}

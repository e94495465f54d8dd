using CallCenter.Contracts.People;
using CallCenter.Jobs;
using Marten;

namespace CallCenter.Scheduling.Leaves;

/// <summary>Why leave was declined is kept for as long as the project says, from its last day. A hold covers leave in its days.</summary>
internal sealed class LeaveRetention(IDocumentStore store) : IRetainedByProject
{
    public static string Kind => RetainedKinds.LeaveTexts;

    public async Task<Swept> Delete(RetainedProject project, CancellationToken cancellation)
    {
        var (id, kept) = (project.Id, project.FirstKept!.Value);
        await using var query = store.QuerySession();
        var due = await query.Query<Leave>()
            .Where(leave => leave.ProjectId == id && leave.LastDay < kept && leave.Reason != null && leave.Reason != "")
            .ToListAsync(cancellation);
        var held = due.Where(leave => project.IsHeld(leave.FirstDay, leave.LastDay)).ToHashSet();
        await LeaveErasure.Texts.Erase(store, [.. due.Except(held).Select(leave => leave.Id)], cancellation);

        return new Swept(due.Count - held.Count, held.Count);
    }
}

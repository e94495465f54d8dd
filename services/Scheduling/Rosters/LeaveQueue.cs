using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.Projects;
using CallCenter.Web;
using Marten;
using Quartz;
using static CallCenter.Scheduling.Leaves.LeaveDecider;

namespace CallCenter.Scheduling.Rosters;

/// <summary>
/// Goes through those who wait, in the order in which they asked: what a project decides by itself is approved as soon as there is room,
/// and who waits too long is declined.
/// </summary>
internal sealed class LeaveQueue(IDocumentStore store, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "leave-queue";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var query = store.QuerySession();
        var projects = (await query.Query<LeavePolicies>().ToListAsync(cancellationToken))
            .Where(book => book.Entries.Any(e => e.Value.Automatic is not null || e.Value.WaitingEndsDaysBefore is not null))
            .Select(book => book.ProjectId).ToList();

        await fence.Each(Name, projects, id => $"{id}", (id, stopping) => Turn(id, clock.GetUtcNow(), stopping), cancellationToken);
    }

    internal async Task Turn(Guid projectId, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var query = store.QuerySession();
        var waiting = await query.Whole(await query.Query<Leave>()
            .Where(leave => leave.ProjectId == projectId && leave.Status == LeaveStatus.Requested).ToListAsync(cancellation), cancellation);

        foreach (var leave in waiting.OrderBy(leave => leave.RequestedAt).ThenBy(leave => leave.Id))
            await Turn(leave.Id, projectId, leave.AgentId, now, cancellation);
    }

    private async Task Turn(Guid id, Guid projectId, Guid agentId, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.LockLeave(projectId, agentId, cancellation);
        if (await session.WholeLeave(id, cancellation) is not { Status: LeaveStatus.Requested } leave
            || await session.LoadAsync<EmployeeV1>(agentId, cancellation) is not { } agent)
            return;

        var known = await session.CaseOf(leave, agent, now, cancellation);
        if (known.DecidedBecause is { } because && known.Left is not < 0)
        {
            await session.TakeEffect(leave, Guid.Empty, now, cancellation);
            await session.Decide<Leave>(id, leave.Version, state => Decide(new ApproveByPolicy(because, now), state), cancellation);
        }
        else if (known.Limit is not null && known.Policy.WaitingEndsDaysBefore is { } days
            && (await session.Project(projectId, cancellation)).Calendar.DayOf(now).AddDays(days) >= leave.FirstDay)
        {
            session.Tell(projectId, agentId, NoticeKind.LeaveDeclined, $"/leaves/{id}", leave.FirstDay, now);
            await session.Decide<Leave>(id, leave.Version, state => Decide(new EndWaiting(now), state), cancellation);
        }
    }
}

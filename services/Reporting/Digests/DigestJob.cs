using CallCenter.Contracts.People;
using CallCenter.Jobs;
using Marten;
using Quartz;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// Fires often and sends what is due and not sent. Which digests those are follows from the projects' calendars and from
/// what is stored, not from the trigger's history: a firing that was missed is made up for by the next one. How much it asks the
/// database does not depend on how many projects and digests there are, only on how many are due or have changed.
/// </summary>
internal sealed class DigestJob(DigestService digests, DigestRenderer renderer, IDocumentStore store, Fence fence) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        await Plan(session, cancellationToken);

        var changed = await renderer.ChangedWeeks(cancellationToken);
        await fence.Each("digest-comparison", changed.ToCompare, DigestService.NameOf, renderer.Restate, cancellationToken);
        await renderer.Forget(changed.Compared, cancellationToken);

        // Oldest first: a later week names what an earlier one has to correct.
        var unsent = await session.Query<Digest>().Where(d => d.Status == DigestStatus.Planned || d.Status == DigestStatus.Rendered)
            .OrderBy(d => d.Week).ToListAsync(cancellationToken);
        var run = new DigestRun();
        await fence.Each(DigestService.Work, unsent, digest => DigestService.NameOf(digest.Id),
            (digest, cancellation) => digests.Finish(digest, run, cancellation), cancellationToken);
    }

    private async Task Plan(IQuerySession session, CancellationToken cancellation)
    {
        var projects = await session.Query<ProjectV1>().ToListAsync(cancellation);
        var schedules = (await session.Query<DigestSchedule>().ToListAsync(cancellation)).ToDictionary(schedule => schedule.Id);
        var readers = (await session.Query<DigestReadership>().ToListAsync(cancellation)).ToLookup(reader => reader.ProjectId);
        await fence.Each("digest-planning", projects, project => $"project {project.Id}", (project, stopping) =>
            digests.PlanDue(project, schedules.GetValueOrDefault(project.Id), [.. readers[project.Id]], stopping), cancellation);
    }
}

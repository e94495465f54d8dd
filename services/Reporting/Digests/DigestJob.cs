using CallCenter.Contracts.People;
using CallCenter.Jobs;
using Marten;
using Quartz;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// Fires often and sends what is due and not sent. Which digests those are follows from the projects' calendars and from
/// what is stored, not from the trigger's history: a firing that was missed is made up for by the next one.
/// </summary>
internal sealed class DigestJob(DigestService digests, DigestRenderer renderer, IDocumentStore store, Fence fence) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var projects = await session.Query<ProjectV1>().ToListAsync(cancellationToken);
        await fence.Each("digest-planning", projects, project => $"project {project.Id}", digests.PlanDue, cancellationToken);
        await fence.Each("digest-comparison", await renderer.ToCompare(cancellationToken), id =>
            $"digest {id}", renderer.Restate, cancellationToken);

        // Oldest first: a later week names what an earlier one has to correct.
        var unsent = await session.Query<Digest>().Where(d => d.Status == DigestStatus.Planned || d.Status == DigestStatus.Rendered)
            .OrderBy(d => d.Week).ToListAsync(cancellationToken);
        var run = new DigestRun();
        await fence.Each("digest", unsent, digest => $"digest {digest.Id}",
            (digest, cancellation) => digests.Finish(digest, run, cancellation), cancellationToken);
    }
}

using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Reporting.RollUps;
using CallCenter.Time;
using Marten;
using static CallCenter.Reporting.Digests.DigestDecider;

namespace CallCenter.Reporting.Digests;

/// <summary>From "due" to "sent": plans, writes and sends digests. Whatever it is cut off at, the next run goes on from there.</summary>
internal sealed class DigestDesk(
    LockSessions locks, IDocumentStore store, RollUps.RollUps rollUps, DigestPress press, DigestDelivery delivery,
    DigestOptions options, TimeProvider clock) : IDisposable
{
    private static readonly LockKey Digests = LockKey.Of("digests");

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>One run of the job.</summary>
    public Task Run(CancellationToken stopping) => Alone(async cancellation =>
    {
        await using var session = store.LightweightSession();
        var now = clock.GetUtcNow();

        foreach (var project in await session.Query<ProjectV1>().ToListAsync(cancellation))
            await PlanDue(session, project, now, cancellation);

        await press.Restate(cancellation);
        await Finish(await Unsent(session, cancellation), cancellation);
        return true;
    }, stopping);

    /// <summary>Makes a week's digests now, one for each reader of the project.</summary>
    public Task<IReadOnlyList<Digest>> Make(ProjectV1 project, DateOnly week, CancellationToken stopping) =>
        Alone<IReadOnlyList<Digest>>(async cancellation =>
    {
        await using var session = store.LightweightSession();
        var ids = new List<Guid>();
        foreach (var reader in project.DigestReaders)
            ids.Add(await Plan(session, project, reader, week, clock.GetUtcNow(), cancellation));

        await Finish([.. await session.Query<Digest>().Where(d => d.Id.IsOneOf(ids)).ToListAsync(cancellation)], cancellation);

        await using var fresh = store.QuerySession();
        return [.. (await fresh.LoadManyAsync<Digest>(cancellation, ids)).OrderBy(digest => digest.Id)];
    }, stopping);

    public void Dispose() => turn.Dispose();

    // One at a time over all nodes, so that nobody writes or sends what another one is about to; within a node first, so
    // that a crowd of requests holds one connection and not all of them. Whoever is cut off or frozen lets go, and stops.
    private async Task<T> Alone<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await using var session = await locks.Open("digests", cancellation);
            await session.Take(Digests, cancellation);
            return await session.While(work, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task PlanDue(IDocumentSession session, ProjectV1 project, DateTimeOffset now, CancellationToken cancellation)
    {
        var calendar = LocalCalendar.Of(project.Zone, project.WeekStartsOn);
        var at = (await session.LoadAsync<DigestSchedule>(project.Id, cancellation))?.At ?? options.At;
        var known = await session.Query<DigestReadership>().Where(r => r.ProjectId == project.Id).ToListAsync(cancellation);

        foreach (var reader in project.DigestReaders)
        {
            var since = known.FirstOrDefault(r => r.ManagerId == reader.EmployeeId)?.Since ?? now;
            if (known.All(r => r.ManagerId != reader.EmployeeId))
                session.Store(new DigestReadership(NameId.Of("digest-reader", project.Id, reader.EmployeeId), project.Id, reader.EmployeeId, now));

            foreach (var week in DigestSchedule.DueWeeks(calendar, at, since, now, options.CatchUpWeeks))
                await Plan(session, project, reader, week, now, cancellation);
        }

        foreach (var gone in known.Where(r => project.DigestReaders.All(reader => reader.EmployeeId != r.ManagerId)))
            session.Delete(gone);
        await session.SaveChangesAsync(cancellation);
    }

    private async Task<Guid> Plan(
        IDocumentSession session, ProjectV1 project, DigestReader reader, DateOnly week, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = Digest.IdOf(reader.EmployeeId, project.Id, week);
        var command = new PlanDigest(id, project.Id, reader.EmployeeId, week, reader.Language, options.MailDomain, now);
        if (await session.LoadAsync<Digest>(id, cancellation) is null)
            await session.Start<Digest>(id, state => Decide(command, state), cancellation);

        return id;
    }

    private async Task Finish(IReadOnlyList<Digest> digests, CancellationToken cancellation)
    {
        var planned = digests.Where(digest => digest.Status == DigestStatus.Planned).ToArray();
        foreach (var project in planned.Select(digest => digest.ProjectId).Distinct())
            await rollUps.Run(project, settled: false, again: null, cancellation); // a digest knows all that has arrived

        // Oldest first: a later week names what an earlier one has to correct.
        foreach (var digest in planned.OrderBy(digest => digest.Week))
            await press.Render(digest.Id, cancellation);

        await delivery.SendAll([.. digests.Where(digest => digest.Status != DigestStatus.Sent).Select(digest => digest.Id)], cancellation);
    }

    private static async Task<IReadOnlyList<Digest>> Unsent(IQuerySession session, CancellationToken cancellation) =>
        await session.Query<Digest>().Where(d => d.Status == DigestStatus.Planned || d.Status == DigestStatus.Rendered).ToListAsync(cancellation);
}

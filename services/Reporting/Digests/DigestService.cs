using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Time;
using MailKit.Net.Smtp;
using Marten;
using static CallCenter.Reporting.Digests.DigestDecider;

namespace CallCenter.Reporting.Digests;

/// <summary>From "due" to "sent": plans, renders and sends digests. Whatever it is cut off at, the next run goes on from there.</summary>
internal sealed class DigestService(
    LockSessions locks, IDocumentStore store, RollUps.RollUps rollUps, DigestRenderer renderer, DigestDelivery delivery,
    DigestOptions options, TimeProvider clock, ILogger<DigestService> log) : IDisposable
{
    private const int AtOnce = 4;

    // A crowd of requests holds a few connections and not all of them.
    private readonly SemaphoreSlim turns = new(AtOnce);

    /// <summary>Plans the digests of a project that have fallen due.</summary>
    public async Task PlanDue(ProjectV1 project, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var now = clock.GetUtcNow();
        var calendar = LocalCalendar.Of(project.Zone, project.WeekStartsOn);
        var at = (await session.LoadAsync<DigestSchedule>(project.Id, cancellation))?.At ?? options.At;
        var known = await session.Query<DigestReadership>().Where(r => r.ProjectId == project.Id).ToListAsync(cancellation);

        foreach (var reader in project.DigestReaders)
        {
            var since = known.FirstOrDefault(r => r.ManagerId == reader.EmployeeId)?.Since ?? now;
            if (known.All(r => r.ManagerId != reader.EmployeeId))
                session.Store(new DigestReadership(
                    NameId.Of("digest-reader", project.Id, reader.EmployeeId), project.Id, reader.EmployeeId, now));

            foreach (var week in DigestSchedule.DueWeeks(calendar, at, since, now, options.CatchUpWeeks))
                await Plan(session, project, reader, week, now, cancellation);
        }

        foreach (var gone in known.Where(r => project.DigestReaders.All(reader => reader.EmployeeId != r.ManagerId)))
            session.Delete(gone);
        await session.SaveChangesAsync(cancellation);
    }

    /// <summary>Makes a week's digests now, one for each reader of the project.</summary>
    public async Task<IReadOnlyList<Digest>> Make(ProjectV1 project, DateOnly week, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var ids = new List<Guid>();
        foreach (var reader in project.DigestReaders)
            ids.Add(await Plan(session, project, reader, week, clock.GetUtcNow(), cancellation));

        var run = new DigestRun();
        foreach (var id in ids)
            try
            {
                await Finish(id, project.Id, run, wait: true, cancellation);
            }
            catch (SmtpCommandException refused)
            {
                log.LogWarning(refused, "The mail server refused digest {DigestId}; it will be tried again", id);
            }

        await using var fresh = store.QuerySession();
        return [.. (await fresh.LoadManyAsync<Digest>(cancellation, ids)).OrderBy(digest => digest.Id)];
    }

    /// <summary>Renders and sends a digest, unless another instance or a request is about it.</summary>
    public Task Finish(Digest digest, DigestRun run, CancellationToken cancellation) =>
        Finish(digest.Id, digest.ProjectId, run, wait: false, cancellation);

    public void Dispose() => turns.Dispose();

    // One holds a digest's lock over all instances, so that nobody writes or sends what another one is about to. Whoever is
    // cut off or frozen lets go, and stops.
    private async Task Finish(Guid id, Guid projectId, DigestRun run, bool wait, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        try
        {
            await using var hold = await locks.Open("digest", cancellation);
            var digest = LockKey.Of("digest", id);
            if (wait)
                await hold.Take(digest, cancellation);
            else if (!await hold.TryTake(digest, cancellation))
                return;

            await hold.While(async held =>
            {
                await RenderAndSend(id, projectId, run, held);
                return true;
            }, cancellation);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task RenderAndSend(Guid id, Guid projectId, DigestRun run, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        if (await session.LoadAsync<Digest>(id, cancellation) is { Status: DigestStatus.Planned })
        {
            if (run.RolledUp.Add(projectId))
                await rollUps.Run(projectId, settled: false, again: null, cancellation); // a digest knows all that has arrived
            await renderer.Render(id, cancellation);
        }

        if (!run.MailIsAway)
            run.MailIsAway = !await delivery.Send(id, cancellation);
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
}

/// <summary>What holds for all digests that are finished in one go.</summary>
internal sealed class DigestRun
{
    /// <summary>Projects whose figures were brought up to date.</summary>
    public HashSet<Guid> RolledUp { get; } = [];

    /// <summary>The mail server does not answer: nothing more is sent.</summary>
    public bool MailIsAway { get; set; }
}

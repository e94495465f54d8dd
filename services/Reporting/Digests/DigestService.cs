using CallCenter.Contracts.People;
using CallCenter.EventSourcing;
using CallCenter.Time;
using Marten;
using static CallCenter.Reporting.Digests.DigestDecider;

namespace CallCenter.Reporting.Digests;

/// <summary>From "due" to "sent": plans, renders and sends digests. Whatever it is cut off at, the next run goes on from there.</summary>
internal sealed class DigestService(
    DigestClaims claims, IDocumentStore store, RollUps.RollUps rollUps, DigestRenderer renderer, DigestDelivery delivery,
    DigestOptions options, TimeProvider clock, ILogger<DigestService> log) : IDisposable
{
    /// <summary>What is done with digests: <see cref="SetAside.Work"/>.</summary>
    public const string Work = "digest";

    private const int AtOnce = 4;
    private const int Attempts = 5;

    // A crowd of requests holds a few connections and not all of them.
    private readonly SemaphoreSlim turns = new(AtOnce);

    /// <summary>A digest's name among what is set aside.</summary>
    public static string NameOf(Guid digestId) => $"digest {digestId}";

    /// <summary>Plans the digests of a project that have fallen due. Without any it asks the database nothing.</summary>
    /// <param name="schedule">The project's own; null where it has none.</param>
    /// <param name="known">Who was a reader of the project at the last run.</param>
    public async Task PlanDue(
        ProjectV1 project, DigestSchedule? schedule, IReadOnlyList<DigestReadership> known, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var calendar = LocalCalendar.Of(project.Zone, project.WeekStartsOn);
        var gone = known.Where(r => project.DigestReaders.All(reader => reader.EmployeeId != r.ManagerId)).ToList();
        var due = project.DigestReaders.Select(reader => (Reader: reader, Readership: Readership(project.Id, reader, known, now)))
            .Select(r => (r.Reader, r.Readership, Weeks: r.Readership.Due(calendar, schedule?.At ?? options.At, now, options.CatchUpWeeks)))
            .Where(r => r.Weeks.Count > 0 || !known.Contains(r.Readership)).ToList();
        if (gone.Count == 0 && due.Count == 0)
            return;

        await using var session = store.LightweightSession();
        foreach (var (reader, readership, weeks) in due)
        {
            foreach (var week in weeks)
                await Plan(session, project, reader, week, now, cancellation);
            session.Store(weeks is [.., var last] ? readership with { PlannedThrough = last } : readership);
        }

        foreach (var left in gone)
            session.Delete(left);
        await session.SaveChangesAsync(cancellation);
    }

    private static DigestReadership Readership(
        Guid projectId, DigestReader reader, IReadOnlyList<DigestReadership> known, DateTimeOffset now) =>
        known.FirstOrDefault(r => r.ManagerId == reader.EmployeeId)
            ?? new(NameId.Of("digest-reader", projectId, reader.EmployeeId), projectId, reader.EmployeeId, now);

    /// <summary>
    /// Makes a week's digests now, one for each reader of the project. What the mail server does not take is tried again.
    /// </summary>
    public async Task<IReadOnlyList<Digest>> Make(ProjectV1 project, DateOnly week, CancellationToken cancellation)
    {
        // Whoever asks at the same moment gets the same digests.
        var ids = await Conflict.Retry(Attempts, async () =>
        {
            await using var session = store.LightweightSession();
            var planned = new List<Guid>();
            foreach (var reader in project.DigestReaders)
                planned.Add(await Plan(session, project, reader, week, clock.GetUtcNow(), cancellation));
            return planned;
        });

        var run = new DigestRun();
        foreach (var id in ids)
            try
            {
                await Finish(id, project.Id, run, wait: true, cancellation);
            }
            catch (Exception refused) when (DigestDelivery.CauseOf(refused) is not MailCauses.Failed)
            {
                log.LogWarning(refused, "The mail server did not take digest {DigestId}; it will be tried again", id);
            }

        await using var fresh = store.QuerySession();
        return [.. (await fresh.LoadManyAsync<Digest>(cancellation, ids)).OrderBy(digest => digest.Id)];
    }

    /// <summary>Renders and sends a digest, unless another instance or a request is about it.</summary>
    public Task Finish(Digest digest, DigestRun run, CancellationToken cancellation) =>
        Finish(digest.Id, digest.ProjectId, run, wait: false, cancellation);

    public void Dispose() => turns.Dispose();

    private async Task Finish(Guid id, Guid projectId, DigestRun run, bool wait, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        try
        {
            await using var claim = wait ? await claims.Take(id, cancellation) : await claims.TryTake(id, cancellation);
            if (claim is not null)
                await RenderAndSend(claim, projectId, run, cancellation);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task RenderAndSend(DigestClaim claim, Guid projectId, DigestRun run, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        if (await session.LoadAsync<Digest>(claim.DigestId, cancellation) is not { IsOpen: true } digest)
            return;

        if (await session.LoadAsync<ProjectV1>(projectId, cancellation) is { } project
            && project.DigestReaders.All(reader => reader.EmployeeId != digest.ManagerId))
        {
            var ending = new EndDigest(MailCauses.ReaderLeft, clock.GetUtcNow());
            await Change(digest.Id, state => Decide(ending, state), cancellation);
            return;
        }

        try
        {
            if (digest.Status is DigestStatus.Planned)
            {
                if (run.RolledUp.Add(projectId))
                    await rollUps.Run(projectId, settled: false, again: null, cancellation); // a digest knows all that has arrived
                await renderer.Render(digest.Id, cancellation);
            }

            if (run.MailIsAway is { } away)
                await HoldBack(digest, MailCauses.ServerAway, away);
            else
                await delivery.Send(claim, cancellation);
        }
        catch (MailServerAwayException away)
        {
            run.MailIsAway = away;
            await HoldBack(digest, MailCauses.ServerAway, away);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            await HoldBack(digest, DigestDelivery.CauseOf(failure), failure);
            throw;
        }
    }

    // Once for each cause: it is tried again and again.
    private async Task HoldBack(Digest digest, string cause, Exception failure)
    {
        if (digest.Hold?.Cause == cause)
            return;

        log.LogWarning(failure, "Digest {DigestId} cannot be sent now ({Cause}) and is tried again", digest.Id, cause);
        var holding = new HoldDigestBack(cause, clock.GetUtcNow());
        await Change(digest.Id, state => Decide(holding, state), CancellationToken.None);
    }

    private Task<long> Change(Guid id, Func<Digest, object[]> decide, CancellationToken cancellation) =>
        Conflict.Retry(attempts: 5, async () =>
        {
            await using var session = store.LightweightSession();
            return await session.Decide(id, decide, cancellation);
        });

    private async Task<Guid> Plan(
        IDocumentSession session, ProjectV1 project, DigestReader reader, DateOnly week, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = Digest.IdOf(reader.EmployeeId, project.Id, week);
        var command = new PlanDigest(id, project.Id, reader.EmployeeId, week, reader.Language, options.MailDomain, now);
        if (await session.LoadAsync<Digest>(id, cancellation) is null or { Status: DigestStatus.Ended })
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
    public MailServerAwayException? MailIsAway { get; set; }
}

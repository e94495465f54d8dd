using System.Security.Cryptography;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.EventSourcing;
using CallCenter.Reporting.Digests;
using CallCenter.Time;
using Marten;
using MimeKit;
using static CallCenter.Reporting.QaLetters.QaLetterDecider;

namespace CallCenter.Reporting.QaLetters;

/// <summary>That the letters of a report were written, to whoever read the project's mails when it was told.</summary>
public sealed record QaMailing(Guid Id, Guid ProjectId, int Letters, DateTimeOffset At);

/// <summary>
/// From a report that Quality has told to a mail for each of the project's readers, sent once whatever crashes: by the claims, the delivery
/// and the stored bytes of digests (decision 61).
/// </summary>
internal sealed class QaLetterService(
    DigestClaims claims, DigestDelivery delivery, IDocumentStore store, DigestOptions options, TimeProvider clock,
        ILogger<QaLetterService> log)
{
    private const int Attempts = 5;

    /// <summary>Writes the letters of a report, all in one transaction; waits for the next run where readers are not known yet.</summary>
    public async Task Write(Guid reportId, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<QaReportV1>(reportId, cancellation) is not { } report
            || await session.LoadAsync<ProjectV1>(report.ProjectId, cancellation) is not { } project)
            return;

        // Since when somebody reads is noted with digests: what was told before is not sent to them.
        var since = (await session.Query<DigestReadership>().Where(r => r.ProjectId == project.Id).ToListAsync(cancellation))
            .ToDictionary(r => r.ManagerId, r => r.Since);
        if (project.DigestReaders.Any(reader => !since.ContainsKey(reader.EmployeeId)))
            return;

        var readers = project.DigestReaders.Where(reader => since[reader.EmployeeId] <= report.ToldAt).ToList();
        var names = (await session.LoadManyAsync<EmployeeV1>(cancellation, [.. QaLetterMail.People(report)]))
            .ToDictionary(person => person.Id, person => person.Name);
        foreach (var reader in readers)
            await Write(session, report, project, reader, names, now, cancellation);
        session.Insert(new QaMailing(reportId, project.Id, readers.Count, now));
        await session.SaveChangesAsync(cancellation);
    }

    private async Task Write(
        IDocumentSession session, QaReportV1 report, ProjectV1 project, DigestReader reader, IReadOnlyDictionary<Guid, string> names,
        DateTimeOffset now, CancellationToken cancellation)
    {
        var id = QaLetter.IdOf(reader.EmployeeId, report.Id);
        var messageId = $"qa-report.{id:N}@{options.MailDomain}";
        using var mail = QaLetterMail.Compose(report, reader.Language, names, messageId, MailboxAddress.Parse(options.From),
            new MailboxAddress("", reader.Email), LocalCalendar.Of(project.Zone, project.WeekStartsOn).Local(now));
        var bytes = DigestMail.Bytes(mail);
        var stream = await session.Events.FetchForWriting<QaLetter>(id, cancellation);
        var written = Decide(new WriteQaLetter(
            id, report.Id, project.Id, reader.EmployeeId, report.Period, report.From, report.Version, reader.Language, messageId,
            Convert.ToHexString(SHA256.HashData(bytes)), bytes.Length, now), stream.Aggregate ?? new QaLetter());
        if (written is [])
            return;

        session.Events.StartStream<QaLetter>(id, written);
        session.Insert(new StoredMail(id, reader.Email, bytes));
    }

    /// <summary>Sends a letter, unless another instance is about it.</summary>
    public async Task Send(QaLetter letter, MailRun run, CancellationToken cancellation)
    {
        await using var claim = await claims.TryTake(letter.Id, cancellation);
        if (claim is null)
            return;

        await using var session = store.QuerySession();
        if (await session.LoadAsync<QaLetter>(letter.Id, cancellation) is not { Status: QaLetterStatus.Written } open)
            return;
        if (await session.LoadAsync<StoredMail>(open.Id, cancellation) is not { } mail)
        {
            await Change(open.Id, state => Decide(new EndQaLetter(MailCauses.Erased, clock.GetUtcNow()), state), cancellation);
            return;
        }

        if (await session.LoadAsync<ProjectV1>(open.ProjectId, cancellation) is { } project
            && project.DigestReaders.All(reader => reader.EmployeeId != open.ReaderId))
        {
            await Change(open.Id, state => Decide(new EndQaLetter(MailCauses.ReaderLeft, clock.GetUtcNow()), state), cancellation);
            return;
        }

        try
        {
            if (run.Away is { } known)
                throw known;
            if (await delivery.Send(mail, claim.IsHeld, cancellation))
                await Change(open.Id, state => Decide(new RecordQaLetterSent(claim.Number, clock.GetUtcNow()), state),
                    CancellationToken.None);
            else
                log.LogWarning("This node stood still, and another has taken letter {LetterId}: it is not sent from here", open.Id);
        }
        catch (MailServerAwayException away)
        {
            run.Away = away;
            await HoldBack(open, MailCauses.ServerAway);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            await HoldBack(open, DigestDelivery.CauseOf(failure));
            throw;
        }
    }

    // Once for each cause: it is tried again and again.
    private Task<long> HoldBack(QaLetter letter, string cause) =>
        Change(letter.Id, state => Decide(new HoldQaLetterBack(cause, clock.GetUtcNow()), state), CancellationToken.None);

    private Task<long> Change(Guid id, Func<QaLetter, object[]> decide, CancellationToken cancellation) =>
        Conflict.Retry(Attempts, async () =>
    {
        await using var session = store.LightweightSession();
        return await session.Decide(id, decide, cancellation);
    });
}

/// <summary>What holds for all letters that are sent in one go.</summary>
internal sealed class MailRun
{
    /// <summary>The mail server does not answer: nothing more is sent.</summary>
    public MailServerAwayException? Away { get; set; }
}

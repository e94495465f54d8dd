using CallCenter.Contracts.People;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Reporting.Digests;
using Marten;
using MimeKit;
using Quartz;

namespace CallCenter.Reporting.Reminders;

public enum ReminderMailStatus { Waiting, Sent, NotWanted }

/// <summary>What became of a reminder's mail. Its bytes are stored as a digest's are, and are the same whenever it is sent again.</summary>
/// <param name="Id">Of the reminder.</param>
/// <param name="SentAt">When the mail server took it; null while it has not.</param>
public sealed record ReminderMail(
    Guid Id, Guid ProjectId, Guid PersonId, ReminderMailStatus Status, DateTimeOffset RemindedAt, DateTimeOffset? SentAt = null);

/// <summary>
/// Mails what falls due to those who want it, by the way that digests go: written once with an id that does not change, then handed to the
/// mail server by whoever holds the claim (decision 61). Who does not want it when it is written is not asked again.
/// </summary>
internal sealed class ReminderMailJob(
    IDocumentStore store, DigestClaims claims, DigestDelivery delivery, DigestOptions options, TimeProvider clock, Fence fence) : IJob
{
    public const string Name = "reminder-mails";

    // What is heard of later is no news any more.
    private static readonly TimeSpan Reach = TimeSpan.FromDays(2);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - Reach;
        await using var query = store.QuerySession();
        var reminders = await query.Query<TrainingReminderV1>().Where(r => r.RemindedAt >= since).ToListAsync(cancellationToken);
        var known = (await query.LoadManyAsync<ReminderMail>(cancellationToken, reminders.Select(r => r.Id).ToArray()))
            .Select(mail => mail.Id).ToHashSet();
        await fence.Each("reminder-writing", [.. reminders.Where(r => !known.Contains(r.Id))], r => $"reminder {r.Id}", Write, cancellationToken);

        var waiting = await query.Query<ReminderMail>().Where(mail => mail.Status == ReminderMailStatus.Waiting)
            .ToListAsync(cancellationToken);
        await fence.Each(Name, waiting, mail => $"reminder {mail.Id}", Send, cancellationToken);
    }

    private async Task Write(TrainingReminderV1 reminder, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.Lock([reminder.Id], cancellation);
        if (await session.LoadAsync<ReminderMail>(reminder.Id, cancellation) is not null)
            return;

        var person = await session.LoadAsync<EmployeeV1>(reminder.PersonId, cancellation);
        var settings = await session.LoadAsync<ReminderSettings>(reminder.PersonId, cancellation);
        var wanted = person is not null && settings is { Mail: true, Email: not null };
        if (wanted)
            session.Insert(new StoredMail(reminder.Id, settings!.Email!, Compose(reminder, settings, person!.Zone)));
        session.Insert(new ReminderMail(reminder.Id, reminder.ProjectId, reminder.PersonId,
            wanted ? ReminderMailStatus.Waiting : ReminderMailStatus.NotWanted, reminder.RemindedAt));
        await session.SaveChangesAsync(cancellation);
    }

    private byte[] Compose(TrainingReminderV1 reminder, ReminderSettings settings, string zone)
    {
        var (subject, text) = ReminderResources.Of(reminder, settings.Language, zone, options.Gateway);
        using var mail = new MimeMessage
        {
            MessageId = $"reminder.{reminder.Id:N}@{options.MailDomain}", Subject = subject, Date = reminder.RemindedAt,
            Body = new TextPart("plain") { Text = text },
        };
        mail.From.Add(MailboxAddress.Parse(options.From));
        mail.To.Add(MailboxAddress.Parse(settings.Email!));
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Prepare(EncodingConstraint.SevenBit);
        return DigestMail.Bytes(mail);
    }

    private async Task Send(ReminderMail waiting, CancellationToken cancellation)
    {
        if (await claims.TryTake(waiting.Id, cancellation) is not { } claim)
            return;
        await using var turn = claim;
        await using var session = store.LightweightSession();
        if (await session.LoadAsync<ReminderMail>(waiting.Id, cancellation) is not { Status: ReminderMailStatus.Waiting } mail)
            return;
        var settings = await session.LoadAsync<ReminderSettings>(mail.PersonId, cancellation);
        if (await session.LoadAsync<StoredMail>(mail.Id, cancellation) is not { } stored || settings is not { Mail: true })
        {
            session.Store(mail with { Status = ReminderMailStatus.NotWanted });
            session.Delete<StoredMail>(mail.Id);
        }
        else if (await delivery.Send(stored, claim.IsHeld, cancellation))
            session.Store(mail with { Status = ReminderMailStatus.Sent, SentAt = clock.GetUtcNow() });

        // That it was taken is so, whoever may have stopped us.
        await session.SaveChangesAsync(CancellationToken.None);
    }
}

/// <summary>Mails of reminders are kept for a time.</summary>
internal sealed class OldReminderMails(IDocumentStore store) : IRetained
{
    private const int AtOnce = 1000;

    public static string Name => "ReminderMails";

    public static TimeSpan Period => TimeSpan.FromDays(90);

    public async Task<long> Delete(DateTimeOffset before, CancellationToken cancellation)
    {
        for (var deleted = 0L; ;)
        {
            await using var session = store.LightweightSession();
            var old = (await session.Query<ReminderMail>().Where(mail => mail.RemindedAt < before).OrderBy(mail => mail.Id).Take(AtOnce)
                .Select(mail => mail.Id).ToListAsync(cancellation)).ToArray();
            session.DeleteWhere<StoredMail>(mail => mail.Id.IsOneOf(old));
            session.DeleteWhere<ReminderMail>(mail => mail.Id.IsOneOf(old));
            await session.SaveChangesAsync(cancellation);
            deleted += old.Length;
            if (old.Length < AtOnce)
                return deleted;
        }
    }
}

/// <summary>An address tells who somebody was.</summary>
internal static class ReminderErasure
{
    public static async Task<long> Erase(IServiceProvider services, EmployeeErasedV1 erased, CancellationToken cancellation)
    {
        await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession();
        var mails = (await session.Query<ReminderMail>().Where(mail => mail.PersonId == erased.Id).Select(mail => mail.Id)
            .ToListAsync(cancellation)).ToArray();
        var settings = await session.Query<ReminderSettings>().CountAsync(s => s.Id == erased.Id, cancellation);
        session.DeleteWhere<StoredMail>(mail => mail.Id.IsOneOf(mails));
        session.DeleteWhere<ReminderSettings>(s => s.Id == erased.Id);
        await session.SaveChangesAsync(cancellation);

        return mails.Length + settings;
    }
}

using CallCenter.EventSourcing;
using CallCenter.Health;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Marten;
using MimeKit;
using static CallCenter.Reporting.Digests.DigestDecider;

namespace CallCenter.Reporting.Digests;

/// <summary>
/// Hands written digests to the mail server. Between its answer and our record of it lies a moment in which a crash
/// leaves us not knowing; the mail is then sent again, the same bytes under the same Message-Id (decision 61).
/// </summary>
internal sealed class DigestDelivery(
    IDocumentStore store, DigestOptions options, ServiceMeter meter, TimeProvider clock, ILogger<DigestDelivery> log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Sends a digest if it is rendered and not sent.</summary>
    /// <returns>False when the mail server is away, and the digest stays for the next run.</returns>
    /// <exception cref="SmtpCommandException">The mail server refused this one.</exception>
    public async Task<bool> Send(Guid digestId, CancellationToken cancellation)
    {
        try
        {
            await SendRendered(digestId, cancellation);
            return true;
        }
        catch (Exception away) when (away is SmtpProtocolException or ServiceNotConnectedException || Transient.Is(away))
        {
            log.LogWarning(away, "The mail server is away; digest {DigestId} and those after it will be tried again", digestId);
            return false;
        }
    }

    private async Task SendRendered(Guid digestId, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        if (await session.LoadAsync<Digest>(digestId, cancellation) is not { Status: DigestStatus.Rendered })
            return;

        var stored = await session.LoadAsync<StoredMail>(digestId, cancellation)
            ?? throw new InvalidOperationException($"The mail of digest {digestId} is gone.");
        await Send(stored, cancellation);

        var now = clock.GetUtcNow();
        await session.Decide<Digest>(digestId, state => Decide(new RecordSent(now), state), cancellation);
        meter.Add(DigestHealth.Sent);
        log.LogInformation("Digest {DigestId} sent", digestId);
    }

    internal async Task Send(StoredMail stored, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        try
        {
            using var mail = await MimeMessage.LoadAsync(new MemoryStream(stored.Bytes), deadline.Token);
            using var smtp = new SmtpClient();
            await smtp.ConnectAsync(options.SmtpHost, options.SmtpPort, SecureSocketOptions.Auto, deadline.Token);
            if (options.SmtpUser is { Length: > 0 } user)
                await smtp.AuthenticateAsync(user, options.SmtpPassword, deadline.Token);
            await smtp.SendAsync(DigestMail.Format, mail, MailboxAddress.Parse(options.From), [MailboxAddress.Parse(stored.To)],
                deadline.Token);
            await smtp.DisconnectAsync(quit: true, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server did not take the mail within {Deadline.TotalSeconds:0} s.");
        }
    }
}

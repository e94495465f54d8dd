using CallCenter.EventSourcing;
using CallCenter.Health;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Marten;
using MimeKit;
using static CallCenter.Reporting.Digests.DigestDecider;

namespace CallCenter.Reporting.Digests;

/// <summary>Nobody takes mails there now: that says nothing of the mail that was to be sent.</summary>
internal sealed class MailServerAwayException(Exception cause) : Exception("The mail server is away.", cause);

/// <summary>
/// Hands written digests to the mail server. Between its answer and our record of it lies a moment in which a crash
/// leaves us not knowing; the mail is then sent again, the same bytes under the same Message-Id (decision 61).
/// </summary>
internal sealed class DigestDelivery(
    IDocumentStore store, DigestOptions options, ServiceMeter meter, TimeProvider clock, ILogger<DigestDelivery> log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Sends a digest if it is rendered and not sent.</summary>
    /// <exception cref="MailServerAwayException">It stays for the next run.</exception>
    /// <exception cref="Exception">The mail server did not take this one: <see cref="CauseOf"/>.</exception>
    public async Task Send(DigestClaim claim, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        if (await session.LoadAsync<Digest>(claim.DigestId, cancellation) is not { Status: DigestStatus.Rendered })
            return;

        var stored = await session.LoadAsync<StoredMail>(claim.DigestId, cancellation)
            ?? throw new InvalidOperationException($"The mail of digest {claim.DigestId} is gone.");
        if (await Send(stored, claim.IsHeld, cancellation))
            await Record(claim);
        else
            log.LogWarning("This node stood still, and another has taken digest {DigestId}: it is not sent from here", claim.DigestId);
    }

    /// <summary>Why a mail was not taken, as its digest tells it.</summary>
    public static string CauseOf(Exception failure) => failure switch
    {
        MailServerAwayException => MailCauses.ServerAway,
        AuthenticationException or ServiceNotAuthenticatedException or NotSupportedException => MailCauses.LoginRefused,
        SmtpCommandException { StatusCode: SmtpStatusCode.AuthenticationRequired or SmtpStatusCode.AuthenticationInvalidCredentials } =>
            MailCauses.LoginRefused,
        SmtpCommandException => MailCauses.MailRefused,
        _ => MailCauses.Failed,
    };

    /// <param name="isOurs">Asked right before the mail leaves.</param>
    /// <returns>False when it was not ours to send any more.</returns>
    internal async Task<bool> Send(StoredMail stored, Func<CancellationToken, Task<bool>> isOurs, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        try
        {
            using var mail = await MimeMessage.LoadAsync(new MemoryStream(stored.Bytes), deadline.Token);
            using var smtp = await Connect(deadline.Token, cancellation);
            if (options.SmtpUser is { Length: > 0 } user)
                await smtp.AuthenticateAsync(user, options.SmtpPassword, deadline.Token);
            if (!await isOurs(deadline.Token))
                return false;

            await smtp.SendAsync(DigestMail.Format, mail, MailboxAddress.Parse(options.From), [MailboxAddress.Parse(stored.To)],
                deadline.Token);
            await Leave(smtp, deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server did not take the mail within {Deadline.TotalSeconds:0} s.");
        }
    }

    private async Task<SmtpClient> Connect(CancellationToken deadline, CancellationToken cancellation)
    {
        var smtp = new SmtpClient();
        try
        {
            await smtp.ConnectAsync(options.SmtpHost, options.SmtpPort, SecureSocketOptions.Auto, deadline);
            return smtp;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            smtp.Dispose();
            throw new MailServerAwayException(e);
        }
    }

    // The mail is taken, however the conversation ends.
    private static async Task Leave(SmtpClient smtp, CancellationToken deadline)
    {
        try
        {
            await smtp.DisconnectAsync(quit: true, deadline);
        }
        catch (Exception e) when (e is IOException or ProtocolException or OperationCanceledException)
        {
        }
    }

    // That it was taken is so, whoever may have stopped us or sent it meanwhile.
    private async Task Record(DigestClaim claim)
    {
        var twice = false;
        await Conflict.Retry(attempts: 5, async () =>
        {
            await using var session = store.LightweightSession();
            return await session.Decide<Digest>(claim.DigestId, state =>
            {
                twice = state.Status is DigestStatus.Sent;
                return Decide(new RecordSent(claim.Number, clock.GetUtcNow()), state);
            }, CancellationToken.None);
        });

        meter.Add(DigestHealth.Sent);
        if (twice)
            log.LogError("Digest {DigestId} was sent twice, with one Message-Id: this node stood still while it sent", claim.DigestId);
        else
            log.LogInformation("Digest {DigestId} sent", claim.DigestId);
    }
}

using System.Net;
using System.Net.Sockets;
using CallCenter.Mailbox;
using CallCenter.Testing;
using Microsoft.AspNetCore.Builder;
using MimeKit;

namespace CallCenter.Reporting.Tests;

/// <summary>The service with a mail server of its own, which can be away.</summary>
public class DigestApi() : ServiceFixture("reporting", ReportingService.Build)
{
    private readonly int port = FreePort();
    private WebApplication? mailbox;

    protected override IEnumerable<string> Settings =>
        ["--RollUps:Every=00:00:01", "--RollUps:Debounce=00:00:00.1", "--Digests:Every=00:00:01", "--QaLetters:Every=00:00:01", $"--Smtp:Port={port}",
            "--Smtp:From=digest@callcenter.example"];

    protected int MailPort => port;

    public string MailFolder => Path.Combine(Folder, "mail");

    public async Task StartMailServer()
    {
        if (mailbox is not null)
            return;

        mailbox = MailboxServer.Build(
            ["--urls=http://127.0.0.1:0", $"--Smtp:Port={port}", $"--Mail:Folder={MailFolder}", "--Logging:LogLevel:Default=None"]);
        await mailbox.StartAsync();
        await Eventually.True(Listens, "the mail server to listen");
    }

    private async Task<bool> Listens()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async Task StopMailServer()
    {
        if (mailbox is null)
            return;

        await mailbox.StopAsync();
        await mailbox.DisposeAsync();
        mailbox = null;
    }

    /// <summary>The mails somebody got, in order of time.</summary>
    public IReadOnlyList<MimeMessage> MailsTo(string address) => !Directory.Exists(MailFolder) ? [] :
        [.. Directory.EnumerateFiles(MailFolder, "*.eml").OrderBy(File.GetLastWriteTimeUtc).Select(file => MimeMessage.Load(file))
            .Where(mail => mail.To.Mailboxes.Any(to => to.Address == address))];

    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

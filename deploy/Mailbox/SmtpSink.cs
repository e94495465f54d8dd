using System.Net;
using System.Net.Sockets;

namespace CallCenter.Mailbox;

/// <summary>
/// Listens for mail, on loopback unless <c>Smtp:Address</c> says otherwise (in a container); every connection is a conversation of its own.
/// </summary>
internal sealed class SmtpSink(IConfiguration configuration, MailFolder folder, ILogger<SmtpSink> log) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = new TcpListener(
            IPAddress.Parse(configuration["Smtp:Address"] ?? "127.0.0.1"), configuration.GetValue("Smtp:Port", 2525));
        listener.Start();
        log.LogInformation("Mail is taken on {Address}", listener.LocalEndpoint);

        while (!stoppingToken.IsCancellationRequested)
            _ = Serve(await listener.AcceptTcpClientAsync(stoppingToken), stoppingToken);
    }

    private async Task Serve(TcpClient client, CancellationToken stopping)
    {
        using (client)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            limit.CancelAfter(Idle);
            try
            {
                await new SmtpSession(client.GetStream(), folder).Serve(limit.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidDataException or OperationCanceledException)
            {
                log.LogInformation("A conversation ended early: {Reason}", e.Message);
            }
        }
    }
}

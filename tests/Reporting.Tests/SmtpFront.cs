using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallCenter.Reporting.Tests;

/// <summary>
/// What stands between us and a mail server: it passes conversations on, asks for a login that ours does not know of, and may keep somebody
/// waiting or turn a login away.
/// </summary>
internal sealed class SmtpFront(int port, int behind) : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource end = new();
    private int refusals;

    /// <summary>Conversations that have begun.</summary>
    public int Begun;

    /// <summary>Who has logged in waits for this before the next answer.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public void RefuseLogins(int count) => refusals = count;

    public void Start()
    {
        listener.Start();
        _ = Accept();
    }

    private async Task Accept()
    {
        while (!end.IsCancellationRequested)
            _ = Serve(await listener.AcceptTcpClientAsync(end.Token));
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            Interlocked.Increment(ref Begun);
            var line = client.GetStream();
            await Say(line, "220 front ready");
            await Line(line);
            await Say(line, "250-front\r\n250 AUTH PLAIN");
            await Line(line);
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                await Say(line, "535 not with this password");
                return;
            }

            if (Hold is { } hold)
                await hold.Task;
            await Say(line, "235 welcome");
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, behind, end.Token);
            await Line(server.GetStream());
            await Task.WhenAny(line.CopyToAsync(server.GetStream(), end.Token), server.GetStream().CopyToAsync(line, end.Token));
        }
    }

    private Task Say(NetworkStream line, string text) => line.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), end.Token).AsTask();

    private async Task<string> Line(NetworkStream line)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (await line.ReadAsync(one, end.Token) == 1 && one[0] != (byte)'\n')
            text.Append((char)one[0]);
        return text.ToString();
    }

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        end.Dispose();
    }
}

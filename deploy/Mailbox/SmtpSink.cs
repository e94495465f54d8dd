using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallCenter.Mailbox;

/// <summary>
/// As much of SMTP (RFC 5321) as a sender needs to hand over a letter, and no way to pass one on. For development: it
/// listens on loopback (<c>Smtp:Address</c> in a container) and takes whatever it is given.
/// </summary>
internal sealed class SmtpSink(Letters letters, IConfiguration configuration, ILogger<SmtpSink> log) : BackgroundService
{
    private const int MaxBytes = 20 << 20;
    private const int MaxLine = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listener = new TcpListener(IPAddress.Parse(configuration["Smtp:Address"] ?? "127.0.0.1"), configuration.GetValue("Smtp:Port", 2525));
        listener.Start();
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            listener.Stop();
        }
    }

    private async Task Serve(TcpClient client, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            using (client)
            await using (var stream = client.GetStream())
                await Converse(stream, patience);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidDataException or SocketException)
        {
            log.LogWarning("A sender went away or made no sense: {Reason}", e.Message);
        }
    }

    private async Task Converse(NetworkStream stream, CancellationTokenSource patience)
    {
        var reader = new LineReader(stream);
        var readers = new List<string>();
        await Answer("220 callcenter mailbox");

        while (true)
        {
            patience.CancelAfter(Patience);
            if (await reader.Read(MaxLine, patience.Token) is not { } line)
                return;

            var command = Encoding.Latin1.GetString(line);
            switch (command.Length < 4 ? "" : command[..4].ToUpperInvariant())
            {
                case "EHLO":
                    await Answer($"250-callcenter\r\n250-SIZE {MaxBytes}\r\n250 8BITMIME");
                    break;
                case "HELO" or "NOOP":
                    await Answer("250 OK");
                    break;
                case "MAIL" or "RSET":
                    readers.Clear();
                    await Answer("250 OK");
                    break;
                case "RCPT":
                    readers.Add(command[(command.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
                    await Answer("250 OK");
                    break;
                case "DATA" when readers.Count == 0:
                    await Answer("503 Who is it for?");
                    break;
                case "DATA":
                    await Answer("354 Go ahead");
                    if (await Body(reader, patience) is { } letter)
                    {
                        await letters.Keep(readers, letter, patience.Token);
                        await Answer("250 Kept");
                    }
                    else
                        await Answer("552 Too large");
                    readers.Clear();
                    break;
                case "QUIT":
                    await Answer("221 Bye");
                    return;
                default:
                    await Answer("500 Not understood");
                    break;
            }
        }

        Task Answer(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), patience.Token).AsTask();
    }

    // Until the line that is a single dot; a dot at the start of any other line was doubled on the way.
    private static async Task<byte[]?> Body(LineReader reader, CancellationTokenSource patience)
    {
        using var body = new MemoryStream();
        var fits = true;
        while (await reader.Read(MaxBytes, patience.Token) is { } line)
        {
            if (line is [(byte)'.'])
                return fits ? body.ToArray() : null;

            fits &= body.Length + line.Length < MaxBytes;
            if (fits)
            {
                body.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
                body.Write("\r\n"u8);
            }
            patience.CancelAfter(Patience);
        }

        throw new InvalidDataException("The letter has no end.");
    }

    private sealed class LineReader(Stream stream)
    {
        private readonly byte[] buffer = new byte[16 * 1024];
        private int from, to;

        /// <returns>The next line without its end; null when the sender hung up.</returns>
        public async Task<byte[]?> Read(int limit, CancellationToken cancellation)
        {
            using var line = new MemoryStream();
            while (true)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', from, to - from);
                line.Write(buffer, from, (end < 0 ? to : end) - from);
                from = end < 0 ? to : end + 1;
                if (line.Length > limit)
                    throw new InvalidDataException("The line is too long.");
                if (end >= 0)
                    return line.ToArray() is [.. var text, (byte)'\r'] ? text : line.ToArray();

                (from, to) = (0, await stream.ReadAsync(buffer, cancellation));
                if (to == 0)
                    return null;
            }
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace CallCenter.Mailbox;

/// <summary>
/// One conversation with a mail client (RFC 5321, the part that delivers): replies 250 to DATA only when the mail is on
/// disk. What it does not know it refuses; it sends nothing on.
/// </summary>
internal sealed class SmtpSession(Stream stream, MailFolder folder)
{
    private const int LongestLine = 4096;
    private const int LargestMail = 20 << 20;
    private const int MostRecipients = 100;

    private readonly PipeReader reader = PipeReader.Create(stream);
    private readonly List<string> recipients = [];
    private string? sender;

    public async Task Serve(CancellationToken cancellation)
    {
        await Reply("220 mailbox ready", cancellation);

        while (await ReadLine(cancellation) is { } line)
        {
            var text = Encoding.UTF8.GetString(line);
            var verb = text.Split(' ', 2)[0].ToUpperInvariant();

            if (verb == "QUIT")
            {
                await Reply("221 bye", cancellation);
                return;
            }

            await Reply(verb == "DATA" ? await Data(cancellation) : Answer(verb, text), cancellation);
        }
    }

    private string Answer(string verb, string line)
    {
        switch (verb)
        {
            case "EHLO":
                Reset();
                return $"250-mailbox\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {LargestMail}";
            case "HELO":
            case "RSET":
                Reset();
                return "250 ok";
            case "NOOP":
                return "250 ok";
            case "MAIL" when Address(line, "FROM:") is { } from:
                Reset();
                sender = from;
                return "250 ok";
            case "RCPT" when sender is null:
                return "503 MAIL first";
            case "RCPT" when recipients.Count == MostRecipients:
                return "452 too many recipients";
            case "RCPT" when Address(line, "TO:") is { Length: > 0 } to:
                recipients.Add(to);
                return "250 ok";
            case "MAIL" or "RCPT":
                return "501 an address in <> is missing";
            default:
                return "502 not known here";
        }
    }

    private async Task<string> Data(CancellationToken cancellation)
    {
        if (recipients.Count == 0)
            return "503 RCPT first";

        await Reply("354 end with a dot on a line of its own", cancellation);
        var mail = new MemoryStream();
        while (true)
        {
            // A client that goes away before the dot has sent nothing.
            var line = await ReadLine(cancellation) ?? throw new EndOfStreamException();
            if (line is [(byte)'.'])
                break;
            if (mail.Length > LargestMail)
                continue; // read on to the dot, keep nothing more

            mail.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
            mail.Write("\r\n"u8);
        }

        if (mail.Length > LargestMail)
            return "552 too large";

        foreach (var recipient in recipients)
            await folder.Keep(mail.ToArray(), recipient, cancellation);
        Reset();
        return "250 kept";
    }

    private void Reset()
    {
        sender = null;
        recipients.Clear();
    }

    private static string? Address(string line, string keyword)
    {
        var at = line.IndexOf(keyword, StringComparison.OrdinalIgnoreCase);
        var open = line.IndexOf('<', StringComparison.Ordinal);
        var close = line.IndexOf('>', StringComparison.Ordinal);

        return at == 5 && open > at && close > open ? line[(open + 1)..close] : null;
    }

    // Lines end with CRLF and only with CRLF, or a mail could hide a second one from us that another server would see.
    private async Task<byte[]?> ReadLine(CancellationToken cancellation)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellation);
            var buffer = new SequenceReader<byte>(result.Buffer);

            if (buffer.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
            {
                var copy = line.ToArray();
                reader.AdvanceTo(buffer.Position);
                return copy;
            }

            if (result.IsCompleted)
                return null;
            if (result.Buffer.Length > LongestLine)
                throw new InvalidDataException("A line without an end.");
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private async Task Reply(string text, CancellationToken cancellation)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), cancellation);
        await stream.FlushAsync(cancellation);
    }
}

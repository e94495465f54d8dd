using System.Net.Sockets;
using System.Text;
using CallCenter.Mailbox;
using Microsoft.Extensions.Configuration;

namespace CallCenter.Reporting.Tests;

public sealed class MailboxTests : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("mailbox-test-").FullName;

    [Fact]
    public async Task a_mail_is_kept_as_its_bytes_with_dots_unstuffed()
    {
        var replies = await Talk(
            "EHLO me", "MAIL FROM:<a@x.example> SIZE=100", "RCPT TO:<b@x.example>", "DATA",
            "Subject: hi\r\n\r\n..one dot\r\n...two\r\nlast\r\n.", "QUIT");

        replies.Should().ContainInOrder("354 end with a dot on a line of its own", "250 kept", "221 bye");
        File.ReadAllText(Mails().Single()).Should().Be("Subject: hi\r\n\r\n.one dot\r\n..two\r\nlast\r\n");
    }

    [Fact]
    public async Task the_same_message_to_the_same_recipient_is_kept_once()
    {
        const string Mail = "Message-Id: <1@x.example>\r\n\r\nhello\r\n.";
        await Talk("HELO me", "MAIL FROM:<a@x>", "RCPT TO:<b@x>", "DATA", Mail, "MAIL FROM:<a@x>", "RCPT TO:<b@x>", "RCPT TO:<c@x>", "DATA",
            Mail, "QUIT");

        Mails().Should().HaveCount(2);
    }

    [Theory]
    [InlineData("RCPT TO:<b@x>", "503 MAIL first")]
    [InlineData("DATA", "503 RCPT first")]
    [InlineData("MAIL FROM:a@x", "501 an address in <> is missing")]
    [InlineData("VRFY root", "502 not known here")]
    [InlineData("NOOP", "250 ok")]
    public async Task what_is_out_of_order_is_refused(string command, string reply) =>
        (await Talk("HELO me", command, "QUIT")).Should().Contain(reply);

    [Fact]
    public async Task a_client_that_leaves_before_the_dot_has_sent_nothing()
    {
        await Talk("HELO me", "MAIL FROM:<a@x>", "RCPT TO:<b@x>", "DATA", "Subject: half");

        Mails().Should().BeEmpty();
    }

    [Fact]
    public async Task a_bare_line_feed_ends_no_mail()
    {
        await Talk("HELO me", "MAIL FROM:<a@x>", "RCPT TO:<b@x>", "DATA", "Subject: x\r\n\r\nbody\n.\nMAIL FROM:<evil@x>\r\n.", "QUIT");

        File.ReadAllText(Mails().Single()).Should().Contain("MAIL FROM:<evil@x>");
    }

    private string[] Mails() => Directory.GetFiles(path, "*.eml");

    private async Task<string[]> Talk(params string[] lines)
    {
        var folder = new MailFolder(new ConfigurationBuilder().AddInMemoryCollection([new("Mail:Folder", path)]).Build());
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((System.Net.IPEndPoint)listener.LocalEndpoint);
        using var server = await listener.AcceptTcpClientAsync();

        var conversation = client.GetStream();
        await conversation.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))));
        client.Client.Shutdown(SocketShutdown.Send);
        try
        {
            await new SmtpSession(server.GetStream(), folder).Serve(CancellationToken.None);
        }
        catch (EndOfStreamException)
        {
            // what the server does when a client goes away in the middle
        }
        server.Close();

        return (await new StreamReader(conversation).ReadToEndAsync()).Split("\r\n");
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}

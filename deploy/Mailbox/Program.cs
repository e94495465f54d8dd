using CallCenter.Mailbox;

await MailboxServer.Build(args).RunAsync();

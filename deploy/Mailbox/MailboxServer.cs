namespace CallCenter.Mailbox;

/// <summary>A mailbox for development: takes mail by SMTP (<c>Smtp:Port</c>), keeps it (<c>Mail:Folder</c>), shows it.</summary>
public static class MailboxServer
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<MailFolder>();
        builder.Services.AddHostedService<SmtpSink>();

        var app = builder.Build();
        app.MapPages();
        app.MapGet("/health/ready", () => Results.Ok());
        return app;
    }
}

using CallCenter.Mailbox;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(new Letters(builder.Configuration["Mail:Folder"] ?? "mail"));
builder.Services.AddHostedService<SmtpSink>();

var app = builder.Build();
app.MapPages();
await app.RunAsync();

using CallCenter.Health;
using CallCenter.Jobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallCenter.Reporting.Backups;

internal static class BackupSetup
{
    /// <summary>The log of backups; and the job, its health and metric where <c>Backups:Command</c> says what makes them.</summary>
    public static void AddBackups(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(BackupCadence.Of(builder.Configuration));
        builder.Services.AddSingleton<BackupSchedule>();
        builder.Services.AddSubject<BackupHealth>();
        if (CommandOf(builder.Configuration) is not { } command)
            return;

        var deadline = builder.Configuration.GetValue("Backups:Deadline", TimeSpan.FromHours(6));
        builder.Services.AddSingleton(new BackupCommand(command, deadline));
        builder.Services.AddHealthChecks().AddCheck<BackupHealth>("backups", HealthStatus.Degraded);
    }

    public static void AddBackupJob(this Work work, IConfiguration configuration)
    {
        if (CommandOf(configuration) is not null)
            work.Every<BackupJob>("backups", "Backups:Every", TimeSpan.FromMinutes(1));
    }

    private static string? CommandOf(IConfiguration configuration) =>
        configuration["Backups:Command"] is { } command && !string.IsNullOrWhiteSpace(command) ? command : null;
}

using System.Reflection;
using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CallCenter.EventSourcing;

/// <summary>
/// What a service stores beside Marten: the numbered SQL scripts of its folder <c>Migrations</c>, embedded in its assembly.
/// Each runs once, in the order of its name, in a transaction of its own, and <c>public.migration</c> says which have run.
/// A script that has been released is never changed; it only adds, so that the version before can still run beside it.
/// </summary>
public static class Migrations
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs the scripts of <paramref name="service"/> before anything else of it starts.</summary>
    public static void AddMigrations(this WebApplicationBuilder builder, Assembly service) =>
        // Not by AddHostedService, which takes one of a type.
        builder.Services.AddSingleton<IHostedService>(provider => new Runner(
            builder.Configuration.GetConnectionString("Database")!, service, provider.GetRequiredService<ILogger<Runner>>()));

    /// <exception cref="InvalidOperationException">A script failed; those before it have run.</exception>
    public static async Task Run(string connectionString, Assembly service, ILogger log, CancellationToken cancellation)
    {
        // Two instances that start together would run the same script twice.
        await using var turn = await LockSession.Open(connectionString, "migrations", IdleTimeout, cancellation);
        await turn.Take(LockKey.Of("migrations"), cancellation);
        var result = await turn.While(_ => Task.Run(() => Upgrade(connectionString, service, log), cancellation), cancellation);
        if (!result.Successful)
            throw new InvalidOperationException($"The migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
    }

    private static DatabaseUpgradeResult Upgrade(string connectionString, Assembly service, ILogger log) =>
        DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(service, name => name.Contains(".Migrations.", StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .JournalToPostgresqlTable("public", "migration")
            .LogTo(new Log(log))
            .Build().PerformUpgrade();

    internal sealed class Runner(string connectionString, Assembly service, ILogger log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Run(connectionString, service, log, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Log(ILogger log) : IUpgradeLog
    {
        public void LogTrace(string format, params object[] args) => log.LogTrace("{Message}", Text(format, args));

        public void LogDebug(string format, params object[] args) => log.LogDebug("{Message}", Text(format, args));

        public void LogInformation(string format, params object[] args) => log.LogDebug("{Message}", Text(format, args));

        public void LogWarning(string format, params object[] args) => log.LogWarning("{Message}", Text(format, args));

        public void LogError(string format, params object[] args) => log.LogError("{Message}", Text(format, args));

        public void LogError(Exception ex, string format, params object[] args) => log.LogError(ex, "{Message}", Text(format, args));

        private static string Text(string format, object[] args) =>
            string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);
    }
}

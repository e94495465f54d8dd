using System.Reflection;
using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;

namespace CallCenter.EventSourcing;

/// <summary>
/// What a service stores beside Marten: the numbered SQL scripts of its folder <c>Migrations</c>, embedded in its assembly.
/// Each runs once, in the order of its name, in a transaction of its own, and <c>public.migration</c> says which have run. Who runs
/// them holds the lock of <see cref="Schema.Migrate"/>: two at a time would run the same twice.
/// A script that has been released is never changed; it only adds, so that the version before can still run beside it.
/// </summary>
public static class Migrations
{
    /// <returns>The names of the assembly's scripts, in their order.</returns>
    internal static IEnumerable<string> Names(Assembly service) =>
        service.GetManifestResourceNames().Where(IsScript).Order(StringComparer.Ordinal);

    private static bool IsScript(string name) =>
        name.Contains(".Migrations.", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal);

    /// <summary>Runs the scripts that have not run yet.</summary>
    /// <exception cref="InvalidOperationException">A script failed; those before it have run.</exception>
    public static async Task Run(string connectionString, Assembly service, ILogger log, CancellationToken cancellation)
    {
        var result = await Task.Run(() => Upgrade(connectionString, service, log), cancellation);
        if (!result.Successful)
            throw new InvalidOperationException($"The migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
    }

    private static DatabaseUpgradeResult Upgrade(string connectionString, Assembly service, ILogger log) =>
        DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(service, IsScript)
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .JournalToPostgresqlTable("public", "migration")
            .LogTo(new Log(log))
            .Build().PerformUpgrade();

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

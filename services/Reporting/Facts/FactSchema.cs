using Npgsql;

namespace CallCenter.Reporting.Facts;

/// <summary>Creates what <c>Schema.sql</c> says, before anything reads or writes it.</summary>
internal sealed class FactSchema(NpgsqlDataSource database) : IHostedService
{
    public static async Task Create(NpgsqlDataSource database, CancellationToken cancellation)
    {
        using var script = new StreamReader(typeof(FactSchema).Assembly.GetManifestResourceStream("Schema.sql")!);

        // Two nodes starting together would create the same table twice; the lock goes with the transaction.
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Execute("SELECT pg_advisory_xact_lock(7120260302)", cancellation);
        await connection.Execute(await script.ReadToEndAsync(cancellation), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Create(database, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

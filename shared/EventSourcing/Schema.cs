using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CallCenter.EventSourcing;

/// <summary>
/// What a service keeps its data in. A step of its own (<c>--Migrate=true</c>) brings a database to this version, as a role that may
/// change it; it only adds, so that the version before runs on beside this one. A service that starts changes nothing: it waits until
/// its version has been there (docs/decisions/0018).
/// </summary>
public static class Schema
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Longest that a statement waits for a lock, while all others of the table wait behind it.</summary>
    private const string LockTimeout = "2s";

    private const int MostAttempts = 60;

    /// <summary>Something to be brought; in the order in which they were registered.</summary>
    /// <param name="Of">What tells this version's from another's.</param>
    private sealed record Step(
        string Name, string Of, Func<IServiceProvider, NpgsqlConnectionStringBuilder, CancellationToken, Task> Bring);

    extension(WebApplicationBuilder builder)
    {
        /// <summary>Whether this process is the one that brings the schema, and nothing else.</summary>
        public bool Migrates => builder.Configuration.GetValue<bool>("Migrate");

        /// <summary>The numbered scripts of an assembly's folder <c>Migrations</c> belong to the schema.</summary>
        public void AddMigrations(Assembly service) => builder.AddMigration(
            service.GetName().Name!, string.Join(' ', Migrations.Names(service)),
            (services, database, cancellation) => Migrations.Run(
                database.ConnectionString, service, services.GetRequiredService<ILogger<Step>>(), cancellation));

        /// <summary>A statement that can be repeated belongs to the schema.</summary>
        public void AddMigration(string name, string sql) => builder.AddMigration(
            name, sql, async (_, database, cancellation) =>
            {
                await using var connection = new NpgsqlConnection(database.ConnectionString);
                await connection.OpenAsync(cancellation);
                await Execute(connection, sql, cancellation);
            });

        /// <summary>What Marten stores things in belongs to the schema.</summary>
        internal void AddMartenMigration() => builder.AddMigration("Marten", "", BringMarten);

        /// <summary>Something that a library brings by itself belongs to the schema.</summary>
        /// <param name="of">What tells this version's from another's.</param>
        public void AddMigration(
            string name, string of, Func<IServiceProvider, NpgsqlConnectionStringBuilder, CancellationToken, Task> bring) =>
            builder.Services.AddSingleton(new Step(name, of, bring));
    }

    /// <summary>Brings the database to this version; does nothing where it has been there.</summary>
    /// <exception cref="InvalidOperationException">A step failed; those before it have been done, and the next attempt goes on from there.
    /// </exception>
    public static async Task Migrate(WebApplication app, CancellationToken cancellation)
    {
        var (services, log) = (app.Services, app.Services.GetRequiredService<ILogger<Step>>());
        var version = Version(services);
        var database = new NpgsqlConnectionStringBuilder(app.Configuration.GetConnectionString("Database")) { Pooling = false };
        if (await IsThere(services, version, cancellation))
        {
            log.LogInformation("The schema is that of this version");
            return;
        }

        // Two that begin together would do the same twice.
        await using var turn = await LockSession.Open(database.ConnectionString, "migrations", IdleTimeout, cancellation);
        await turn.Take(LockKey.Of("migrations"), cancellation);
        await turn.While(async stop =>
        {
            if (await IsThere(services, version, stop))
                return true; // whoever was before us brought it

            var impatient = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = $"-c lock_timeout={LockTimeout}" };
            foreach (var step in services.GetServices<Step>())
                await Patiently(step.Name, log, () => step.Bring(services, impatient, stop), stop);
            await Patiently("grants", log, () => Grant(database, app.Configuration["Database:Role"], stop), stop);
            await Stamp(database, version, stop);
            return true;
        }, cancellation);
        log.LogInformation("The schema has been brought to this version");
    }

    /// <summary>Waits until the schema is there; says so while it is not.</summary>
    public static async Task Wait(WebApplication app, CancellationToken cancellation)
    {
        var version = Version(app.Services);
        for (var waited = 0; !await IsThere(app.Services, version, cancellation); waited++)
        {
            if (waited % 10 == 0)
                app.Logger.LogWarning(
                    "Waiting for the schema of this version: run 'make migrate', or this service with --Migrate=true as a role that may");
            await Task.Delay(Pause, cancellation);
        }
    }

    // Who holds what we want is waited for; in between those behind us get their turn.
    private static async Task Patiently(string what, ILogger log, Func<Task> bring, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await bring();
                return;
            }
            catch (Exception e) when (attempt < MostAttempts && IsLockTimeout(e))
            {
                log.LogInformation("{Step} waits for somebody who works on its tables", what);
                await Task.Delay(Pause, cancellation);
            }
    }

    private static bool IsLockTimeout(Exception? e) =>
        e is not null && (e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } || IsLockTimeout(e.InnerException));

    private static async Task BringMarten(IServiceProvider services, NpgsqlConnectionStringBuilder database, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellation);
        await DropHalfMadeIndexes(connection, cancellation);

        var wanted = services.GetRequiredService<IDocumentStore>().Storage.Database;
        var changes = SchemaChanges.Of(await wanted.CreateMigrationAsync(cancellation), wanted.Migrator);
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            await Execute(connection, changes.Script, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        foreach (var index in changes.Indexes)
            await Execute(connection, index, cancellation);
    }

    // What was to be made while others go on, and broke off: it is there, and of no use.
    private static async Task DropHalfMadeIndexes(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var find = new NpgsqlCommand("""
            select string_agg(format('drop index if exists %s', indexrelid::regclass), ';') from pg_index where not indisvalid
            """, connection);
        if (await find.ExecuteScalarAsync(cancellation) is string drop)
            await Execute(connection, drop, cancellation);
    }

    // Whoever serves requests reads and writes rows, and changes no table.
    private static async Task Grant(NpgsqlConnectionStringBuilder database, string? role, CancellationToken cancellation)
    {
        if (role is null)
            return;

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellation);
        var to = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        await Execute(connection, $"""
            do $$
            declare found name;
            begin
                for found in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
                    execute format('grant usage on schema %I to {to}', found);
                    execute format('grant select, insert, update, delete on all tables in schema %I to {to}', found);
                    execute format('grant usage, select on all sequences in schema %I to {to}', found);
                end loop;
            end $$
            """, cancellation);
    }

    private static async Task Stamp(NpgsqlConnectionStringBuilder database, string version, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellation);
        await Execute(connection, $"""
            insert into schema_version (version) values ('{version}') on conflict do nothing
            """, cancellation);
    }

    private static async Task<bool> IsThere(IServiceProvider services, string version, CancellationToken cancellation)
    {
        try
        {
            await using var command = services.GetRequiredService<NpgsqlDataSource>()
                .CreateCommand("select exists (select from schema_version where version = $1)");
            command.Parameters.AddWithValue(version);
            return await command.ExecuteScalarAsync(cancellation) is true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    /// <summary>Differs where anything of the schema does.</summary>
    private static string Version(IServiceProvider services)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        var text = new StringWriter();
        foreach (var step in services.GetServices<Step>())
            text.WriteLine($"{step.Name} {step.Of}");
        foreach (var thing in store.Storage.AllObjects().OrderBy(o => o.Identifier.QualifiedName, StringComparer.Ordinal))
            thing.WriteCreateStatement(store.Storage.Database.Migrator, text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(sql))
            return;

        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 }; // an index of a large table takes its time
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

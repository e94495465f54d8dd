using System.Security.Cryptography;
using System.Text;
using CallCenter.EventSourcing;
using CallCenter.Jobs;
using CallCenter.Web;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace CallCenter.Testing;

/// <summary>A service's database as its migration leaves it, made once for each build: a copy takes a tenth of the time.</summary>
internal static class DatabaseTemplate
{
    /// <param name="build">Which makes the service; what is registered there is part of the schema.</param>
    /// <param name="migrate">Brings the schema to the database at this address.</param>
    /// <returns>The name of the database to copy.</returns>
    public static async Task<string> Of(
        string service, Func<string[], WebApplication> build, NpgsqlConnectionStringBuilder server, Func<string, Task> migrate)
    {
        var kind = $"template_{service}_{Short($"{build.Method.DeclaringType} {build.Method}")}";
        var modules = new[] { build.Method.Module, Module<StreamFact>(), Module<Work>(), Module<Caller>() };
        var template = $"{kind}_{Short(string.Join(' ', modules.Select(module => module.ModuleVersionId)))}";

        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await Execute($"select pg_advisory_lock(hashtext('{template}'))"); // with the session it ends
        if (await Execute($"select true from pg_database where datname = '{template}'") is null)
        {
            // Those of earlier builds, and what broke off.
            while (await Execute($"select datname from pg_database where datname ^@ '{kind}_' limit 1") is string earlier)
                await Execute($"drop database if exists {earlier} with (force)");
            await Execute($"create database {template}_begun");
            await migrate(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = $"{template}_begun" }.ConnectionString);
            await Execute($"alter database {template}_begun rename to {template}");
        }

        return template;

        async Task<object?> Execute(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
        }
    }

    private static System.Reflection.Module Module<T>() => typeof(T).Module;

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}

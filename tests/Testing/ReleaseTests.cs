using System.IO.Compression;
using System.Text.Json;
using FluentAssertions;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace CallCenter.Testing;

/// <summary>
/// A system that was installed before starts with this version on what it has stored. <c>Releases/</c> beside the service's tests
/// holds its database after a small demo of that day, as <c>pg_dump --inserts --exclude-schema=quartz</c> wrote it.
/// </summary>
/// <param name="service">Its folder under <c>services/</c>.</param>
/// <param name="settings">Further settings as <c>--Key=value</c>.</param>
public abstract class ReleaseTests(string service, Func<string[], WebApplication> build, params string[] settings)
{
    [Fact]
    public async Task every_installed_release_is_read_by_this_version()
    {
        Dumps.Should().NotBeEmpty();

        foreach (var dump in Dumps)
        {
            await using var installed = Install(dump);
            await installed.InitializeAsync();
            var store = installed.App.Services.GetRequiredService<IDocumentStore>();

            (await installed.ColumnsAdded()).Except(FilledByTheReleaseBefore).Should().BeEmpty("the version before, beside this one, would not fill them (decision 18)");
            await EveryEventIsKnown(store, await installed.EventCount());
            await EveryAggregateIsFolded(store);
            await Eventually.True(async () => await Checks(installed) is { Length: > 0 } checks
                && checks.All(check => check.EndsWith("Healthy", StringComparison.Ordinal)),
                $"{service} to be healthy on {Path.GetFileName(dump)}");
        }
    }

    /// <summary>Columns of documents that are younger than the dumps, and that the release before this one has as well.</summary>
    protected virtual IReadOnlyList<string> FilledByTheReleaseBefore => [];

    protected IReadOnlyList<string> Dumps =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests", $"{service}.Tests", "Releases"), "*.sql.gz").Order()];

    /// <param name="edit">What is changed of the dump before it is loaded.</param>
    protected Installed Install(string dump, Func<string, string>? edit = null) =>
        new Installed(service.ToLowerInvariant(), build, dump, edit ?? (sql => sql), settings);

    private static async Task EveryEventIsKnown(IDocumentStore store, long count)
    {
        await using var session = store.QuerySession();
        var events = await session.Events.QueryAllRawEvents().ToListAsync();

        ((long)events.Count).Should().Be(count).And.BePositive();
        events.Select(e => e.Data.GetType()).Should()
            .OnlyContain(type => type.Namespace!.StartsWith("CallCenter.", StringComparison.Ordinal));
    }

    // What its events come to now has the version that its stored state has.
    private static async Task EveryAggregateIsFolded(IDocumentStore store)
    {
        var aggregates = store.Options.AllKnownDocumentTypes().Select(document => document.DocumentType).Where(type =>
            type.GetMethod("Evolve", [typeof(object)]) is not null).ToList();
        var fold = typeof(ReleaseTests)
            .GetMethod(nameof(Folded), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;

        aggregates.Should().NotBeEmpty();
        foreach (var aggregate in aggregates)
            await (Task)fold.MakeGenericMethod(aggregate).Invoke(null, [store])!;
    }

    private static async Task Folded<TState>(IDocumentStore store) where TState : class
    {
        await using var session = store.QuerySession();
        var table = store.Options.FindOrResolveDocumentType(typeof(TState)).TableName.QualifiedName;
        if (!(await session.AdvancedSql.QueryAsync<bool>("select to_regclass(?) is not null", CancellationToken.None, table)).Single())
            return; // of one that a job decides on just now only the events are stored

        foreach (var stored in await session.Query<TState>().ToListAsync())
        {
            var id = (Guid)typeof(TState).GetProperty("Id")!.GetValue(stored)!;
            (await session.Events.AggregateStreamAsync<TState>(id)).Should().NotBeNull($"{typeof(TState).Name} {id} has events");
        }
    }

    private static async Task<string[]> Checks(ServiceFixture installed)
    {
        using var client = installed.Anonymous();
        var health = await client.Get<JsonElement>("/health");
        return [.. health.GetProperty("checks").EnumerateObject()
            .Select(check => $"{check.Name} {check.Value.GetProperty("status").GetString()}")];
    }

    protected sealed class Installed(
        string service, Func<string[], WebApplication> build, string dump, Func<string, string> edit, string[] settings)
        : ServiceFixture(service, build)
    {
        private IReadOnlyList<(string Table, string Column)> columns = [];

        protected override bool IsNew => false;

        protected override IEnumerable<string> Settings => settings;

        protected override async Task Prepare(NpgsqlDataSource database)
        {
            await using var file = new GZipStream(File.OpenRead(dump), CompressionMode.Decompress);
            using var reader = new StreamReader(file);
            await using var command = database.CreateCommand(edit(await reader.ReadToEndAsync()));
            await command.ExecuteNonQueryAsync();
            columns = await Columns(database);
        }

        /// <summary>Columns of documents that the migration has added to tables that were there.</summary>
        public async Task<IReadOnlyList<string>> ColumnsAdded()
        {
            await using var database = NpgsqlDataSource.Create(Database);
            var tables = columns.Select(column => column.Table).ToHashSet();
            return [.. (await Columns(database)).Except(columns).Where(column => tables.Contains(column.Table))
                .Select(column => $"{column.Table}.{column.Column}")];
        }

        private static async Task<IReadOnlyList<(string Table, string Column)>> Columns(NpgsqlDataSource database)
        {
            await using var command = database.CreateCommand(
                "select table_name::text, column_name::text from information_schema.columns where table_name like 'mt_doc_%'");
            await using var row = await command.ExecuteReaderAsync();
            var found = new List<(string, string)>();
            while (await row.ReadAsync())
                found.Add((row.GetString(0), row.GetString(1)));
            return found;
        }
    }
}

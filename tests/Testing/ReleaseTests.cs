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

            await EveryEventIsKnown(store, await installed.EventCount());
            await EveryAggregateIsFolded(store);
            await Eventually.True(async () => await Checks(installed) is { Length: > 0 } checks
                && checks.All(check => check.EndsWith("Healthy", StringComparison.Ordinal)),
                $"{service} to be healthy on {Path.GetFileName(dump)}");
        }
    }

    protected IReadOnlyList<string> Dumps =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests", $"{service}.Tests", "Releases"), "*.sql.gz").Order()];

    /// <param name="edit">What is changed of the dump before it is loaded.</param>
    protected ServiceFixture Install(string dump, Func<string, string>? edit = null) =>
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

    private sealed class Installed(
        string service, Func<string[], WebApplication> build, string dump, Func<string, string> edit, string[] settings)
        : ServiceFixture(service, build)
    {
        protected override bool IsNew => false;

        protected override IEnumerable<string> Settings => settings;

        protected override async Task Prepare(NpgsqlDataSource database)
        {
            await using var file = new GZipStream(File.OpenRead(dump), CompressionMode.Decompress);
            using var reader = new StreamReader(file);
            await using var command = database.CreateCommand(edit(await reader.ReadToEndAsync()));
            await command.ExecuteNonQueryAsync();
        }
    }
}

using System.Globalization;
using CallCenter.Testing;
using Npgsql;

namespace CallCenter.Journeys.Tests;

/// <summary>
/// Work goes on, one service is taken back to a moment in between, and work goes on: all services agree again by themselves. How a
/// backup is fetched is the affair of <see cref="BackupTests"/>; here a copy of the database is one.
/// </summary>
[Collection(RealProcesses.Name)]
public sealed class RestoreTests(PrivateServers servers) : IAsyncLifetime
{
    private const int Round = 20;
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    private readonly Cluster cluster = new(servers);
    private Workload work = null!;
    private int number;

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task all_agree_after_one_service_was_restored_to_a_moment_in_between()
    {
        var services = await cluster.Start([.. Repository.Services.Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)]);
        work = new Workload(cluster, services, seed: 17);
        await work.Prepare();
        await WorkOn();

        foreach (var restored in new[] { "People", "Calls", "Quality", "Training", "Reporting" })
        {
            await Stopped(services[restored], () => OnServer(restored, "create database {0}_backup template {0}"));
            await WorkOn();
            var others = Repository.Services.Where(service => !service.Equals(restored, StringComparison.OrdinalIgnoreCase)).ToList();
            var before = await Events(others);

            await Stopped(services[restored], () => OnServer(restored,
                "drop database {0} with (force)", "create database {0} template {0}_backup owner {0}_owner", "drop database {0}_backup"));
            await Agree($"after {restored} was restored");

            var after = await Events(others);
            others.Should().OnlyContain(service => after[service] >= before[service], "nobody loses an event of their own");
            await WorkOn();
        }
    }

    // People are hired into teams, calls are answered, and some of them are scored, of whom some need training.
    private async Task WorkOn()
    {
        foreach (var next in Enumerable.Range(number, Round))
        {
            await work.Hire(next);
            await work.Answer(next);
            if (next % 4 == 0)
                await work.Score(next, next);
        }

        number += Round;
        await Agree($"after {number} calls");
    }

    private static async Task Agree(string when)
    {
        IReadOnlyList<string> differences = [];
        try
        {
            await Eventually.True(async () => (differences = await Agreement.Differences()).Count == 0, "agreement", Settling);
        }
        catch (TimeoutException)
        {
            differences.Should().BeEmpty(when);
        }
    }

    private static async Task<Dictionary<string, long>> Events(IEnumerable<string> services)
    {
        var events = new Dictionary<string, long>();
        foreach (var service in services)
        {
            await using var books = new Books(service);
            events[service] = await books.Events();
        }

        return events;
    }

    private static async Task Stopped(ServiceProcess process, Func<Task> meanwhile)
    {
        process.Kill();
        await meanwhile();
        process.Start();
        await process.Ready();
    }

    private static async Task OnServer(string service, params string[] commands)
    {
        var name = service.ToLowerInvariant();
        NpgsqlConnection.ClearAllPools();
        await using var admin = PrivateServers.Administrator();
        foreach (var command in commands.Prepend("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}'"))
            await admin.CreateCommand(string.Format(CultureInfo.InvariantCulture, command, name)).ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

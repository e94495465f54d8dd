using System.Globalization;
using System.Net.Http.Json;
using CallCenter.Testing;

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
    private readonly List<Guid> holds = [];
    private Dictionary<string, ServiceProcess> services = null!;
    private Workload work = null!;
    private int number;

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task all_agree_after_one_service_was_restored_to_a_moment_in_between()
    {
        services = await cluster.Start([.. Repository.Services.Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)]);
        work = new Workload(cluster, services, seed: 17);
        await work.Prepare();
        await WorkOn();

        foreach (var restored in new[] { "People", "Calls", "Quality", "Training", "Scheduling", "Attendance", "Reporting" })
        {
            await Cluster.BackUp(services[restored]);
            await PlaceHold(restored);
            await WorkOn();
            var others = Repository.Services.Where(service => !service.Equals(restored, StringComparison.OrdinalIgnoreCase)).ToList();
            var before = await Events(others);

            await Cluster.Restore(services[restored]);
            await Agree($"after {restored} was restored");
            (await Agreement.Contents()).Should().BeEmpty($"after {restored} was restored all hold the same");

            var after = await Events(others);
            others.Should().OnlyContain(service => after[service] >= before[service], "nobody loses an event of their own");
            await Eventually.True(async () => holds.ToHashSet().SetEquals(await HoldsInForce()),
                $"the holds to outlive that {restored} was restored to a time before them");
            await WorkOn();
        }
    }

    private async Task PlaceHold(string reason)
    {
        var placed = await work.Ledger.Send(cluster.As(services["People"], "admin"), () =>
            new HttpRequestMessage(HttpMethod.Post, $"/projects/{work.Project}/retention/legal-holds")
            {
                Headers = { IfMatch = { new($"\"{holds.Count}\"") } },
                Content = JsonContent.Create(new { reason }),
            });
        holds.Add(Guid.Parse(placed.Headers.Location!.ToString()[^36..]));
    }

    private async Task<IEnumerable<Guid>> HoldsInForce() =>
        (await Ledger.Read(
            cluster.As(services["People"], "admin"), new Uri($"/projects/{work.Project}/retention", UriKind.Relative)))!.Value
            .GetProperty("legalHolds").EnumerateArray().Select(hold => hold.GetProperty("id").GetGuid());

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

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>One release takes another's place while work goes on; the release before is built from its commit.</summary>
[Collection(RealProcesses.Name)]
public sealed partial class VersionTests(PrivateServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int Commands = // 100,000 are some ten minutes of both
        int.Parse(Environment.GetEnvironmentVariable("CALLCENTER_COMMANDS") ?? "4000", CultureInfo.InvariantCulture);

    private static readonly string[] Services = Named(Repository.Services);
    private readonly Cluster cluster = new(servers);
    private HashSet<string> queuesOfBefore = [];

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task a_release_takes_the_place_of_the_one_before_and_gives_it_back_while_work_goes_on()
    {
        var release = await PrivateServers.Script("previous");
        Assert.SkipWhen(release.Length == 0, "The commit of the release before is not at hand: this is no clone with its history.");
        await servers.Empty(migrated: false);
        await PrivateServers.Migrate(release);

        // The release before at work; the schema is brought beneath it; both at work beside each other.
        var before = await cluster.Start(Named(Repository.ServicesOf(release)), release);
        var first = new Workload(cluster, before, seed: 1);
        await first.Prepare();
        queuesOfBefore = [.. (await servers.Queues()).Keys];
        first.Release(int.MaxValue);
        var sending = first.Send(Commands);
        await PrivateServers.Migrate();
        var now = await cluster.Start(Services);
        var second = new Workload(cluster, now, seed: 2);
        await second.Prepare();
        second.Release(int.MaxValue);
        var (most, allowed) = await MostConnections(Task.WhenAll(sending, second.Send(Commands / 4)));
        output.WriteLine($"{most} of {allowed} connections at most");
        most.Should().BeInRange(2, (int)(0.9 * allowed), "two instances of each service leave a tenth to whoever looks after them");
        await Agree("while both run");
        foreach (var (number, asked) in new[] { now, before, now, before, now, before }.Index())
            await Erase(cluster.As(asked["People"], "admin"), $"gone-{number}", asked.Count);
        await Agree("after erasures that either may answer");

        // The one before goes, and comes again as if the new one had been given up.
        foreach (var process in before.Values)
            await process.Stop();
        await Hire(second, 10_000);
        await Agree("while the new one runs alone");

        foreach (var process in before.Values)
            process.Start();
        await Task.WhenAll(before.Values.Select(process => process.Ready()));
        // A service that the release before has not goes on: nothing is there to take its place.
        foreach (var process in now.Where(process => before.ContainsKey(process.Key)))
            await process.Value.Stop();
        await Hire(first, 20_000);
        await Agree("when the one before runs alone again", IsKeptByTheOneBefore);

        first.Ledger.Interrupted.Concat(second.Ledger.Interrupted).Should().BeEmpty("nobody was refused or cut off");
        await ShouldBeStoredOnce(first, second);
        await Projected.ShouldBeTheFoldOfTheirEvents();
    }

    /// <returns>How many connections all services had at most while something went on, and how many there may be.</returns>
    private static async Task<(int Most, int Allowed)> MostConnections(Task during)
    {
        await using var books = new Books("people");
        var (most, allowed) = (0, 0);
        do
        {
            (var now, allowed) = (await books.Rows(
                "select count(*)::int, current_setting('max_connections')::int from pg_stat_activity where backend_type = 'client backend'",
                row => (row.GetInt32(0), row.GetInt32(1)))).Single();
            most = Math.Max(most, now);
        }
        while (await Task.WhenAny(during, Task.Delay(200)) != during);

        await during;
        return (most, allowed);
    }

    // Whichever of the two takes the fact from a service's queue answers for that service.
    private static async Task Erase(HttpClient people, string number, int services)
    {
        var hired = await people.Send(HttpMethod.Post, "/employees", body: new
        {
            StaffNumber = number, Name = "Somebody", HiredOn = "2020-03-02", LeftOn = "2024-03-31", Grade = "junior", WeeklyHours = 40,
            Zone = "UTC", TeamIds = Array.Empty<Guid>(), Skills = Array.Empty<object>(),
        });
        hired.StatusCode.Should().Be(HttpStatusCode.Created, await hired.Content.ReadAsStringAsync());
        var employee = hired.Headers.Location!.ToString();
        (await people.Send(HttpMethod.Delete, $"{employee}/personal-data", version: 1)).EnsureSuccessStatusCode();
        var erasure = default(JsonElement);
        await Eventually.True(async () =>
            (erasure = await people.Get<JsonElement>($"{employee}/erasure")).GetProperty("done").GetBoolean(), "all services to answer");
        erasure.GetProperty("services").GetArrayLength().Should().Be(services);
    }

    private static string[] Named(IEnumerable<string> services) => [.. services.Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)];

    private static async Task Hire(Workload work, int from)
    {
        foreach (var number in Enumerable.Range(from, 20))
            await work.Hire(number);
    }

    // Replicas that came with the new one are its own.
    private bool IsKeptByTheOneBefore(string difference) =>
        Replica().Match(difference) is not { Success: true } replica
        || queuesOfBefore.Contains($"{replica.Groups["service"]}-{replica.Groups["thing"]}-v1", StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("^(?<thing>employee|team|project|call)s in (?<service>[A-Z][a-z]+):")]
    private static partial Regex Replica();

    private async Task Agree(string when, Func<string, bool>? asked = null)
    {
        IReadOnlyList<string> differences = [];
        try
        {
            await Eventually.True(async () => (differences =
            [
                .. (await Agreement.Differences()).Where(asked ?? (_ => true)),
                // What only the new one listens to waits for it, while it is gone.
                .. (await servers.Queues()).Where(queue => queue.Value > 0 && queuesOfBefore.Contains(queue.Key))
                    .Select(queue => $"{queue.Value} wait in {queue.Key}"),
            ]).Count == 0, "agreement");
        }
        catch (TimeoutException)
        {
            differences.Should().BeEmpty(when);
        }
    }

    private static async Task ShouldBeStoredOnce(params Workload[] works)
    {
        await using Books people = new("people"), calls = new("calls"), quality = new("quality");
        foreach (var work in works)
        {
            work.Employees.Differences(await people.Streams("employee"), more: true).Should().BeEmpty();
            work.Calls.Differences(await calls.Streams("call"), more: true).Should().BeEmpty();
            work.Evaluations.Differences(await quality.Streams("evaluation"), more: true).Should().BeEmpty();
        }
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

using System.Diagnostics;
using System.Globalization;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>
/// Everything is killed while a client keeps a ledger of what was acknowledged. A failing run says its seed;
/// <c>CALLCENTER_SEED=…</c> repeats its order of commands and kills.
/// </summary>
[Collection(RealProcesses.Name)]
public sealed class FaultTests(PrivateServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Commands = 5000;
    private const int Rows = 20000;

    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);
    private readonly int seed = int.Parse(
        Environment.GetEnvironmentVariable("CALLCENTER_SEED") ?? $"{Random.Shared.Next(100_000)}", CultureInfo.InvariantCulture);
    private readonly Cluster cluster = new(servers);

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task what_was_acknowledged_is_there_once_whatever_was_killed()
    {
        output.WriteLine($"CALLCENTER_SEED={seed}");
        var services = await cluster.Start([.. Repository.Services.Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)]);
        var work = new Workload(cluster, services, seed);
        await work.Prepare();
        var nemesis = new Nemesis(cluster, services, work, seed, output.WriteLine);
        var start = Stopwatch.GetTimestamp();

        var victims = nemesis.Victims();
        var sending = work.Send(Commands);
        var importing = work.Import(Rows);
        var kills = await nemesis.Kill(victims, Commands);
        await sending;
        var import = await importing;
        output.WriteLine($"{work.Ledger.Acknowledged} commands acknowledged, {work.Ledger.Repeated} repeated, the slowest after " +
            $"{work.Ledger.Slowest.TotalSeconds:0.0} s; {kills} kills in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");

        kills.Should().BeGreaterThanOrEqualTo(12);
        work.Ledger.Acknowledged.Should().BeGreaterThanOrEqualTo(Commands);
        import.GetProperty("status").GetString().Should().Be("succeeded", import.ToString());
        import.GetProperty("counts").GetProperty("rows").GetInt64().Should().Be(Rows);
        import.GetProperty("counts").GetProperty("created").GetInt64().Should().Be(Rows * 99 / 100);
        await ShouldBeStoredOnce(work);
        await Settle("whoever keeps a thing keeps the newest version of its owner", () => Agreement.Differences());
        await EachAgentWhoFailedShouldNeedTrainingOnce(work);
        await Projected.ShouldBeTheFoldOfTheirEvents();
        await NothingShouldBeLeftInQueues();
        output.WriteLine($"{cluster.Facts.Count} facts passed; settled after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
    }

    // Every acknowledged command is there, and none of them twice: a stream has as many events as it was told of.
    private static async Task ShouldBeStoredOnce(Workload work)
    {
        await using Books people = new("people"), calls = new("calls"), quality = new("quality");

        work.Employees.Differences(await people.Streams("employee")).Should().BeEmpty();
        work.Teams.Differences(await people.Streams("team")).Should().BeEmpty();
        work.AgentDays.Differences(await calls.Streams("agent_day")).Should().BeEmpty();
        work.Evaluations.Differences(await quality.Streams("evaluation")).Should().BeEmpty();

        var stored = await calls.Streams("call");
        work.Calls.Differences(stored, more: true).Should().BeEmpty();
        stored.Should().HaveCount(work.Calls.Count + (Rows * 99 / 100), "live calls and imported ones");
        stored.Values.Sum().Should().Be(work.Calls.Sum + (Rows * 99 / 100), "an imported call is one event");

        foreach (var books in new[] { people, calls, quality })
            (await books.BrokenStreams()).Should().BeEmpty();
    }

    private static async Task EachAgentWhoFailedShouldNeedTrainingOnce(Workload work)
    {
        await using var training = new Books("training");
        var needs = await training.Rows(
            "select (data ->> 'AgentId')::uuid from training.mt_doc_trainingneed where data ->> 'Status' = 'Open'", need =>
                need.GetGuid(0));
        needs.Should().BeEquivalentTo(work.Failed.Ids);
    }

    private Task NothingShouldBeLeftInQueues() => Settle("every queue is empty, the error queues too",
        async () => [.. (await servers.Queues()).Where(queue => queue.Value > 0).Select(queue => $"{queue.Key}: {queue.Value}")]);

    private static async Task Settle(string what, Func<Task<IReadOnlyList<string>>> look)
    {
        var (start, found) = (Stopwatch.GetTimestamp(), await look());
        while (found.Count > 0 && Stopwatch.GetElapsedTime(start) < Settling)
        {
            await Task.Delay(500);
            found = await look();
        }

        found.Take(5).Should().BeEmpty($"{what} ({found.Count} are not)");
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

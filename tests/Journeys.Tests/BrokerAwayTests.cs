using System.Diagnostics;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>The event store is the outbox: without the broker commands are taken as ever, and what they did is told later.</summary>
[Collection(RealProcesses.Name)]
public sealed class BrokerAwayTests(PrivateServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(60);
    private readonly Cluster cluster = new(servers);

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task commands_are_answered_while_the_broker_is_away_for_a_minute_and_told_when_it_is_back()
    {
        var services = await cluster.Start("People", "Calls", "Reporting");
        var work = new Workload(cluster, services, seed: 1);
        await work.Prepare();
        var before = await Answers(work, from: 0, count: 40);

        var repeated = work.Ledger.Repeated;

        servers.KillBroker();
        var (start, during) = (Stopwatch.GetTimestamp(), new List<TimeSpan>());
        for (var i = 1; Stopwatch.GetElapsedTime(start) < Away; i++)
            during.AddRange(await Answers(work, from: i * 40, count: 20));
        await servers.Start();
        var back = Stopwatch.GetTimestamp();

        work.Ledger.Repeated.Should().Be(repeated, "no command had to be sent twice");
        await Eventually.True(() => Task.FromResult(work.Employees.Ids.All(id => cluster.Facts.Newest<EmployeeV1>(id) > 0)
            && work.Calls.Ids.All(id => cluster.Facts.Newest<CallV1>(id) > 0)), "everything done meanwhile to be published",
                TimeSpan.FromMinutes(2));
        output.WriteLine($"{during.Count} commands while the broker was away: p50 {Percentile(during, 50)}, p99 {Percentile(during, 99)}; " +
            $"before: p50 {Percentile(before, 50)}, p99 {Percentile(before, 99)}; all published {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s after it was back");
        await using var reporting = new Books("reporting");
        await Eventually.True(async () =>
            work.Calls.Differences(await reporting.Versions("facts.call")).Count == 0, "Reporting to know all calls");
        (await services["People"].Health("daemon")).Should().Be("leading");
    }

    // One employee and one call at a time, like a person who waits for the answer.
    private static async Task<List<TimeSpan>> Answers(Workload work, int from, int count)
    {
        var took = new List<TimeSpan>();
        for (var i = from; i < from + count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await (i % 2 == 0 ? work.Hire(i) : work.Offer(i));
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        return took;
    }

    private static string Percentile(List<TimeSpan> times, int percent) =>
        $"{times.Order().ElementAt(times.Count * percent / 100).TotalMilliseconds:0} ms";

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

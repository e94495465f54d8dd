using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>
/// The broker dies at its worst moments, and each time every service publishes and takes all facts within a minute of its
/// return. <c>CALLCENTER_KILLS=50</c> for more rounds, <c>CALLCENTER_SEED=…</c> for the same ones again.
/// </summary>
[Collection(RealProcesses.Name)]
public sealed class BrokerKillTests(PrivateServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Each lost queue is noticed, and what others said meanwhile is tried again; two may wait for each other.
    private static readonly TimeSpan LimitWithoutQueues = TimeSpan.FromSeconds(150);
    private readonly int rounds = Setting("CALLCENTER_KILLS", 5); // one of each kind
    private readonly int seed = Setting("CALLCENTER_SEED", Random.Shared.Next(100_000));
    private readonly Cluster cluster = new(servers);
    private Dictionary<string, ServiceProcess> services = null!;
    private Workload work = null!;

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task whenever_the_broker_dies_all_facts_are_there_within_a_minute_of_its_return()
    {
        output.WriteLine($"CALLCENTER_SEED={seed}");
        var random = new Random(seed);
        services = await cluster.Start([.. Repository.Services.Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)]);
        work = new Workload(cluster, services, seed);
        await work.Prepare();
        await PublishRoster();
        await work.Answer(300_000);
        await AllFactsAreThere(rosterDaysBefore: 0, "before the first round");

        for (var round = 0; round < rounds; round++)
        {
            Func<Random, int, Task<string>> kill =
                (round % 5) switch
                {
                    0 => BetweenPublishAndConfirm,
                    1 => WhileConsumersStop,
                    2 => TwiceWithinAReconnect,
                    3 => AndComesBackWithoutSomeQueues,
                    _ => AndComesBackWithSomeThatDoNotAnswer,
                };
            var rosterDays = cluster.Facts.All<RosterDayV1>().Count();
            var how = await kill(random, round);
            var back = Stopwatch.GetTimestamp();

            await AllFactsAreThere(rosterDays, $"round {round}, killed {how}");
            output.WriteLine(
                $"round {round}: killed {how}, all facts there {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s after its return");
        }
    }

    // The broker has what was published and confirms nothing of it.
    private async Task<string> BetweenPublishAndConfirm(Random random, int round)
    {
        servers.FreezeBroker();
        await Work(round);
        await Task.Delay(random.Next(3000));
        servers.KillBroker();
        await servers.Start();
        return "between publish and confirm";
    }

    // The first death makes consumers stop; the second comes while they do.
    private async Task<string> WhileConsumersStop(Random random, int round)
    {
        await Work(round);
        servers.KillBroker();
        await servers.Start();
        await Task.Delay(random.Next(3000));
        servers.KillBroker();
        await servers.Start();
        return "while consumers stop";
    }

    private async Task<string> TwiceWithinAReconnect(Random random, int round)
    {
        var working = Work(round);
        servers.KillBroker();
        await servers.Start();
        servers.KillBroker();
        await Task.Delay(random.Next(1000));
        await servers.Start();
        await working;
        return "twice within a reconnect";
    }

    // It lists them, and what is published to them is refused; RabbitMQ 3.10 does so now and then after a kill.
    private async Task<string> AndComesBackWithoutSomeQueues(Random random, int round)
    {
        servers.KillBroker();
        await servers.Start();
        var queues = await LoseQueues(random);
        await Work(round);
        return $"and came back without {queues}";
    }

    // Killed once more right then, it takes all of them but the last for alive, and answers nothing that is asked of them.
    private async Task<string> AndComesBackWithSomeThatDoNotAnswer(Random random, int round)
    {
        var queues = await LoseQueues(random);
        servers.KillBroker();
        await servers.Start();
        await Work(round);
        return $"and came back without an answer of {queues}";
    }

    private async Task<string> LoseQueues(Random random)
    {
        var queues = random.GetItems([.. (await servers.Queues()).Keys.Where(IsOurs).Order()], 3).Distinct().ToList();
        foreach (var queue in queues)
            await PrivateServers.LoseProcess(queue);
        return string.Join(", ", queues);

        static bool IsOurs(string queue) => Repository.Services.Any(service => queue.StartsWith(service, StringComparison.Ordinal))
            && !queue.EndsWith("_error", StringComparison.Ordinal);
    }

    // Something new of every service: Training follows Quality and Reporting follows Calls; Scheduling tells its roster again.
    private async Task Work(int round)
    {
        for (var i = round * 20; i < (round + 1) * 20; i++)
            await (i % 2 == 0 ? work.Hire(i) : work.Offer(10_000 + i));
        await work.Score(300_000 + round, round); // Quality has heard of that call in the round before
        await work.Answer(300_000 + round + 1);
        await work.Ledger.Send(cluster.As(services["Scheduling"], "admin"), () =>
            new HttpRequestMessage(HttpMethod.Post, "/republications"));
    }

    private async Task AllFactsAreThere(int rosterDaysBefore, string when)
    {
        IReadOnlyList<string> missing = [];
        var limit = when.Contains("without", StringComparison.Ordinal) ? LimitWithoutQueues : Limit;
        var start = Stopwatch.GetTimestamp();
        do
        {
            missing = [.. await Unpublished(), .. await Waiting(), .. await Agreement.Differences(), .. await Untold(rosterDaysBefore)];
            if (missing.Count > 0)
                await Task.Delay(250);
        }
        while (missing.Count > 0 && Stopwatch.GetElapsedTime(start) < limit);

        missing.Take(10).Should().BeEmpty($"all facts should be there ({when}; {missing.Count} differences)");
    }

    private static async Task<IReadOnlyList<string>> Unpublished()
    {
        var behind = new List<string>();
        foreach (var service in Repository.Services.Where(s => s != "reporting"))
        {
            await using var books = new Books(service);
            var (last, told) = ((await books.Rows($"select coalesce(max(seq_id), 0) from {service}.mt_events", r => r.GetInt64(0)))
                .Single(),
                (await books.Progress()).Where(p => p.Key.StartsWith("facts", StringComparison.Ordinal)).Select(p => p.Value)
                    .DefaultIfEmpty().Min());
            if (told < last)
                behind.Add($"{service} has told {told} of {last} events");
        }

        await using var reporting = new Books("reporting");
        behind.AddRange(await reporting.Rows(
            "select queue || ' ' || day from rollups.queue_day where version > published_version", r => r.GetString(0)));
        return behind;
    }

    private async Task<IReadOnlyList<string>> Waiting() =>
        [.. (await servers.Queues()).Where(queue => queue.Value > 0).Select(queue => $"{queue.Key}: {queue.Value} messages wait")];

    // What the listener has heard, which belongs to nobody.
    private async Task<IReadOnlyList<string>> Untold(int rosterDaysBefore)
    {
        await using var training = new Books("training");
        var failed = await training.Rows(
            "select distinct (data ->> 'AgentId')::uuid from training.mt_doc_trainingneed", need => need.GetGuid(0));
        return
        [
            .. work.Employees.Ids.Where(id => cluster.Facts.Newest<EmployeeV1>(id) == 0).Select(id => $"employee {id} not heard of"),
            .. work.Calls.Ids.Where(id => cluster.Facts.Newest<CallV1>(id) == 0).Select(id => $"call {id} not heard of"),
            .. work.Failed.Ids.Except(failed).Select(agent => $"no training need of {agent}"),
            .. cluster.Facts.All<RosterDayV1>().Count() > rosterDaysBefore ? [] : new[] { "the roster was not told again" },
        ];
    }

    // Three weeks of calls, a forecast, a requirement and a published roster, so that Scheduling has facts to tell.
    private async Task PublishRoster()
    {
        for (var i = 0; i < 4; i++)
            await work.Hire(900_000 + i, "billing");
        await ImportHistory();
        var scheduler = cluster.As(services["Scheduling"], "scheduler", work.Project);
        var from = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(1);

        var forecast = await Created(scheduler, "/forecasts", new { projectId = work.Project, from, days = 7 });
        var requirement = await Created(scheduler, "/requirements", new
        {
            forecastId = forecast, goals = new[] { new { queue = "billing", serviceLevel = 0.8, withinSeconds = 20, shrinkage = 0.05 } },
        });
        var accepted = await work.Ledger.Send(scheduler, () => new HttpRequestMessage(HttpMethod.Post, "/rosters")
        {
            Content = JsonContent.Create(new { projectId = work.Project, requirementId = requirement, maxRounds = 5, seconds = 5 }),
        });
        JsonElement? operation = null;
        await Eventually.True(async () =>
            (operation = await Ledger.Read(scheduler, accepted.Headers.Location!))?.GetProperty("ended").GetBoolean() == true, "a roster");
        operation!.Value.GetProperty("status").GetString().Should().Be("succeeded", operation.ToString());

        var roster = operation.Value.GetProperty("result").GetString()!;
        var version = (await scheduler.GetAsync(new Uri(roster, UriKind.Relative))).Headers.ETag!;
        await work.Ledger.Send(scheduler, () =>
            new HttpRequestMessage(HttpMethod.Post, $"{roster}/publication") { Headers = { IfMatch = { version } } });
        await Eventually.True(() => Task.FromResult(cluster.Facts.All<RosterDayV1>().Any()), "the roster to be told");
    }

    private async Task ImportHistory()
    {
        var start = TimeProvider.System.GetUtcNow().AddDays(-22);
        var file = new StringBuilder("call_id,queue,offered_at,answered_at,ended_at,agent\n");
        for (var i = 0; i < 21 * 24 * 6; i++)
        {
            var offered = start.AddMinutes(i * 10);
            file.Append(CultureInfo.InvariantCulture,
                $"history-{i},billing,{offered:O},{offered.AddSeconds(7):O},{offered.AddSeconds(120):O},{work.Agent(i)}\n");
        }

        var calls = cluster.As(services["Calls"], "integrator", work.Project);
        var accepted = await work.Ledger.Send(calls, () =>
            new HttpRequestMessage(HttpMethod.Post, $"/imports?project={work.Project}&mapping=callcenter")
        {
            Content = new StringContent(file.ToString(), Encoding.UTF8, "text/csv"),
        });
        JsonElement? import = null;
        await Eventually.True(async () =>
            (import = await Ledger.Read(calls, accepted.Headers.Location!))?.GetProperty("ended").GetBoolean() == true,
            "the calls of three weeks");
        import!.Value.GetProperty("status").GetString().Should().Be("succeeded", import.ToString());

        var scheduler = cluster.As(services["Scheduling"], "scheduler", work.Project);
        var answer = "";
        try
        {
            await Eventually.True(async () =>
            {
                var forecast = await scheduler.PostAsJsonAsync("/forecasts",
                    new { projectId = work.Project, from = DateOnly.FromDateTime(start.UtcDateTime.AddDays(30)), days = 1 });
                answer = await forecast.Content.ReadAsStringAsync();
                return forecast.IsSuccessStatusCode;
            }, "Scheduling to know enough days for a forecast");
        }
        catch (TimeoutException e)
        {
            IEnumerable<string> behind = [answer, .. await Unpublished(), .. await Waiting()];
            throw new TimeoutException($"{e.Message}; {string.Join("; ", behind)}", e);
        }
    }

    private async Task<Guid> Created(HttpClient client, string path, object body) => Guid.Parse((await work.Ledger.Send(
        client, () =>
            new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) })).Headers.Location!.ToString()[^36..]);

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

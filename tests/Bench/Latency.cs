using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Npgsql;

namespace CallCenter.Bench;

/// <summary>From the reply to a command until another service has stored its fact.</summary>
internal sealed class Latency(Site site, Report report, Options options)
{
    private static readonly (string Service, string Table)[] Keepers = [("Reporting", "facts.call"), ("Quality", "quality.mt_doc_callv1")];

    public async Task Measure()
    {
        var project = await site.Project("Calls", "Quality", "Reporting");
        using var client = site.As(await site.Start("Calls"), "integrator", project);

        await Send(client, project, "warm-up", perSecond: 50, TimeSpan.FromSeconds(10));
        await AtEase(client, project);
        await UnderLoad(client, project);
    }

    private async Task AtEase(HttpClient client, Guid project)
    {
        await using var reporting = await Arrivals.Watch(Keepers[0].Service, Keepers[0].Table);
        await using var quality = await Arrivals.Watch(Keepers[1].Service, Keepers[1].Table);

        var replied = await Send(client, project, "ease", perSecond: 20, TimeSpan.FromSeconds(3 * options.Seconds));
        foreach (var (arrivals, service) in new[] { (reporting, "Reporting"), (quality, "Quality") })
        {
            await Site.Until(() => Task.FromResult(replied.All(r => arrivals.At.ContainsKey(r.Id))));
            var took = replied.Select(r => Stopwatch.GetElapsedTime(r.At, arrivals.At[r.Id]).TotalMilliseconds).ToList();
            report.Below($"Reply to fact stored in {service}, 20 commands/s: p50", Rate.Percentile(took, 50), 50, "ms");
            report.Below($"Reply to fact stored in {service}, 20 commands/s: p99", Rate.Percentile(took, 99), 300, "ms");
        }
    }

    // What waits between the services is counted every second; bounded means that it does not grow from one half to the other.
    private async Task UnderLoad(HttpClient client, Guid project)
    {
        await using var calls = Site.Database("calls");
        await using var reporting = Site.Database("reporting");
        var waiting = new List<long>();
        using var end = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                waiting.Add(await Site.Count(calls, "select count(*) from calls.mt_streams where type = 'call'")
                    - await Site.Count(reporting, "select count(*) from facts.call"));
                await Task.Delay(1000);
            }
        });
        await Send(client, project, "load", perSecond: 300, TimeSpan.FromSeconds(3 * options.Seconds));
        await end.CancelAsync();
        await watching;

        var (early, late) = (waiting.Take(waiting.Count / 2).Max(), waiting.Skip(waiting.Count / 2).Max());
        report.Holds("Facts under way at 300 events/s", $"{early} at most in the first half, {late} in the second", "does not grow",
            late <= Math.Max(300, early * 3 / 2));
    }

    /// <summary>Offers calls at a steady rate, whether or not the ones before were answered.</summary>
    private static async Task<IReadOnlyCollection<(Guid Id, long At)>> Send(
        HttpClient client, Guid project, string name, int perSecond, TimeSpan length)
    {
        var (replied, sending, start) = (new ConcurrentBag<(Guid, long)>(), new List<Task>(), Stopwatch.GetTimestamp());
        for (var i = 0; i < perSecond * length.TotalSeconds; i++)
        {
            if (TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(start) is { TotalMilliseconds: > 1 } early)
                await Task.Delay(early);
            var call = $"{name}-{i}";
            sending.Add(Offer(call));
        }

        await Task.WhenAll(sending);
        return replied;

        async Task Offer(string call)
        {
            using var answer = await client.PostAsJsonAsync(new Uri("/call-events", UriKind.Relative), new
            {
                projectId = project, source = "switch", callId = call, type = "offered", queue = "billing",
                at = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
            });
            var at = Stopwatch.GetTimestamp();
            replied.Add((Guid.Parse(answer.EnsureSuccessStatusCode().Headers.Location!.ToString()[^36..]), at));
        }
    }
}

/// <summary>Told by the database when a row is committed: looking again and again would slow down what is measured.</summary>
internal sealed class Arrivals : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private NpgsqlDataSource database = null!;
    private Task listening = null!;
    private string table = "";

    public ConcurrentDictionary<Guid, long> At { get; } = [];

    public static async Task<Arrivals> Watch(string service, string table)
    {
        var arrivals = new Arrivals { database = Site.Database(service.ToLowerInvariant()), table = table };
        await arrivals.Run($"""
            create or replace function bench_tell() returns trigger language plpgsql as
                'begin perform pg_notify(''bench'', new.id::text); return null; end';
            create trigger bench_tell after insert on {table} for each row execute function bench_tell();
            """);
        var connection = await arrivals.database.OpenConnectionAsync();
        connection.Notification += (_, told) => arrivals.At.TryAdd(Guid.Parse(told.Payload), Stopwatch.GetTimestamp());
        await using (var listen = new NpgsqlCommand("listen bench", connection))
            await listen.ExecuteNonQueryAsync();
        arrivals.listening = arrivals.Listen(connection);
        return arrivals;
    }

    private async Task Listen(NpgsqlConnection connection)
    {
        await using (connection)
            while (!end.IsCancellationRequested)
                await connection.WaitAsync(end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task Run(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await listening;
        await Run($"drop trigger bench_tell on {table}");
        await database.DisposeAsync();
        end.Dispose();
    }
}

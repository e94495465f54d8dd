using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CallCenter.Calls.Contacts;
using Npgsql;

namespace CallCenter.Bench;

/// <summary>An import through the API against Marten's bulk insert of the same events; then how fast the backlog of facts drains.</summary>
internal sealed class Imports(Site site, Report report, Options options)
{
    private const int Rounds = 2;
    private const string Unpublished = """
        select (select coalesce(max(seq_id), 0) from calls.mt_events) - (select last_seq_id from calls.mt_event_progression where name = 'facts:All')
        """;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public async Task Measure()
    {
        var project = await site.Project("Calls", "Quality", "Reporting");
        foreach (var listener in new[] { "People", "Quality", "Reporting" }) // their queues stay and fill
            await site.Stop(listener);
        var service = await site.Start("Calls");
        using var client = site.As(service, "integrator", project);
        using var raw = new Raw();
        await raw.Prepare();
        await using var calls = Site.Database("calls");
        var (api, marten, published, each) = (new List<double>(), new List<double>(), new List<double>(), options.Rows / Rounds);

        await raw.BulkInsert(Events(project, 2000));
        await Import(client, project, "warm-up", 5000);
        for (var round = 0; round < Rounds; round++)
        {
            await Site.Settled();
            marten.Add(await raw.BulkInsert(Events(project, each)));
            api.Add(await Import(client, project, $"round-{round}", each));
            published.Add(await Drained(() => Site.Count(calls, Unpublished)));
        }

        report.AtLeast(0.5, $"Import through the API, {each:N0} rows, from the upload to the last event stored", Rate.Median(api),
            "Marten's bulk insert of the same events", Rate.Median(marten), "rows/s");
        report.Below($"Calls: memory at its highest, {options.Rows:N0} rows imported", service.Memory("VmHWM"), 300, "MB");
        report.AtLeast("Publisher drains the backlog", Rate.Median(published), 2500, "facts/s");
        await Consumers();
    }

    // The facts of all rounds wait in the queues of two services.
    private async Task Consumers()
    {
        foreach (var (service, table) in new[] { ("Reporting", "facts.call"), ("Quality", "quality.mt_doc_callv1") })
        {
            await using var database = Site.Database(service.ToLowerInvariant());
            await using var calls = Site.Database("calls");
            var all = await Site.Count(calls, "select count(*) from calls.mt_streams where type = 'call'");
            await site.Start(service);
            report.AtLeast($"{service} takes the backlog",
                await Drained(async () => all - await Site.Count(database, $"select count(*) from {table}")), 2500, "facts/s");
            await site.Stop(service);
        }
    }

    /// <returns>Rows a second.</returns>
    private static async Task<double> Import(HttpClient client, Guid project, string name, int rows)
    {
        var file = Encoding.UTF8.GetBytes(File(name, rows));
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");

        var start = Stopwatch.GetTimestamp();
        var accepted = (await client.PostAsync(new Uri($"/imports?project={project}&mapping=callcenter", UriKind.Relative), content))
            .EnsureSuccessStatusCode();
        var ended = default(JsonElement);
        await Site.Until(async () => (ended = await client.GetFromJsonAsync<JsonElement>(accepted.Headers.Location))
            .GetProperty("status").GetString() is not ("queued" or "running"));
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;

        return ended.GetProperty("counts").GetProperty("created").GetInt64() == rows
            ? rows / took : throw new InvalidOperationException($"The import has not taken every row: {ended}");
    }

    // Measured from the second tenth to the last, so that neither the start nor the end of it counts.
    private static async Task<double> Drained(Func<Task<long>> left)
    {
        var first = await left();
        long from = 0, start = 0;
        await Site.Until(async () => (from = await left()) <= first * 9 / 10);
        start = Stopwatch.GetTimestamp();
        long now = 0;
        await Site.Until(async () => (now = await left()) <= first / 20);

        return (from - now) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string File(string name, int rows)
    {
        var file = new StringBuilder("call_id,queue,offered_at,answered_at,ended_at,after_contact_seconds,agent,outcome\n");
        for (var i = 0; i < rows; i++)
        {
            var offered = Start.AddSeconds(i * 604_800.0 / rows);
            file.Append(CultureInfo.InvariantCulture,
                $"{name}-{i},billing,{offered:O},{offered.AddSeconds(9):O},{offered.AddSeconds(190):O},25,A-{i % 26},answered\n");
        }

        return file.ToString();
    }

    private static IEnumerable<CallImported> Events(Guid project, int count)
    {
        var import = Guid.CreateVersion7();
        return Enumerable.Range(0, count).Select(i =>
        {
            var offered = Start.AddSeconds(i * 604_800.0 / count);
            return new CallImported(project, "callcenter", $"round-0-{i}", import, new Leg(
                "billing", "inbound", "voice", null, offered, null, offered.AddSeconds(9), offered.AddSeconds(190), 0, 25, CallOutcome.Answered,
                import, null, null));
        });
    }
}

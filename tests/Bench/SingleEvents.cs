using System.Net.Http.Headers;
using System.Text.Json;
using CallCenter.Calls.Contacts;

namespace CallCenter.Bench;

/// <summary>Call events one by one over HTTP, against Marten appending the same events one a commit.</summary>
internal sealed class SingleEvents(Site site, Report report, Options options)
{
    private const int Connections = 32;
    private const int Rounds = 3;
    private const int Prepared = 60_000;
    private static readonly string[] Kinds = ["offered", "answered", "ended", "wrapped-up"];

    public async Task Measure()
    {
        var project = await site.Project("Calls", "Quality", "Reporting");
        foreach (var other in new[] { "People", "Quality", "Reporting" }) // measured with its own publisher, without those it publishes for
            await site.Stop(other);
        var calls = await site.Start("Calls");
        using var client = site.As(calls, "integrator", project);
        using var raw = new Raw();
        await raw.Prepare();
        var (http, marten, length) = (new List<double>(), new List<double>(), TimeSpan.FromSeconds(options.Seconds));

        await raw.OneByOne(Events(project), Connections, TimeSpan.FromSeconds(2));
        await Over(client, Bodies(project, "warm-up"), TimeSpan.FromSeconds(5));
        for (var round = 0; round < Rounds; round++)
        {
            await Site.Settled();
            marten.Add(await raw.OneByOne(Events(project), Connections, length));
            http.Add(await Over(client, Bodies(project, $"round-{round}"), length));
        }

        report.AtLeast(0.5, $"Single call events over HTTP, {Connections} connections", Rate.Median(http),
            $"Marten, one event a commit, {Connections} sessions", Rate.Median(marten), "events/s");
    }

    private static Task<double> Over(HttpClient client, List<byte[]> bodies, TimeSpan length) => Rate.Of(Connections, length, async i =>
    {
        using var content = new ByteArrayContent(bodies[i]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync(new Uri("/call-events", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    });

    // Four events a call, and neighbours belong to different calls.
    private static (string Call, string Kind, DateTimeOffset At) Event(int i, string name)
    {
        var (call, kind) = ((i % 64) + (i / 256 * 64), i / 64 % 4);
        return ($"{name}-{call}", Kinds[kind], Start.AddSeconds(call + (kind * 30)));
    }

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static List<byte[]> Bodies(Guid project, string name) => [.. Enumerable.Range(0, Prepared).Select(i =>
    {
        var (call, kind, at) = Event(i, name);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            projectId = project, source = "switch", callId = call, type = kind, at,
            queue = kind == "offered" ? "billing" : null, agent = kind == "answered" ? $"{project}" : null,
            wrapUpCode = kind == "wrapped-up" ? "solved" : null,
        });
    })];

    private static List<(Guid, object)> Events(Guid project)
    {
        var ids = new Dictionary<string, Guid>();
        return [.. Enumerable.Range(0, Prepared).Select(i =>
        {
            var (call, kind, at) = Event(i, "raw");
            if (!ids.TryGetValue(call, out var id))
                ids[call] = id = Guid.CreateVersion7();
            return (id, (object)(kind switch
            {
                "offered" => new CallOffered(project, "switch", call, at, "billing", "inbound", "voice", null, null),
                "answered" => new CallAnswered(project, "switch", call, at, project),
                "ended" => new CallEnded(project, "switch", call, at),
                _ => new CallWrappedUp(project, "switch", call, at, "solved"),
            }));
        })];
    }
}

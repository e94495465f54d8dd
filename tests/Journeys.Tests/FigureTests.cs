using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Journeys.Tests;

/// <summary>What files of telephone systems say is what the figures say: uploaded, told, counted and asked for as in production.</summary>
[Collection(RealProcesses.Name)]
public sealed class FigureTests(PrivateServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly DateTimeOffset Nine =
        new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-3).AddHours(9), TimeSpan.Zero);

    private readonly Cluster cluster = new(servers);
    private HttpClient calls = null!;
    private HttpClient reporting = null!;
    private Guid project;

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    private async Task Open()
    {
        var services = await cluster.Start("People", "Calls", "Reporting");
        using var people = cluster.As(services["People"], "admin");
        var created = await people.Send(HttpMethod.Post, "/projects", key: "project", body: new
        {
            Name = "Figures", Client = "Acme", Zone = "Etc/UTC", OpeningHours = Array.Empty<object>(),
            Queues = new[] { "orders", "returns" }.Select(code => new { Code = code, Name = code, Channel = "voice", ServiceLevelSeconds = 20 }),
        });
        created.StatusCode.Should().Be(HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        project = Guid.Parse(created.Headers.Location!.ToString()[^36..]);
        calls = cluster.As(services["Calls"], "integrator", project);
        reporting = cluster.As(services["Reporting"], "operations-manager", project);
    }

    [Fact]
    public async Task a_contact_is_in_time_to_the_millisecond_and_a_mean_is_rounded_once()
    {
        await Open();
        // Answered in time, late by a millisecond, in time; given up in time, late by a fraction, within 5 s, and not quite.
        string[] waits = ["20.000 a", "20.001 a", "19.999 a", "20.000", "20.750", "4.999", "5.001"];
        var rows = waits.Select((wait, nth) => wait.Split(' ') is [var seconds, "a"]
                ? Row($"w{nth}", "orders", Nine, Seconds(seconds), Seconds(seconds) + 60) : Row($"w{nth}", "orders", Nine, null, Seconds(wait)))
            .Concat(Enumerable.Range(0, 8).Select(nth => Row($"r{nth}", "returns", Nine.AddMinutes(nth), 2, 43.875m)));
        await Import("callcenter", "call_id,queue,offered_at,answered_at,ended_at\n" + string.Concat(rows));

        var told = await Told(15, "queue", "service-level", "service-level:v5", "aht", "hold-time", "after-contact-work");

        told.Should().Contain(
            ["orders service-level 0.7143 of 7", "orders service-level:v5 0.4286 of 7", "returns aht 41.9 of 8 talk", "returns hold-time none of 0",
             "returns after-contact-work none of 0"]);
    }

    [Theory]
    [InlineData(true, "states")]
    [InlineData(false, "calls")] // of the agents only who is signed in
    public async Task occupancy_is_the_same_by_a_queue_log_and_by_the_calls_in_it(bool statesTellOfCalls, string basis)
    {
        await Open();
        // Two and a half hours signed in, four calls of seven and a half minutes.
        var (signsIn, signsOut) = (Line(0, "NONE", "orders", "AG7", "ADDMEMBER|"), Line(9000, "NONE", "orders", "AG7", "REMOVEMEMBER|"));
        var log = signsIn + string.Concat(Enumerable.Range(0, 4).Select(nth =>
            Line(600 + nth * 1800, $"c{nth}", "orders", "NONE", "ENTERQUEUE||x|1")
            + Line(610 + nth * 1800, $"c{nth}", "orders", "AG7", $"CONNECT|10|c{nth}.a|4")
            + Line(1060 + nth * 1800, $"c{nth}", "orders", "AG7", "COMPLETEAGENT|10|450|1"))) + signsOut;
        await Import("asterisk-queue-log", log);
        await Import("asterisk-agent-states", statesTellOfCalls ? log : signsIn + signsOut);

        (await Told(4, "agent", "occupancy")).Should().Equal($"agent occupancy 0.2 of 9000 {basis}");
        (await Told(4, "queue", "aht", "hold-time")).Should().Equal("orders aht 450 of 4 talk", "orders hold-time none of 0");
    }

    [Fact]
    public async Task a_queue_log_that_begins_in_mid_call_counts_what_its_lines_say_of_before()
    {
        await Open();
        var log = Line(10, "b1", "orders", "AG7", "CONNECT|300|b1.a|4") + Line(70, "b1", "orders", "AG7", "COMPLETEAGENT|300|60|1")
            + Line(20, "b2", "orders", "NONE", "ABANDON|1|1|200")
            + Line(600, "b3", "orders", "NONE", "ENTERQUEUE||x|1") + Line(635, "b3", "orders", "AG7", "CONNECT|35|b3.a|4")
            + Line(695, "b3", "orders", "AG7", "COMPLETECALLER|35|60|1")
            + Line(800, "b4", "orders", "AG7", "COMPLETECALLER|8|60|1") // all there is of it
            + Line(900, "b5", "orders", "AG7", "AGENTDUMP|"); // its wait is not known
        await Import("asterisk-queue-log", log);

        (await Told(5, "queue", "offered", "answered", "abandoned", "other", "service-level", "asa")).Should().Equal(
            "orders offered 5 of 1", "orders answered 3 of 1", "orders abandoned 1 of 1", "orders other 1 of 1", "orders service-level 0.25 of 4",
            "orders asa 114.3 of 3");
    }

    private async Task Import(string mapping, string file)
    {
        // Until the service has heard of the project, there is none.
        var accepted = await Eventually.Some(async () =>
        {
            var answer = await calls.PostAsync(new Uri($"/imports?project={project}&mapping={mapping}", UriKind.Relative),
                new StringContent(file, Encoding.UTF8, "text/csv"));
            return answer.StatusCode is HttpStatusCode.Accepted ? answer : null;
        }, "the upload to be taken");

        var ended = default(JsonElement);
        await Eventually.True(async () => (ended = await calls.Get<JsonElement>(accepted.Headers.Location!.ToString()))
            .GetProperty("status").GetString() is not ("queued" or "running"), "the end of the import");
        ended.GetProperty("status").GetString().Should().Be("succeeded", $"{ended}");
        ended.GetProperty("counts").GetProperty("rejected").GetInt64().Should().Be(0);
    }

    /// <returns>A line for each value, with its denominator and its basis.</returns>
    private async Task<IReadOnlyList<string>> Told(int known, string by, params string[] kpis)
    {
        await Eventually.True(async () =>
        {
            var answer = await reporting.GetAsync(new Uri($"/reports/facts?project={project}", UriKind.Relative));
            if (!answer.IsSuccessStatusCode)
                return false;
            using var facts = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var kinds = facts.RootElement.GetProperty("facts");
            return kinds.TryGetProperty("calls", out var count) && count.GetInt64() == known
                && (by != "agent" || kinds.TryGetProperty("agent-days", out _));
        }, "all calls to have arrived");
        (await reporting.Send(HttpMethod.Post, "/roll-ups", body: new { projectId = project })).StatusCode.Should().Be(HttpStatusCode.OK);

        var day = DateOnly.FromDateTime(Nine.UtcDateTime).ToString("O", CultureInfo.InvariantCulture);
        var values = await reporting.Get<JsonElement>($"/kpis/values?project={project}&from={day}&to={day}&by={by}&"
            + string.Join('&', kpis.Select(kpi => $"kpi={kpi}")));
        List<string> told = [.. values.GetProperty("values").EnumerateArray().Select(value => string.Join(' ', new[]
        {
            by == "agent" ? "agent" : value.GetProperty("key").GetString(),
            value.GetProperty("kpi").GetString() + (value.GetProperty("variant").GetString() is not "v1" and var variant ? $":{variant}" : ""),
            value.GetProperty("value") is { ValueKind: JsonValueKind.Number } number ? $"{number.GetDecimal() / 1.0000m:0.####}" : "none",
            $"of {value.GetProperty("denominator").GetDecimal():0.####}", value.GetProperty("basis").GetString(),
        }.OfType<string>()))];
        told.ForEach(output.WriteLine);
        return told;
    }

    private static decimal Seconds(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string After(DateTimeOffset at, decimal seconds) =>
        at.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)).ToString("O", CultureInfo.InvariantCulture);

    private static string Row(string id, string queue, DateTimeOffset offered, decimal? answered, decimal ended) =>
        $"{id},{queue},{After(offered, 0)},{(answered is { } wait ? After(offered, wait) : "")},{After(offered, ended)}\n";

    private static string Line(int second, string call, string queue, string agent, string said) =>
        FormattableString.Invariant($"{Nine.ToUnixTimeSeconds() + second}|{call}|{queue}|{agent}|{said}\n");

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

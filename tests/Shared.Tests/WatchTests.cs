using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallCenter.EventSourcing;
using CallCenter.Health;
using CallCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CallCenter.Shared.Tests;

/// <summary>The notes under a name of their own: what is measured is told apart by the service.</summary>
public abstract class WatchedApi(string name) : ServiceFixture(name, NoteService.Named(name))
{
    protected override IEnumerable<string> Settings => ["--Health:Late=00:00:01"];

    public async Task<string> Metrics()
    {
        using var client = Anonymous();
        return await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
    }

    /// <summary>The value of a series; null where there is none.</summary>
    public async Task<double?> Metric(string name, string? label = null)
    {
        var series = (await Metrics()).Split('\n').FirstOrDefault(line => line.StartsWith($"{name}{{", StringComparison.Ordinal)
            && (label is null || line.Contains($"\"{label}\"", StringComparison.Ordinal)));
        return series is null ? null : double.Parse(series.Split("} ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What stands, and the status that says so.</summary>
    public async Task<(HttpStatusCode Status, Standing[] Standing)> Deep()
    {
        using var client = Anonymous();
        var answer = await client.GetAsync(new Uri("/health/deep", UriKind.Relative));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, body.RootElement.GetProperty("standing").Deserialize<Standing[]>(Http.Json)!);
    }
}

public sealed class WatchedNotesApi() : WatchedApi("watched");

public sealed class WatchTests(WatchedNotesApi api) : IClassFixture<WatchedNotesApi>
{
    private readonly Guid project = Guid.CreateVersion7();

    [Fact]
    public async Task a_service_that_works_says_so_and_every_instrument_is_in_its_metrics()
    {
        await Eventually.True(async () => (await api.Deep()).Status == HttpStatusCode.OK, "nothing to stand");

        // What no job has told yet and what could not be measured in time is left out of a page, and is on one of the next.
        foreach (var (name, _, _, _) in api.App.Services.GetRequiredService<ServiceHealth>().Instruments)
            await Eventually.True(async () => Regex.IsMatch(
                await api.Metrics(), $"(?m)^{name.Replace('.', '_')}(_seconds)?(_total)?\\{{[^}}]*service=\"watched\""), name);
        (await api.Metrics()).Should().NotContain("service=\"notes\"");
    }

    [Fact]
    public async Task what_is_counted_stays_when_another_of_the_same_name_in_this_process_ends()
    {
        using (var another = new Meter(ServiceMeter.NameOf("watched")))
            foreach (var (name, unit, _, description) in api.App.Services.GetRequiredService<ServiceHealth>().Instruments)
                another.CreateCounter<long>(name, unit, description).Add(1, new KeyValuePair<string, object?>("service", "another"));

        var metrics = await api.Metrics();
        metrics.Should().NotContain("another").And.Contain("callcenter_facts_published_total{").And.Contain("callcenter_instance_leading{");
    }

    [Fact]
    public async Task a_daemon_that_does_not_run_is_seen_as_lag_and_as_no_leader()
    {
        await Eventually.True(async () => await api.Metric("callcenter_instance_leading") == 1, "the only instance to lead");
        var daemon = api.App.Services.GetServices<IHostedService>().OfType<DaemonLeader>().Single();
        await daemon.StopAsync(default);
        using var client = api.As(Guid.CreateVersion7(), "supervisor", project);
        (await client.Send(HttpMethod.Post, "/notes", body: new WriteNote(project, "unpublished"))).EnsureSuccessStatusCode();

        await Eventually.True(async () => (await api.Deep()).Standing is { Length: > 1 } standing
            && standing.Select(s => s.What).ToHashSet().SetEquals(["leader absent", "publishing late"]), "both to stand");
        var (status, standing) = await api.Deep();
        status.Should().Be(HttpStatusCode.ServiceUnavailable);
        standing.Should().OnlyContain(s => s.Since != null && s.Why.Length > 0);
        (await api.Metric("callcenter_events_lag_count", "facts:All")).Should().Be(1);
        (await api.Metric("callcenter_facts_unpublished_age_seconds")).Should().BeGreaterThan(1);
        (await api.Metric("callcenter_instance_leading")).Should().Be(0);

        await daemon.StartAsync(default);
        await Eventually.True(async () => (await api.Deep()).Status == HttpStatusCode.OK, "nothing to stand");
        (await api.Metric("callcenter_events_lag_count", "facts:All")).Should().Be(0);
        (await api.Metric("callcenter_facts_published_total")).Should().BePositive();
    }

    // What is asked for hangs; who asks does not.
    [Fact]
    public async Task a_database_that_does_not_answer_is_named_and_hangs_nobody()
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        await using (var holder = await database.OpenConnectionAsync())
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await new NpgsqlCommand("lock table watched.mt_events in access exclusive mode", holder).ExecuteNonQueryAsync();

            await Eventually.True(async () => (await api.Deep()).Standing.Any(s => s.What == "events not measured"), "deep health to say so");
            (await api.Metric("callcenter_health_measured", "events")).Should().Be(0);
            (await api.Metric("callcenter_events_lag_count")).Should().BeNull("nobody knows");
            (await api.Metric("callcenter_database_connections_used", "service")).Should().BePositive("the rest is known");
        }

        await Eventually.True(async () => (await api.Deep()).Status == HttpStatusCode.OK, "nothing to stand");
    }

    [Theory]
    [InlineData(0, 10, 4, true)]
    [InlineData(0, 10, 20, false)]
    [InlineData(0, 2, 2, false)]
    [InlineData(0, -7, 4, true)]
    [InlineData(0, 2, 4, false)]
    public void a_clock_is_off_by_more_than_the_question_took(int asked, int database, int answered, bool off)
    {
        var start = DateTimeOffset.UnixEpoch;
        ClockOffset.Of(start.AddSeconds(asked), start.AddSeconds(database), start.AddSeconds(answered)).IsOff.Should().Be(off);
    }
}

/// <summary>The notes on a node whose clock is an hour ahead.</summary>
public sealed class EarlyNotesApi() : WatchedApi("early")
{
    protected override IEnumerable<string> Settings => ["--Clock:Ahead=01:00:00", "--Failing:Every=00:00:01"];
}

public sealed class ClockTests(EarlyNotesApi api) : IClassFixture<EarlyNotesApi>
{
    [Fact]
    public async Task a_node_whose_clock_is_off_says_so_and_runs_no_jobs()
    {
        using var client = api.Anonymous();
        await Eventually.True(async () => (await api.Deep()).Standing.Any(s => s.What == "clock off"), "deep health to say so");
        await using var database = NpgsqlDataSource.Create(api.Database);
        await Eventually.True(async () => await database.CreateCommand("select to_regclass('quartz.qrtz_triggers')::text").ExecuteScalarAsync()
            is string, "the jobs to be planned");

        (await database.CreateCommand("select count(*) from quartz.qrtz_triggers where prev_fire_time > 0").ExecuteScalarAsync())
            .Should().Be(0L);
        (await client.Get<JsonElement>("/health")).GetProperty("checks").GetProperty("jobs").GetProperty("description").GetString()
            .Should().Be("none ran here yet");
    }
}

using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Testing;
using MassTransit;

namespace CallCenter.Journeys.Tests;

/// <summary>What happens to messages between the services when things are not as they should be.</summary>
[Collection(RealProcesses.Name)]
public sealed class MessageTests(PrivateServers servers) : IAsyncLifetime
{
    private readonly Cluster cluster = new(servers);

    public ValueTask InitializeAsync() => cluster.InitializeAsync();

    [Fact]
    public async Task a_message_nobody_can_read_is_put_aside_with_its_reason_and_the_others_go_on()
    {
        await cluster.Start("Reporting");
        await using var reporting = new Books("reporting");
        var good = Enumerable.Range(0, 500).Select(_ => Call()).ToList();

        foreach (var (place, call) in good.Index())
        {
            await servers.Publish<CallV1>(call);
            if (place == 100)
                await servers.Publish<CallV1>(new { Call().Id, Version = "seven" });
            if (place == 300)
                await servers.Publish<CallV1>(new { Call().Id, Version = 1, ProjectId = Guid.CreateVersion7() });
        }

        await Eventually.True(async () => good.Select(c => c.Id).ToHashSet().SetEquals((await reporting.Versions("facts.call")).Keys),
            "all readable calls, and nothing else");
        await Eventually.True(async () =>
            (await servers.Queues()).GetValueOrDefault("reporting-call-v1_error") == 2, "both others in the error queue");
        foreach (var message in await servers.Peek("reporting-call-v1_error"))
            message.GetProperty("properties").GetProperty("headers").GetProperty("MT-Fault-Message").GetString().Should()
                .NotBeNullOrEmpty();
    }

    // With the users and roles of production: what the desk does, the service's own user may do.
    [Fact]
    public async Task what_nobody_could_read_is_seen_at_the_desk_and_goes_back_or_is_left_out()
    {
        var reporting = await cluster.Start("Reporting");
        var admin = cluster.As(reporting, "admin");
        var deep = new Uri("/health/deep", UriKind.Relative);
        await Eventually.True(async () => (await admin.GetAsync(deep)).IsSuccessStatusCode, "nothing to stand");
        foreach (var version in new[] { "seven", "eight" })
            await servers.Publish<CallV1>(new { Call().Id, Version = version });
        await Eventually.True(async () =>
            (await servers.Queues()).GetValueOrDefault("reporting-call-v1_error") == 2, "both in the error queue");

        await Eventually.True(async () => (await (await admin.GetAsync(deep)).Content.ReadAsStringAsync())
            .Contains("error queue of reporting-call-v1", StringComparison.Ordinal), "deep health to say so");
        var queue = (await admin.Get<JsonElement>("/operations-desk")).GetProperty("errorQueues")[0];
        queue.GetProperty("count").GetInt64().Should().Be(2);
        var ids = queue.GetProperty("first").EnumerateArray().Select(message => message.GetProperty("id").GetGuid()).ToList();
        var messages = "/operations-desk/error-queues/reporting-call-v1/messages";
        (await admin.Get<JsonElement>($"{messages}/{ids[0]}")).GetProperty("body").GetProperty("message").GetProperty("version").GetString()
            .Should().Be("(5 characters)");
        (await admin.Send(HttpMethod.Post, $"{messages}/{ids[0]}/retry")).EnsureSuccessStatusCode();
        (await admin.Send(HttpMethod.Post, $"{messages}/{ids[1]}/skip", body: new { Reason = "A test" })).EnsureSuccessStatusCode();

        await Eventually.True(async () =>
            (await servers.Queues()).GetValueOrDefault("reporting-call-v1_error") == 1, "the one that was tried again to be back");
        (await admin.Get<JsonElement>("/operations-desk")).GetProperty("skipped")[0].GetProperty("id").GetGuid().Should().Be(ids[1]);
        (await admin.Get<JsonElement>("/operations-desk/entries")).GetProperty("items").EnumerateArray()
            .Select(entry => entry.GetProperty("did").GetString()).Should().Equal("look", "retry", "skip");
    }

    [Fact]
    public async Task what_was_published_before_a_consumer_existed_reaches_it_when_it_is_published_again()
    {
        servers.KillBroker();
        var people = await cluster.Start("People", listening: false); // before the broker
        var admin = cluster.As(people, "admin");
        var hired = await admin.Send(HttpMethod.Post, "/employees", body: new
        {
            StaffNumber = "E-1", Name = "Li Na", HiredOn = "2026-01-05", Grade = "junior", WeeklyHours = 40,
            Zone = "Asia/Shanghai", TeamIds = Array.Empty<Guid>(), Skills = Array.Empty<object>(),
        });
        var id = Guid.Parse(hired.Headers.Location!.ToString()[^36..]);
        await servers.Start();
        await Eventually.True(() => cluster.Facts.Newest<EmployeeV1>(id) == 1, "the fact, before anybody but this test listens");
        // A broker that confirmed too late is told the fact again, until it is on record that it knows it.
        await using Books told = new("people");
        await Eventually.True(async () => (await told.Told<EmployeeV1>()).ContainsKey(id), "the fact to be on record as told");

        await cluster.Start("Training", "Reporting"); // after the fact
        await using Books training = new("training"), reporting = new("reporting");
        (await reporting.Kept<EmployeeV1>()).Should().BeEmpty();
        (await admin.Send(HttpMethod.Post, "/republications")).EnsureSuccessStatusCode();

        foreach (var books in new[] { training, reporting })
            await Eventually.True(async () =>
                (await books.Kept<EmployeeV1>()).GetValueOrDefault(id) == 1, "the employee in a service that started later");
    }

    [Fact]
    public async Task one_trace_leads_from_the_request_over_the_stored_event_to_the_message()
    {
        var people = await cluster.Start("People", telemetry: true);
        var trace = ActivityTraceId.CreateRandom().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/projects")
        {
            Content = JsonContent.Create(new
            {
                Name = $"Acme care {Guid.CreateVersion7()}", Client = "Acme", Zone = "Asia/Shanghai", OpeningHours = Array.Empty<object>(),
                    Queues = Array.Empty<object>(),
            }),
            Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } },
        };

        var opened = await cluster.As(people, "admin").SendAsync(request);

        var id = Guid.Parse(opened.EnsureSuccessStatusCode().Headers.Location!.ToString()[^36..]);
        await using var books = new Books("people");
        var stored = await books.Rows(
            $"select headers ->> 'traceparent' from people.mt_events where stream_id = '{id}'", e => e.GetString(0));
        stored.Should().NotBeEmpty().And.OnlyContain(header => header.Contains(trace));
        var passed = await Eventually.Some(
            () => Task.FromResult(cluster.Facts.Passed.FirstOrDefault(p => p.Fact.Id == id)), "the project's fact");
        passed.Trace.Should().Be(trace);
    }

    private static CallV1 Call() => new(
        Guid.CreateVersion7(), 1, Guid.CreateVersion7(), "billing", "inbound", "voice", DateTimeOffset.UnixEpoch, null, null, null,
        0, 0, 0, "open", null, null, null, null);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

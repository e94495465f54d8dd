using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using CallCenter.Calls.AgentStates;
using CallCenter.Calls.Contacts;
using CallCenter.Contracts.Calls;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Calls.Tests;

public sealed class CallEventJourneys(CallsApi api)
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0197a8c0-7d1a-7c44-9b6e-0d2f1f5a7b01")]
    [InlineData("9f0c3a52-1e4b-4b7e-8f16-3f0a9d2c8e71")]
    [InlineData("12345678-1234-5678-1234-567812345678")]
    public async Task a_uuid_is_taken_as_the_id_of_a_customer(string id)
    {
        var project = await api.Shared("customers");
        using var client = api.Integrator(project);

        var told = await client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "switch", callId = id, type = "offered", at = Nine, customerId = id,
        });

        told.StatusCode.Should().Be(HttpStatusCode.Created, await told.Content.ReadAsStringAsync());
        (await client.Get<CallView>(told.Headers.Location!.ToString())).CustomerId.Should().Be(id);
    }

    [Fact]
    public async Task what_identifies_something_is_read_from_events_as_it_is_from_files()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project(staff: (ada, "1042"));
        using var client = api.Integrator(project);
        async Task<string> Told(object report)
        {
            var told = await client.Send(HttpMethod.Post, "/call-events", body: report);
            told.StatusCode.Should().Be(HttpStatusCode.Created, await told.Content.ReadAsStringAsync());
            return told.Headers.Location!.ToString();
        }

        var call = await Told(new
        {
            projectId = project, source = "switch", callId = "p-1", type = "offered", at = Nine, queue = "billing", channel = "voice",
            customerId = "cust-7", conversationId = "v-1", linkedTo = "p-0", references = new { order = "o-1" },
        });
        var padded = new[]
        {
            await Told(new
            {
                projectId = project, source = " switch\u3000", callId = "\tp-1 ", type = "offered", at = Nine, queue = "  billing ",
                channel = " voice", customerId = "cust-7 ", conversationId = " v-1 ", linkedTo = " p-0",
                references = new { order = " o-1" },
            }),
            await Told(new { projectId = project, source = "switch ", callId = " p-1", type = "answered", at = Nine, agent = " 1042 " }),
            await Told(new { projectId = project, source = "switch ", callId = " p-1", type = "wrapped-up", at = Nine,
                wrapUpCode = " a " }),
        };
        var day = await client.Send(HttpMethod.Post, "/agent-states", body: new
        {
            projectId = project, agent = " 1042", state = "ready", at = Nine, channel = " voice", queue = "billing ",
        });

        padded.Should().AllBe(call);
        (await client.Get<CallView>(call)).Should().BeEquivalentTo(new
        {
            Version = 3L, Source = "switch", CallId = "p-1", Queue = "billing", Channel = "voice", CustomerId = "cust-7",
            ConversationId = "v-1", WrapUpCode = "a", AgentId = ada, References = new References { ["order"] = "o-1" },
        });
        (await client.Get<AgentDayView>(day.Headers.Location!.ToString())).Should().Match<AgentDayView>(
            d => d.AgentId == ada && d.ByChannel!.Single().Channel == "voice" && d.ByChannel!.Single().Queue == "billing");
    }

    [Fact]
    public async Task a_call_that_ended_before_it_was_answered_before_it_was_offered_is_one_whole_call()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project(staff: (ada, "1042"));
        using var client = api.Integrator(project);
        object[] reports =
        [
            new { projectId = project, source = "switch", callId = "c-1", type = "ended", at = Nine.AddSeconds(200) },
            new { projectId = project, source = "switch", callId = "c-1", type = "answered", at = Nine.AddSeconds(20), agent = "1042" },
            new { projectId = project, source = "switch", callId = "c-1", type = "offered", at = Nine, queue = "billing",
                customerId = "cust-7", linkedTo = "c-0" },
            new { projectId = project, source = "switch", callId = "c-1", type = "ended", at = Nine.AddSeconds(200) },
        ];

        var written = new List<HttpResponseMessage>();
        foreach (var report in reports)
            written.Add(await client.Send(HttpMethod.Post, "/call-events", body: report));

        written.Should().AllSatisfy(w => w.StatusCode.Should().Be(HttpStatusCode.Created));
        written.Select(w => w.Version()).Should().Equal(1, 2, 3, 3);
        var call = await client.Get<CallView>(written[0].Headers.Location!.ToString());
        call.Should().BeEquivalentTo(new
        {
            Version = 3L, ProjectId = project, Source = "switch", CallId = "c-1", Queue = "billing", CustomerId = "cust-7",
            Outcome = CallOutcome.Answered, AgentId = ada, TalkSeconds = 180, OfferedAt = Nine,
            LinkedCallId = CallIds.Of(project, "switch", "c-0"),
        });
        var fact = await api.Published<CallV1>(f => f.Id == call.Id && f.Version == 3);
        fact.Should().BeEquivalentTo(new { ProjectId = project, Queue = "billing", Outcome = "answered", AgentId = ada,
            TalkSeconds = 180 });
    }

    [Fact]
    public async Task what_a_call_is_about_is_shown_and_told_to_others()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project();
        using var client = api.Integrator(project);
        using var agent = api.As(ada, "agent", project);
        object[] reports =
        [
            new
            {
                projectId = project, source = "switch", callId = "about", type = "offered", at = Nine, customerId = "cust-7",
                conversationId = "v-1", stage = "pre-sale", references = new { order = "2026-00173", campaign = "spring" },
            },
            new { projectId = project, source = "switch", callId = "about", type = "answered", at = Nine.AddSeconds(20), agent = $"{ada}" },
            new { projectId = project, source = "switch", callId = "about", type = "held", at = Nine.AddSeconds(30) },
            new { projectId = project, source = "switch", callId = "about", type = "ended", at = Nine.AddSeconds(60),
                endReason = "customer" },
        ];
        var url = "";
        foreach (var report in reports)
            url = (await client.Send(HttpMethod.Post, "/call-events", body: report)).EnsureSuccessStatusCode().Headers.Location!.ToString();

        var wrapUp = new { code = "sold", stage = "in-sale", references = new { ticket = "T-9" } };
        (await agent.Send(HttpMethod.Post, $"{url}/wrap-up", body: wrapUp)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var call = await client.Get<CallView>(url);
        call.Should().BeEquivalentTo(new
        {
            CustomerId = "cust-7", ConversationId = "v-1", Stage = Stage.InSale, Holds = 1, EndReason = EndReason.Customer,
            References = new References { ["order"] = "2026-00173", ["campaign"] = "spring", ["ticket"] = "T-9" },
        });
        (await api.Published<CallV1>(f => f.Id == call.Id && f.Stage == "in-sale")).Should().BeEquivalentTo(new
        {
            CustomerId = "cust-7", Source = "switch", ExternalId = "about", ConversationId = "v-1", Holds = 1, EndReason = "customer",
            References = new CallReference[] { new("campaign", "spring"), new("order", "2026-00173"), new("ticket", "T-9") },
        });
    }

    [Theory]
    [InlineData("callId")]
    [InlineData("source")]
    [InlineData("wrapUpCode")]
    [InlineData("conversationId")]
    public async Task a_text_that_nobody_sees_is_none(string member)
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        foreach (var invisible in new[] { "\u200B", "  ", "\u2800\u2060" })
        {
            var report = new Dictionary<string, object>
            {
                ["projectId"] = project, ["source"] = "switch", ["callId"] = "7", ["type"] = "wrapped-up", ["at"] = Nine,
                ["wrapUpCode"] = "sold",
            };
            report[member] = invisible;
            await (await client.Send(HttpMethod.Post, "/call-events", body: report)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        }
    }

    [Fact]
    public async Task a_call_is_found_by_the_ids_of_its_source()
    {
        var (project, other) = (await api.Project(), await api.Project());
        using var client = api.Integrator(project, other);
        foreach (var (owner, source, callId) in new[] { (project, "switch", "7"), (project, "chats", "7"), (project, "switch", "8"),
            (other, "switch", "7") })
            (await client.Send(HttpMethod.Post, "/call-events",
                body: new { projectId = owner, source, callId, type = "offered", at = Nine }))
                .EnsureSuccessStatusCode();
        foreach (var owner in new[] { project, other })
            await Eventually.True(async () => (await client.Get<Page<CallView>>($"/calls?project={owner}")).Items.Count
                == (owner == project ? 4 : 2), "the list to follow");

        (await Found("source=switch&externalId=7")).Should().Equal(CallIds.Of(project, "switch", "7"));
        (await Found("externalId=7")).Should().BeEquivalentTo([CallIds.Of(project, "switch", "7"), CallIds.Of(project, "chats", "7")]);
        (await Found("source=switch")).Should().BeEquivalentTo([CallIds.Of(project, "switch", "7"), CallIds.Of(project, "switch", "8")]);
        (await Found("source=switch&externalId=9")).Should().BeEmpty();
        foreach (var bad in new[] { "externalId=", $"externalId={new string('x', 201)}", $"source={new string('x', 61)}", "source=",
            "externalId=%00" })
            await (await client.GetAsync($"/calls?project={project}&{bad}")).ShouldBeProblem(HttpStatusCode.BadRequest);

        async Task<IEnumerable<Guid>> Found(string filter) =>
            (await client.Get<Page<CallView>>($"/calls?project={project}&{filter}")).Items.Select(c => c.Id);
    }

    [Fact]
    public async Task a_call_is_looked_up_by_its_external_id_and_not_searched_for()
    {
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var query = session.Query<Call>().Where(c => c.ExternalId == "7").ToCommand();
        query.CommandText = $"explain {query.CommandText}";
        await using var source = Npgsql.NpgsqlDataSource.Create(api.Database);
        await using var connection = await source.OpenConnectionAsync();
        // Of a table as small as in a test the planner would rather read all.
        await using var prefer = new Npgsql.NpgsqlCommand("set enable_seqscan = off", connection);
        await prefer.ExecuteNonQueryAsync();

        query.Connection = connection;
        await using var plan = await query.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await plan.ReadAsync())
            lines.Add(plan.GetString(0));

        lines.Should().Contain(line => line.Contains("mt_doc_call_idx_external_id", StringComparison.Ordinal));
    }

    [Fact]
    public async Task an_event_keeps_the_trace_of_its_request_though_it_is_committed_with_others()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        var traces = Enumerable.Range(0, 20).Select(_ => ActivityTraceId.CreateRandom().ToString()).ToList();

        var stored = await Task.WhenAll(traces.Select(async trace =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/call-events")
            {
                Content = JsonContent.Create(new { projectId = project, source = "switch", callId = trace, type = "offered", at = Nine }),
                Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } },
            };
            var answer = await client.SendAsync(request);
            await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            var events = await session.Events.FetchStreamAsync(
                Guid.Parse(answer.EnsureSuccessStatusCode().Headers.Location!.ToString()[^36..]));
            return events[0].GetHeader("traceparent")?.ToString();
        }));

        stored.Zip(traces).Should().AllSatisfy(pair => pair.First.Should().Contain(pair.Second));
    }

    [Fact]
    public async Task many_at_once_are_all_stored_and_none_twice()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);

        var answers = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "switch", callId = $"m-{i % 100}",
                type = (i / 100 % 3) switch { 0 => "offered", 1 => "answered", _ => "ended" },
            at = Nine.AddSeconds(i / 100 % 3 * 20),
        })));

        answers.Should().AllSatisfy(a => a.StatusCode.Should().Be(HttpStatusCode.Created));
        // Of these calls alone: what other tests left to be done may be done meanwhile.
        await using var session = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var calls = answers.Select(a => Guid.Parse(a.Headers.Location!.ToString()[^36..])).Distinct().ToList();
        calls.Should().HaveCount(100);
        var stored = 0L;
        foreach (var call in calls)
            stored += (await session.Events.FetchStreamStateAsync(call))!.Version;
        stored.Should().Be(300);
    }

    [Fact]
    public async Task a_report_that_contradicts_the_others_spoils_only_itself()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "switch", callId = $"s-{i}", type = "wrapped-up", at = Nine,
                wrapUpCode = i % 2 == 0 ? "sold" : null,
        })));

        answers.Where((_, i) => i % 2 == 0).Should().AllSatisfy(a => a.StatusCode.Should().Be(HttpStatusCode.Created));
        foreach (var refused in answers.Where((_, i) => i % 2 == 1))
            await refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "wrap-up-code-missing");
    }

    public static TheoryData<string, int, string?> Bad => new()
    {
        { """{"projectId":"P","source":"s","callId":"b","type":"ended" """, 400, "unreadable" },
        { "", 400, null },
        { "null", 400, null },
        { "[]", 400, null },
        { "7", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","type":"ended","at":"2026-03-02T09:00:00Z","isFinal":true}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","Type":"ended","at":"2026-03-02T09:00:00Z"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","type":"hung-up","at":"2026-03-02T09:00:00Z"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","type":2,"at":"2026-03-02T09:00:00Z"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","type":"Ended","at":"2026-03-02T09:00:00Z"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","type":"ended","at":"2026-02-29T09:00:00Z"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","type":"ended","at":"2026-03-02T09:00:00"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b","type":"ended","at":"2026-03-02T09:00:00+23:59"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"b\u0000","type":"ended","at":"2026-03-02T09:00:00Z"}""", 400, null },
        { """{"projectId":"P","source":"s","callId":"\uD800","type":"ended","at":"2026-03-02T09:00:00Z"}""", 400, null },
        { """{"projectId":"P","source":"","callId":"b","type":"ended","at":"2026-03-02T09:00:00Z"}""", 400, "invalid" },
        { """{"projectId":"P","source":"s","callId":"b","type":"offered","at":"2026-03-02T09:00:00Z","direction":"up"}""", 400, "invalid" },
        { """{"projectId":"P","source":"s","callId":"b","type":"ended","at":"2026-03-02T09:00:00Z","outcome":"answered"}""", 400,
            "invalid" },
        { """{"projectId":"Q","source":"s","callId":"b","type":"ended","at":"2026-03-02T09:00:00Z"}""", 404, "not-found" },
        { """{"projectId":"00000000-0000-0000-0000-000000000000","source":"s","callId":"b","type":"ended","at":"2026-03-02T09:00:00Z"}""",
            404, "not-found" },
        { """{"projectId":"P","source":"s","callId":"b","type":"ended","at":"2126-03-02T09:00:00Z"}""", 422, "in-the-future" },
        { """{"projectId":"P","source":"s","callId":"known","type":"ended","at":"2026-03-02T08:00:00Z"}""", 422, "ends-before-it-starts" },
        { """{"projectId":"P","source":"s","callId":"known","type":"queued","at":"2026-03-02T08:00:00Z"}""", 422, "queued-before-offered" },
        { """{"projectId":"P","source":"s","callId":"known","type":"ended","at":"2026-04-12T09:00:00Z"}""", 422, "too-long" },
        { """{"projectId":"P","source":"s","callId":"b","type":"offered","at":"2026-03-02T09:00:00Z","customerId":"+86 138 0013 8000"}""",
            422, "customer-id-not-opaque" },
        { """{"projectId":"P","source":"s","callId":"b","type":"offered","at":"2026-03-02T09:00:00Z","customerId":"tel:13800138000"}""",
            422, "customer-id-not-opaque" },
        { """{"projectId":"P","source":"s","callId":"b","type":"offered","at":"2026-03-02T09:00:00Z","customerId":"１３８"}""", 422,
            "customer-id-not-opaque" },
        { """{"projectId":"P","source":"s","callId":"b","type":"offered","at":"2026-03-02T09:00:00Z","customerId":"1234567890123456789012345678901234567890"}""", 422, "customer-id-not-opaque" },
        { Offer(""" "customerId":"13800138000" """), 422, "customer-id-not-opaque" },
        { Offer(""" "customerId":"415-555-2671" """), 422, "customer-id-not-opaque" },
        { Offer(""" "customerId":"4111-1111-1111-1111" """), 422, "customer-id-not-opaque" },
        { Offer(""" "customerId":"0199aaaa-0000-7000-8000-000000000001-0199aaaa-0000-7000-8000-0000" """), 422, "customer-id-not-opaque" },
        { Offer(""" "stage":"later" """), 400, null },
        { Offer(""" "stage":0 """), 400, null },
        { Offer(""" "conversationId":"" """), 400, "invalid" },
        { Offer(""" "references":{"order":null} """), 400, null },
        { Offer(""" "references":{"order":7} """), 400, null },
        { Offer(""" "references":{"Order":"7"} """), 422, "reference-name" },
        { Offer(""" "references":{"order":"Ada Lovelace"} """), 422, "reference-value" },
        { Offer(""" "references":{"order":""} """), 422, "reference-value" },
        { Offer($$""" "references":{{{string.Join(',', Enumerable.Range(0, 11).Select(i => $"\"r{i}\":\"1\""))}}} """), 422,
            "too-many-references" },
    };

    private static string Offer(string member) =>
        $$"""{"projectId":"P","source":"s","callId":"b","type":"offered","at":"2026-03-02T09:00:00Z",{{member}}}""";

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task bad_input_is_refused_and_nothing_is_stored(string body, int status, string? code)
    {
        var (project, other) = (await api.Shared("known"), await api.Shared("other"));
        using var client = api.Integrator(project);
        (await client.Send(HttpMethod.Post, "/call-events",
            body: new { projectId = project, source = "s", callId = "known", type = "offered", at = Nine }))
            .StatusCode.Should().Be(HttpStatusCode.Created);
        var before = await api.EventCount();

        var answer = await client.Upload("/call-events", new StringContent(
            body.Replace("\"P\"", $"\"{project}\"", StringComparison.Ordinal).Replace("\"Q\"", $"\"{other}\"", StringComparison.Ordinal)),
                "application/json");

        await answer.ShouldBeProblem((HttpStatusCode)status, code);
        (await api.EventCount()).Should().Be(before);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=latin1")]
    public async Task what_is_not_json_in_utf8_is_not_read(string type)
    {
        using var client = api.Integrator(await api.Shared("known"));

        await (await client.Upload("/call-events", new StringContent("{}"), type)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task only_integrators_report_calls()
    {
        var project = await api.Shared("known");
        using var nobody = api.Anonymous();
        using var agent = api.As(Guid.CreateVersion7(), "agent", project);
        var report = new { projectId = project, source = "s", callId = "r", type = "offered", at = Nine };

        await (await nobody.Send(HttpMethod.Post, "/call-events", body: report)).ShouldBeProblem(HttpStatusCode.Unauthorized);
        await (await agent.Send(HttpMethod.Post, "/call-events", body: report)).ShouldBeProblem(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("agent,offline_access")]
    [InlineData("offline_access,agent,uma_authorization")]
    public async Task a_call_is_seen_by_its_project_and_of_the_agents_by_its_own(string roles)
    {
        var (mine, ada, bob) = (await api.Project(), Guid.CreateVersion7(), Guid.CreateVersion7());
        using var client = api.Integrator(mine);
        var url = (await client.Send(HttpMethod.Post, "/call-events",
            body: new { projectId = mine, source = "s", callId = "a", type = "answered", at = Nine, agent = ada.ToString() }))
            .Headers.Location!.ToString();
        using var owner = api.As(ada, roles, mine);
        using var colleague = api.As(bob, roles, mine);
        using var stranger = api.As(bob, "supervisor", await api.Shared("other"));

        (await owner.Get<CallView>(url)).AgentId.Should().Be(ada);
        await (await colleague.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await stranger.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await colleague.Send(HttpMethod.Post, $"{url}/wrap-up", body: new { code = "sold" }))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        (await owner.Send(HttpMethod.Post, $"{url}/wrap-up", body: new { code = "sold" })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await owner.Get<CallView>(url)).WrapUpCode.Should().Be("sold");

        await Eventually.True(async () =>
            (await owner.Get<Page<CallView>>($"/calls?project={mine}")).Items.Any(c => c.WrapUpCode == "sold"), "the list to follow");
        (await colleague.Get<Page<CallView>>($"/calls?project={mine}")).Items.Should().BeEmpty();
        (await colleague.Get<Page<CallView>>($"/calls?project={mine}&agent={ada}")).Items.Should().BeEmpty();
        await (await stranger.GetAsync($"/calls?project={mine}")).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task the_list_is_filtered_and_comes_in_pages()
    {
        var project = await api.Project();
        using var client = api.Integrator(project);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "s", callId = $"p-{i}", type = "offered", at = Nine.AddMinutes(i),
                queue = i % 2 == 0 ? "billing" : "orders",
        })));
        await Eventually.True(async () =>
            (await client.Get<Page<CallView>>($"/calls?project={project}&limit=500")).Items.Count == 31, "the list to follow");

        var seen = new List<CallView>();
        var filter =
            $"/calls?project={project}&queue=billing&outcome=open&from={Nine:yyyy-MM-ddTHH:mm:ss}Z&to={Nine.AddMinutes(20):yyyy-MM-ddTHH:mm:ss}Z&limit=4";
        for (var (url, more) = (filter, true); more;)
        {
            var page = await client.Get<Page<CallView>>(url);
            seen.AddRange(page.Items);
            (more, url) = (page.Next is not null, $"{filter}&cursor={page.Next}");
        }

        seen.Select(c => c.CallId).Should().BeEquivalentTo(Enumerable.Range(0, 10).Select(i => $"p-{2 * i}"));
        await (await client.GetAsync($"/calls?project={project}&cursor=nonsense")).ShouldBeProblem(HttpStatusCode.BadRequest);
        await (await client.GetAsync($"/calls?project={project}&outcome=lost")).ShouldBeProblem(HttpStatusCode.BadRequest);
    }
}

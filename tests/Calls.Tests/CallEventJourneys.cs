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
        var before = await api.EventCount();

        var answers = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => client.Send(HttpMethod.Post, "/call-events", body: new
        {
            projectId = project, source = "switch", callId = $"m-{i % 100}",
                type = (i / 100 % 3) switch { 0 => "offered", 1 => "answered", _ => "ended" },
            at = Nine.AddSeconds(i / 100 % 3 * 20),
        })));

        answers.Should().AllSatisfy(a => a.StatusCode.Should().Be(HttpStatusCode.Created));
        (await api.EventCount() - before).Should().Be(300);
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

    [Fact]
    public async Task an_agents_day_is_published_whatever_the_order()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2001"));
        using var client = api.Integrator(project);
        var midnight = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (minute, state) in new[] { (540, "break"), (500, "ready"), (480, "login"), (545, "busy"), (500, "ready"),
            (1020, "logout") })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2001", state, at = midnight.AddMinutes(minute) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        var day = await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Segments is [_, _, { To: not null }]);
        day.Date.Should().Be(new DateOnly(2026, 3, 2));
        day.Segments.Select(s => $"{s.State} {(s.From - midnight).TotalMinutes}-{(s.To - midnight)?.TotalMinutes}")
            .Should().Equal("ready 480-540", "break 540-545", "busy 545-1020");
        using var owner = api.As(ada, "agent", project);
        using var colleague = api.As(Guid.CreateVersion7(), "agent", project);
        (await owner.Get<AgentDayView>($"/agent-days/{day.Id}")).Segments.Should().BeEquivalentTo(day.Segments);
        await (await colleague.GetAsync($"/agent-days/{day.Id}")).ShouldBeProblem(HttpStatusCode.NotFound);
        foreach (var roles in new[] { "agent,offline_access", "agent,trainer", "agent,inspector" })
            await (await api.As(Guid.CreateVersion7(), roles, project).GetAsync($"/agent-days/{day.Id}"))
                .ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.Send(HttpMethod.Post, "/agent-states",
            body: new { projectId = project, agent = "2001", state = "asleep", at = midnight }))
            .ShouldBeProblem(HttpStatusCode.BadRequest);
        await (await client.Send(HttpMethod.Post, "/agent-states",
            body: new { projectId = project, agent = "2001", state = "ready", at = midnight.AddYears(100) }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "in-the-future");
    }

    [Fact]
    public async Task a_night_shift_is_two_days_and_no_minute_of_it_is_lost()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2002"));
        using var client = api.Integrator(project);
        var midnight = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (minute, state) in new[] { (-120, "login"), (-30, "busy"), (120, "ready"), (360, "logout") })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2002", state, at = midnight.AddMinutes(minute) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        var before = await api.Published<AgentDayV1>(
            f => f.AgentId == ada && f.Date == new DateOnly(2026, 3, 2) && f.Segments is [_, { To: not null }]);
        var after = await api.Published<AgentDayV1>(
            f => f.AgentId == ada && f.Date == new DateOnly(2026, 3, 3) && f.Segments is [_, { To: not null }]);
        Text(before, midnight).Should().Equal("ready -120--30", "busy -30-0");
        Text(after, midnight).Should().Equal("busy 0-120", "ready 120-360");
        (await client.Send(HttpMethod.Get, $"/agent-days/{after.Id}")).Version().Should().Be(after.Version).And.Be(4);
    }

    // What a change is told with is read around it; a day farther off must not be told from half of what was reported of it.
    [Fact]
    public async Task a_state_that_was_forgotten_before_a_weekend_leaves_its_day_as_it_was()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2005"));
        using var client = api.Integrator(project);
        var saturday = new DateTimeOffset(2026, 3, 7, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (hour, state) in new[] { (-6, "busy"), (1, "logout"), (10, "ready"), (56, "ready"), (57, "busy") })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2005", state, at = saturday.AddHours(hour) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Segments is [.., { State: "busy" }] && f.Date.Day == 9);
        await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Date.Day == 7 && f.Segments is [.., { State: "ready" }]);
        var told = api.AllPublished<AgentDayV1>().Where(f => f.AgentId == ada && f.Date.Day == 7).MaxBy(f => f.Version)!;
        Text(told, saturday).Should().Equal("busy 0-60", "offline 60-600", "ready 600-");
    }

    [Fact]
    public async Task a_state_that_is_said_again_for_days_leaves_the_days_before_as_they_were()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2006"));
        using var client = api.Integrator(project);
        var monday = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));

        foreach (var (hour, state) in Enumerable.Range(0, 14).Select(i => (i * 11, i == 0 ? "busy" : "ready")).Append((154, "break")))
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2006", state, at = monday.AddHours(hour) }))
                .StatusCode.Should().Be(HttpStatusCode.Created);

        await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Segments is [.., { State: "break" }]);
        foreach (var told in api.AllPublished<AgentDayV1>().Where(f => f.AgentId == ada).GroupBy(f => f.Date)
            .Select(day => day.MaxBy(f => f.Version)!).Where(f => f.Date.Day is > 2 and < 8))
            Text(told, monday).Should().Equal($"ready {(told.Date.Day - 2) * 1440}-{(told.Date.Day - 1) * 1440}");
    }

    [Fact]
    public async Task states_of_channels_are_shown_beside_each_other_and_as_one_person()
    {
        var ada = Guid.CreateVersion7();
        var (project, other) = (await api.Project("Asia/Shanghai", (ada, "2003")), await api.Project("Europe/Berlin"));
        using var client = api.Integrator(project, other);
        var day = "";

        foreach (var (owner, minute, state, channel) in new[]
        {
            (project, 0, "ready", "voice"), (project, 0, "busy", "chat"), (project, 10, "busy", "voice"), (project, 20, "ready", "chat"),
            (project, 30, "ready", "voice"), (other, 60, "ready", null),
        })
        {
            var written = await client.Send(HttpMethod.Post, "/agent-states", body: new
            {
                projectId = owner, agent = $"{ada}", state, channel, at = Nine.AddMinutes(minute),
            });
            written.StatusCode.Should().Be(HttpStatusCode.Created);
            day = owner == project ? written.Headers.Location!.ToString() : day;
        }

        var view = await client.Get<AgentDayView>(day);
        view.Segments.Select(s => $"{s.State} {(s.From - Nine).TotalMinutes}-{(s.To - Nine)?.TotalMinutes}").Should()
            .Equal("busy 0-30", "ready 30-60");
        view.ByChannel!.Select(s => $"{s.Channel} {s.State} {(s.From - Nine).TotalMinutes}-{(s.To - Nine)?.TotalMinutes}").Should().Equal(
            "chat busy 0-20", "voice ready 0-10", "voice busy 10-30", "chat ready 20-60", "voice ready 30-60");
        (await api.Published<AgentDayV1>(f => f.Id == view.Id && f.Version == 6)).ByChannel.Should().BeEquivalentTo(view.ByChannel);
        await (await client.Send(HttpMethod.Post, "/agent-states",
            body: new { projectId = project, agent = "2003", state = "ready", channel = "", at = Nine }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task days_stored_before_states_went_over_midnight_count_with_the_others()
    {
        var ada = Guid.CreateVersion7();
        var project = await api.Project("Asia/Shanghai", (ada, "2004"));
        using var client = api.Integrator(project);
        var midnight = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.FromHours(8));
        var (monday, tuesday) = (new DateOnly(2026, 3, 2), new DateOnly(2026, 3, 3));
        EventSourcing.Actor.Current = EventSourcing.Actor.Job("test");
        await using (var session = api.App.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            AgentStateChanged Old(DateOnly date, AgentState state, int minute) =>
                new(project, ada, date, state, midnight.AddMinutes(minute));
            session.Events.StartStream<AgentDay>(AgentDay.IdOf(project, ada, monday), Old(monday, AgentState.Busy, -10));
            session.Events.StartStream<AgentDay>(
                AgentDay.IdOf(project, ada, tuesday), Old(tuesday, AgentState.Ready, 20), Old(tuesday, AgentState.Logout, 60));
            await session.SaveChangesAsync();
        }
        // As they were written by the version that knew of no channels.
        await using var source = Npgsql.NpgsqlDataSource.Create(api.Database);
        await using var old = source.CreateCommand(
            "update calls.mt_events set data = data - 'Channel' - 'Queue' where data ->> 'AgentId' = $1");
        old.Parameters.AddWithValue(ada.ToString());
        (await old.ExecuteNonQueryAsync()).Should().Be(3);

        var view = await client.Get<AgentDayView>($"/agent-days/{AgentDay.IdOf(project, ada, monday)}");
        view.Segments.Should().Equal(new AgentSegment("busy", midnight.AddMinutes(-10).ToUniversalTime(), midnight.ToUniversalTime()));
        (await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Date == tuesday && f.Version == 3)).Segments
            .Select(s => s.State).Should().Equal("busy", "ready");

        // What is told again is known already; what is told late is put in its place.
        foreach (var (minute, state, version) in new[] { (20, "ready", 2), (-5, "after-contact-work", 2) })
            (await client.Send(HttpMethod.Post, "/agent-states",
                body: new { projectId = project, agent = "2004", state, at = midnight.AddMinutes(minute) }))
                .Version().Should().Be(version);
        Text(await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Date == monday && f.Version == 4), midnight)
            .Should().Equal("busy -10--5", "after-contact-work -5-0");
        Text(await api.Published<AgentDayV1>(f => f.AgentId == ada && f.Date == tuesday && f.Version == 4), midnight)
            .Should().Equal("after-contact-work 0-20", "ready 20-60");
    }

    private static IEnumerable<string> Text(AgentDayV1 day, DateTimeOffset from) =>
        day.Segments.Select(s => $"{s.State} {(s.From - from).TotalMinutes}-{(s.To - from)?.TotalMinutes}");
}

using System.Net;
using System.Text;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests;

/// <summary>What is answered to input that is wrong, and that none of it leaves a trace.</summary>
public sealed class BadInputTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task a_forecast_that_cannot_be_made_says_why()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var events = await api.EventCount();

        await Forecast(new { projectId = world.Project, from = "2020-01-06" }, HttpStatusCode.UnprocessableEntity, "history-empty");
        await Forecast(new { projectId = world.Project, from = "2026-03-09", queues = new[] { "sales" } },
            HttpStatusCode.UnprocessableEntity, "queue-unknown");
        await Forecast(new { projectId = world.Project, from = "2026-03-09", days = 0 }, HttpStatusCode.BadRequest, "invalid");
        await Forecast(new { projectId = world.Project, from = "2026-02-29" }, HttpStatusCode.BadRequest, "unreadable");
        await Forecast(new Dictionary<string, object> { ["projectId"] = world.Project, ["from"] = "2026-03-09", ["Days"] = 3 },
            HttpStatusCode.BadRequest, "unreadable");
        await Forecast(new { projectId = world.Project }, HttpStatusCode.BadRequest, "unreadable");
        await Forecast(new { projectId = Guid.CreateVersion7(), from = "2026-03-09" }, HttpStatusCode.NotFound, "not-found");
        (await api.EventCount()).Should().Be(events);

        async Task Forecast(object body, HttpStatusCode status, string code) =>
            await (await client.Send(HttpMethod.Post, "/forecasts", body: body)).ShouldBeProblem(status, code);
    }

    [Theory]
    [InlineData("PUT", "/standing-terms/{A}", """{"from":"2026-02-30"}""", "/from")]
    [InlineData("PUT", "/standing-terms/{A}", """{"from":"2026-03-02","restDaysDueAMonth":"4"}""", "/restDaysDueAMonth")]
    [InlineData("PUT", "/standing-terms/{A}", """{"from":"2026-03-02","nightExempt":"true"}""", "/nightExempt")]
    [InlineData("PUT", "/standing-terms/{A}", """{"from":"2026-03-02","restOn":["Monday"]}""", "/restOn/0")]
    [InlineData("PUT", "/standing-terms/{A}", """{"from":"2026-03-02","limits":[]}""", "/limits")]
    [InlineData("GET", "/standing-terms?projectId={P}&on=2026-02-30", null, "on")]
    [InlineData("GET", "/standing-terms?projectId={P}&on=2026-03-02&on=2026-03-03", null, "on")]
    [InlineData("GET", "/standing-terms?projectId={P}&projectId={P}", null, "projectId")]
    [InlineData("DELETE", "/standing-terms/{A}/days/2026-02-30", null, "from")]
    [InlineData("POST", "/planning-periods", """{"projectId":"{P}","from":"2026-02-30","days":7,"closesAt":"2026-02-20"}""", "/from")]
    [InlineData("POST", "/planning-periods", """{"projectId":"{P}","from":"2026-03-02","days":"7","closesAt":""}""", "/days")]
    [InlineData("GET", "/planning-periods?projectId={P}&projectId={P}", null, "projectId")]
    [InlineData("PUT", "/account-rules/{P}", """{"from":"2026-02-30"}""", null)]
    [InlineData("POST", "/accounts/{A}/entries", """{"kind":"overtime","day":"2026-02-30","amount":1,"reason":"x"}""", "/day")]
    [InlineData("POST", "/accounts/{A}/entries", """{"kind":"overtime","day":"2026-03-02","amount":"1","reason":"x"}""", "/amount")]
    [InlineData("PUT", "/accounts/{A}/entitlements/2026", """{"days":"20"}""", null)]
    [InlineData("GET", "/accounts/{A}?asOf=2026-02-30", null, "asOf")]
    [InlineData("GET", "/accounts/{A}?asOf=2026-03-02&asOf=2026-03-03", null, "asOf")]
    [InlineData("GET", "/accounts/{A}/entries?kind=overtime&kind=rest-days", null, "kind")]
    [InlineData("POST", "/rosters", """{"projectId":"{P}","requirementId":"{P}","from":"2026-02-30"}""", "/from")]
    [InlineData("POST", "/rosters", """{"projectId":"{P}","requirementId":"{P}","seconds":"10"}""", "/seconds")]
    [InlineData("POST", "/rosters", """{"projectId":"{P}","requirementId":"{P}","teamIds":[]}""", "/teamIds")]
    [InlineData("GET", "/rosters?projectId={P}&projectId={P}", null, "projectId")]
    public async Task what_is_malformed_is_named_in_whatever_language_is_asked_for(
        string method, string address, string? body, string? pointer)
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;

        foreach (var language in new[] { "en", "zh-CN;q=x, ,;;,@", new string('a', 3000), "*;q=9,-,en-" })
        {
            using var request = new HttpRequestMessage(new(method), Of(address));
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
            request.Headers.TryAddWithoutValidation("If-Match", "\"0\"");
            request.Content = body is null ? null : new StringContent(Of(body), Encoding.UTF8, "application/json");

            var answer = await client.SendAsync(request);

            await answer.ShouldBeProblem(HttpStatusCode.BadRequest);
            if (pointer is not null)
                (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"pointer\":\"{pointer}\"");
        }

        string Of(string text) => text.Replace("{P}", $"{world.Project}", StringComparison.Ordinal)
            .Replace("{A}", $"{world.Agents[0].Id}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "/standing-terms/{0}")]
    [InlineData("POST", "/planning-periods")]
    [InlineData("POST", "/accounts/{0}/entries")]
    [InlineData("PUT", "/account-rules/{0}")]
    [InlineData("POST", "/rosters")]
    public async Task a_body_of_ten_megabytes_is_too_large(string method, string address)
    {
        using var client = api.As(Guid.CreateVersion7(), "scheduler", Guid.CreateVersion7());
        using var request = new HttpRequestMessage(
            new(method), address.Replace("{0}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal));
        request.Headers.TryAddWithoutValidation("If-Match", "\"0\"");
        request.Content = new StringContent($"{{\"reason\":\"{new string('x', 10 << 20)}\"}}", Encoding.UTF8, "application/json");

        await (await client.SendAsync(request))
            .ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task a_day_is_special_in_one_way_that_has_a_name()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;

        foreach (var kind in new[] { "", " ", "\u200B\u2060", new string('x', 101) })
            await Refused("special-day-kind", new { date = Monday, kind, like = (string?)null });
        await Refused("special-day-twice", new { date = Monday, kind = "holiday", like = (string?)"sunday" },
            new { date = Monday, kind = "holiday", like = (string?)"saturday" });
        World.Location(await Forecast(new { date = Monday, kind = "holiday", like = (string?)null },
            new { date = Monday, kind = "holiday", like = (string?)null }));

        Task<HttpResponseMessage> Forecast(params object[] specialDays) => client.Send(
            HttpMethod.Post, "/forecasts", body: new { projectId = world.Project, from = Monday, specialDays });
        async Task Refused(string code, params object[] specialDays) =>
            await (await Forecast(specialDays)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task rules_that_contradict_themselves_are_refused()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;

        await Refused(HttpStatusCode.BadRequest, "invalid", [""]);
        await Refused(HttpStatusCode.UnprocessableEntity, "code-twice", ["D", "d"]);
        await Refused(HttpStatusCode.UnprocessableEntity, "early-after-late", ["D"], early: "20:00:00", late: "08:00:00");
        await Refused(HttpStatusCode.BadRequest, "invalid", ["D"], overDays: -1);

        async Task Refused(HttpStatusCode status, string code, string[] codes, string early = "08:00:00", string late = "20:00:00",
            int overDays = 0) => await (await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", version: 0, new
            {
                templates = codes.Select(c => new { code = c, start = "08:00:00", end = "16:00:00", breaks = Array.Empty<object>() }),
                earlyBefore = early, lateAfter = late,
                leave = new { maxDays = 15, approvals = new[] { new { overDays, role = "supervisor" } } },
            })).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task leave_is_for_days_of_work()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        await world.Change(world.Agents[0] with { Version = 2, HiredOn = Monday, LeftOn = Monday.AddDays(6) });
        using var client = world.Entering;

        await (await Ask(-1, 1)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-employed");
        await (await Ask(5, 7)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "not-employed");
        World.Location(await Ask(0, 6));

        Task<HttpResponseMessage> Ask(int first, int last) => client.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = Monday.AddDays(first), lastDay = Monday.AddDays(last),
            kind = "annual", paid = true,
        });
    }

    [Fact]
    public async Task a_goal_that_no_number_of_agents_meets_is_named()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var forecast = World.IdOf(await world.Forecast());
        var events = await api.EventCount();

        foreach (var target in new[] { 0, 1, 1.01, -0.5 })
            await Require(new { queue = World.Queue, serviceLevel = target }, "target-out-of-range");
        await Require(new { queue = World.Queue, maxOccupancy = 0 }, "target-out-of-range");
        await Require(new { queue = World.Queue, shrinkage = 1 }, "shrinkage-out-of-range");
        await Require(new { queue = World.Queue, patienceSeconds = -1 }, "patience-out-of-range");
        await Require(new { queue = World.Queue, withinSeconds = -1 }, "threshold-out-of-range");
        await Require(new { queue = "sales" }, "queue-unknown");
        await (await client.Send(HttpMethod.Post, "/requirements", body: new { forecastId = Guid.CreateVersion7() }))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        (await api.EventCount()).Should().Be(events);

        async Task Require(object goals, string code) => await (await client.Send(HttpMethod.Post, "/requirements",
            body: new { forecastId = forecast, goals = new[] { goals } })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory]
    [InlineData("patienceSeconds", 1e308, "number-out-of-range")]
    [InlineData("patienceSeconds", 1e11, "patience-out-of-range")]
    [InlineData("withinSeconds", 1e308, "number-out-of-range")]
    [InlineData("withinSeconds", 1e11, "threshold-out-of-range")]
    [InlineData("maxAverageSpeedOfAnswer", 1e308, "number-out-of-range")]
    [InlineData("shrinkage", 0.999999999999, "shrinkage-out-of-range")]
    public async Task a_goal_without_measure_is_refused_at_once(string goal, double value, string code)
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var forecast = World.IdOf(await world.Forecast());

        await (await client.Send(HttpMethod.Post, "/requirements", body: new
        {
            forecastId = forecast, goals = new[] { new Dictionary<string, object> { ["queue"] = World.Queue, [goal] = value } },
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task a_day_of_too_many_calls_is_not_simulated()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var forecast = await world.Forecast(days: 1);
        var roster = await world.Roster(World.IdOf(World.Location(await client.Send(
            HttpMethod.Post, "/requirements", body: new { forecastId = World.IdOf(forecast) }))));
        for (var hour = 8; hour < 10; hour++)
            World.Location(await client.Send(HttpMethod.Post, $"{forecast}/overrides", version: hour - 6, body: new
            {
                queue = World.Queue, date = Monday, from = $"{hour:00}:00:00", to = $"{hour + 1:00}:00:00", calls = 1_000_000,
                reason = "A test.",
            }));

        await (await client.GetAsync($"{roster}/predicted-service?date={Monday:yyyy-MM-dd}"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "calls-out-of-range");
    }

    [Fact]
    public async Task a_queue_has_its_goals_once_and_only_while_the_project_has_the_queue()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var forecast = World.IdOf(await world.Forecast());

        await (await Require(new { queue = World.Queue }, new { queue = World.Queue, serviceLevel = 0.9 }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "queue-twice");
        await world.Drop(World.Queue);
        await (await Require()).ShouldBeProblem(HttpStatusCode.Conflict, "queue-dropped");
        await (await Require(new { queue = World.Queue, withinSeconds = 20 })).ShouldBeProblem(HttpStatusCode.Conflict, "queue-dropped");

        Task<HttpResponseMessage> Require(params object[] goals) =>
            client.Send(HttpMethod.Post, "/requirements", body: new { forecastId = forecast, goals });
    }

    [Fact]
    public async Task the_same_request_again_is_the_same_forecast()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var body = new { projectId = world.Project, from = "2026-03-09" };

        var first = await client.Send(HttpMethod.Post, "/forecasts", body: body, key: "week 11");
        var again = await client.Send(HttpMethod.Post, "/forecasts", body: body, key: "week 11");
        var other = await client.Send(
            HttpMethod.Post, "/forecasts", body: new { projectId = world.Project, from = "2026-03-10" }, key: "week 11");

        again.Headers.Location.Should().Be(first.Headers.Location);
        other.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await client.Get<JsonElement>($"/forecasts?projectId={world.Project}")).GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task shift_rules_are_checked_whole_and_kept_by_version()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var url = $"/shift-rules/{world.Project}";
        var standard = await client.GetAsync(url);
        standard.Version().Should().Be(0);

        await Wrong(Template(start: "08:00:00", end: "08:00:00"), "shift-length");
        await Wrong(Template(start: "08:10:00", end: "16:00:00"), "not-a-quarter");
        await Wrong(Template(latest: "07:00:00"), "starts-reversed");
        await Wrong(Template(breaks: [new("lunch", 30, 60, 120, true)]), "kind-unknown");
        await Wrong(Template(breaks: [new("meal", 30, 60, 480, true)]), "break-outside-shift");
        await Wrong(Template(breaks: [new("meal", 0, 60, 120, true)]), "break-out-of-range");
        await Wrong(Template(breaks: [new("meal", 60, 60, 120, true), new("break", 15, 0, 100, true)]), "breaks-overlap");
        await Wrong(Template(breaks: [new("meal", int.MaxValue, 0, 0, true), new("meal", int.MaxValue, 0, 0, true)]), "break-out-of-range");
        await Wrong(Template(breaks: [new("meal", 30, int.MaxValue, int.MaxValue, true)]), "break-outside-shift");
        await (await Put(0, Template(), Template())).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code-twice");
        await (await Put(0)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        (await Put(0, Template())).Version().Should().Be(1);
        (await Put(1, Template())).Version().Should().Be(1);
        await (await Put(0, Template(latest: "10:00:00"))).ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        (await client.Get<JsonElement>(url)).GetProperty("templates").GetArrayLength().Should().Be(1);

        async Task Wrong(object template, string code) =>
            await (await Put(0, template)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);

        Task<HttpResponseMessage> Put(long version, params object[] templates) =>
            client.Send(HttpMethod.Put, url, version, new { templates });

        static object Template(string start = "08:00:00", string end = "16:00:00", string latest = "09:00:00",
            params ShiftRules.ShiftBreak[] breaks) =>
            new { code = "D", start, end, latestStart = latest, breaks };
    }

    [Fact]
    public async Task leave_is_asked_for_oneself_and_approved_by_another()
    {
        var world = await World.Create(api, World.Ahead, agents: 2, peak: 2);
        using var agent = world.AgentClient(0);
        using var colleague = world.AgentClient(1);
        using var both = api.As(world.Agents[0].Id, "agent,supervisor", world.Project);
        using var supervisor = world.Supervisor;

        var leave = World.Location(await agent.Send(HttpMethod.Post, "/leaves", body: Leave(0)));
        await (await agent.Send(HttpMethod.Post, "/leaves", body: Leave(1))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await agent.Send(HttpMethod.Post, "/leaves", body: Leave(0, last: -1)))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "days-reversed");
        await (await agent.Send(HttpMethod.Post, "/leaves", body: Leave(0, last: 1000)))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "leave-too-long");
        await (await colleague.GetAsync(leave)).ShouldBeProblem(HttpStatusCode.NotFound);
        (await colleague.Get<JsonElement>($"/leaves?projectId={world.Project}")).GetProperty("items").GetArrayLength().Should().Be(0);
        foreach (var roles in new[] { "agent,offline_access", "agent,trainer", "agent,inspector", "agent,integrator" })
        {
            using var more = api.As(world.Agents[1].Id, roles, world.Project);
            await (await more.GetAsync(leave)).ShouldBeProblem(HttpStatusCode.NotFound);
            (await more.Get<JsonElement>($"/leaves?projectId={world.Project}")).GetProperty("items").GetArrayLength().Should().Be(0, roles);
            await (await more.Send(HttpMethod.Post, "/leaves", body: Leave(0))).ShouldBeProblem(HttpStatusCode.NotFound);
        }

        await (await agent.Send(HttpMethod.Post, $"{leave}/approval", version: 1)).ShouldBeProblem(HttpStatusCode.Forbidden);
        await (await both.Send(HttpMethod.Post, $"{leave}/approval", version: 1)).ShouldBeProblem(HttpStatusCode.Conflict, "own-leave");

        (await supervisor.Send(HttpMethod.Post, $"{leave}/approval", version: 1)).Version().Should().Be(2);
        (await agent.Get<JsonElement>(leave)).GetProperty("status").GetString().Should().Be("approved");
        (await supervisor.Send(HttpMethod.Post, $"{leave}/withdrawal", version: 2)).Version().Should().Be(3);
        await (await supervisor.Send(HttpMethod.Post, $"{leave}/refusal", version: 3, new { reason = "Too late." }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "leave-closed");

        object Leave(int agentNumber, int last = 1) => new
        {
            projectId = world.Project, agentId = world.Agents[agentNumber].Id, firstDay = World.Ahead, lastDay = World.Ahead.AddDays(last),
            kind = "annual", paid = true,
        };
    }

    [Fact]
    public async Task a_day_off_is_asked_for_once()
    {
        var world = await World.Create(api, World.Ahead, agents: 2, peak: 2);
        using var agent = world.AgentClient(0);
        using var colleague = world.AgentClient(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Ask(agent, 0, 10, 12)));
        var first = World.Location(answers.Single(a => a.StatusCode == HttpStatusCode.Created));
        foreach (var again in answers.Where(a => a.StatusCode != HttpStatusCode.Created).Append(await Ask(agent, 0, 12, 20)))
        {
            await again.ShouldBeProblem(HttpStatusCode.Conflict, "leave-overlaps");
            again.Headers.Location!.ToString().Should().Be(first);
        }

        World.Location(await Ask(agent, 0, 13, 13));
        World.Location(await Ask(colleague, 1, 10, 12));
        (await agent.Send(HttpMethod.Post, $"{first}/withdrawal", version: 1)).Version().Should().Be(2);
        World.Location(await Ask(agent, 0, 10, 12));

        Task<HttpResponseMessage> Ask(HttpClient who, int number, int from, int to) => who.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[number].Id, firstDay = World.Ahead.AddDays(from),
            lastDay = World.Ahead.AddDays(to),
            kind = "annual", paid = true,
        });
    }

    [Fact]
    public async Task what_a_rule_asks_is_checked_by_its_range_and_by_the_rule_itself()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var scheduler = world.Client;
        var template = new { code = "D", start = "08:00:00", end = "16:00:00", breaks = Array.Empty<object>() };
        var twice = new[] { new { kind = "night", most = 1 }, new { kind = "night", most = 43 } };

        (await Errors(new { templates = new[] { template }, maxWeekends = 8 })).Should().ContainSingle().Which.Should()
            .StartWith("/maxWeekends ");
        (await Errors(new { templates = new[] { template }, minRestMinutes = 1441 })).Should().ContainSingle().Which.Should()
            .StartWith("/minRestMinutes ");
        (await Errors(new { templates = new[] { template }, minDaysOff = 3, maxDaysOff = 2 })).Should()
            .Equal("/maxDaysOff days-off-reversed");
        (await Errors(new { templates = new[] { template }, maxOfKind = twice })).Should()
            .Equal("/maxOfKind limit-out-of-range", "/maxOfKind kind-twice");

        async Task<IEnumerable<string>> Errors(object rules)
        {
            using var answer = await scheduler.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", 0, rules);
            answer.StatusCode.Should().BeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity);
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return [.. problem.RootElement.GetProperty("errors").EnumerateArray()
                .Select(e => $"{e.GetProperty("pointer")} {e.GetProperty("code")}")];
        }
    }

    [Fact]
    public async Task long_leave_needs_the_approval_of_everybody_in_the_chain()
    {
        var world = await World.Create(api, World.Ahead, agents: 1, peak: 2);
        using var agent = world.AgentClient(0);
        using var scheduler = world.Client;
        using var supervisor = api.As(Guid.CreateVersion7(), "supervisor,operations-manager", world.Project);
        using var manager = api.As(Guid.CreateVersion7(), "operations-manager", world.Project);
        using var admin = api.As(Guid.CreateVersion7(), "admin", world.Project);
        await (await Rules("trainer")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "role-unknown");
        await (await Rules("supervisor")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "role-twice");
        (await Rules("admin")).IsSuccessStatusCode.Should().BeTrue();

        // A day: the supervisor. Two to five: the operations manager too. More: the admin too. Over 15: never.
        await (await Ask(16)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "leave-too-long");
        var (day, five, six) = (World.Location(await Ask(1)), World.Location(await Ask(5)), World.Location(await Ask(6)));
        await Approve(supervisor, day, 1, "approved");
        await (await manager.Send(HttpMethod.Post, $"{five}/approval", version: 1))
            .ShouldBeProblem(HttpStatusCode.Conflict, "approval-of-another-role");
        await Approve(supervisor, five, 1, "requested");
        await (await supervisor.Send(HttpMethod.Post, $"{five}/approval", version: 2))
            .ShouldBeProblem(HttpStatusCode.Conflict, "approved-already");
        await Approve(manager, five, 2, "approved");
        await Approve(supervisor, six, 1, "requested");
        await Approve(manager, six, 2, "requested");
        await Approve(admin, six, 3, "approved");
        (await agent.Get<JsonElement>(six)).GetProperty("approvals").EnumerateArray().Select(a => a.GetProperty("role").GetString())
            .Should().Equal("supervisor", "operations-manager", "admin");

        Task<HttpResponseMessage> Rules(string last) => scheduler.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", 0, new
        {
            templates = new[] { new { code = "D", start = "08:00:00", end = "16:00:00", breaks = Array.Empty<object>() } },
            leave = new { maxDays = 15, approvals = new[] { Step(0, "supervisor"), Step(1, "operations-manager"), Step(5, last) } },
        });

        static object Step(int overDays, string role) => new { overDays, role };

        Task<HttpResponseMessage> Ask(int days) => agent.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = World.Ahead.AddDays(7 * days),
            lastDay = World.Ahead.AddDays(8 * days - 1), kind = "annual", paid = true,
        });

        async Task Approve(HttpClient by, string leave, int version, string status)
        {
            (await by.Send(HttpMethod.Post, $"{leave}/approval", version)).Version().Should().Be(version + 1);
            (await agent.Get<JsonElement>(leave)).GetProperty("status").GetString().Should().Be(status);
        }
    }

    [Fact]
    public async Task a_roster_needs_its_requirement_and_its_days()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2);
        using var client = world.Client;
        var requirement = World.IdOf(await world.Require());
        var other = await World.Create(api, Monday, agents: 1, peak: 2);

        await Roster(new { projectId = world.Project, requirementId = Guid.CreateVersion7() }, HttpStatusCode.NotFound, "not-found");
        await Roster(new { projectId = other.Project, requirementId = requirement }, HttpStatusCode.NotFound, "not-found");
        await Roster(new { projectId = world.Project, requirementId = World.IdOf(await other.Require()) }, HttpStatusCode.NotFound,
            "not-found");
        await Roster(new { projectId = world.Project, requirementId = requirement, from = "2026-03-08" },
            HttpStatusCode.UnprocessableEntity, "outside-requirement");
        await Roster(new { projectId = world.Project, requirementId = requirement, days = 8 }, HttpStatusCode.UnprocessableEntity,
            "outside-requirement");
        await Roster(new { projectId = world.Project, requirementId = requirement, seconds = 0 }, HttpStatusCode.BadRequest, "invalid");
        await Roster(new { projectId = world.Project, requirementId = requirement, teamIds = new[] { Guid.CreateVersion7() } },
            HttpStatusCode.NotFound, "not-found");
        await (await client.GetAsync("/rosters/mine?from=2026-03-09&to=2026-03-08"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "span-too-long");
        await (await client.GetAsync("/rosters/mine?from=2026-02-29&to=2026-03-08")).ShouldBeProblem(HttpStatusCode.BadRequest);
        await (await client.GetAsync("/rosters/undefined")).ShouldBeProblem(HttpStatusCode.NotFound);

        async Task Roster(object body, HttpStatusCode status, string code) =>
            await (await client.Send(HttpMethod.Post, "/rosters", body: body)).ShouldBeProblem(status, code);
    }
}

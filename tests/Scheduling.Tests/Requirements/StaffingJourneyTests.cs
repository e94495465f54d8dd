using System.Net;
using System.Text.Json;
using CallCenter.Scheduling.Requirements;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Requirements;

public sealed class StaffingJourneyTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task a_roster_is_made_from_agents_stated_by_hand()
    {
        var world = await World.Create(api, Monday, agents: 6);
        using var client = world.Client;
        var url = World.Location(await Staffed(client, world, new { agents = 3, from = "09:00:00", to = "17:00:00" }));

        var requirement = await client.Get<JsonElement>(url);
        requirement.GetProperty("forecastId").ValueKind.Should().Be(JsonValueKind.Null);
        var day = requirement.GetProperty("queues")[0].GetProperty("days")[0];
        day.GetProperty("intervals")[35].GetProperty("agents").GetInt32().Should().Be(0);
        day.GetProperty("intervals")[36].GetProperty("agents").GetInt32().Should().Be(3);
        day.GetProperty("intervals")[36].GetProperty("required").GetInt32().Should().Be(4, "one in ten is missing");
        var made = (await client.Get<JsonElement>($"{url}/history")).GetProperty("items")[0];
        made.GetRawText().Should().Contain($"{world.Scheduler}").And.Contain("What the contract asks for");

        var roster = await world.Roster(World.IdOf(url));
        var coverage = (await client.Get<JsonElement>($"{roster}/coverage"))[0];
        coverage.GetRawText().Should().Contain("\"required\":4");
        (await client.Get<JsonElement>(roster)).GetProperty("agents").EnumerateArray()
            .Sum(a => a.GetProperty("shifts").GetArrayLength()).Should().BeGreaterThan(7);
        await (await client.GetAsync($"{roster}/predicted-service?date={Monday:yyyy-MM-dd}"))
            .ShouldBeProblem(HttpStatusCode.Conflict, "no-forecast");
    }

    [Fact]
    public async Task calls_stated_by_hand_are_staffed_as_calls_that_were_forecast()
    {
        var world = await World.Create(api, Monday, agents: 2);
        using var client = world.Client;
        var url = await ByHand(client, world, (World.Queue, 60));

        var forecast = (await client.Get<JsonElement>(url)).GetProperty("queues")[0];
        forecast.GetProperty("method").GetString().Should().Be("by-hand");
        forecast.GetProperty("coverage").ValueKind.Should().Be(JsonValueKind.Null, "nobody knows how far off it may be");
        var intervals = forecast.GetProperty("days")[0].GetProperty("intervals");
        intervals[40].GetProperty("calls").GetDouble().Should().Be(15);
        intervals[0].GetProperty("calls").GetDouble().Should().Be(0);
        intervals[40].GetProperty("low").ValueKind.Should().Be(JsonValueKind.Null);

        var required = await client.Get<JsonElement>(
            World.Location(await client.Send(HttpMethod.Post, "/requirements", body: new { forecastId = World.IdOf(url) })));
        required.GetProperty("queues")[0].GetProperty("days")[0].GetProperty("intervals")[40].GetProperty("agents").GetInt32()
            .Should().Be(7, "four erlangs with eight in ten calls answered within 20 s");
    }

    [Fact]
    public async Task a_what_if_says_what_a_requirement_would()
    {
        var world = await World.Create(api, Monday, agents: 2);
        using var client = world.Client;
        var forecast = World.IdOf(await ByHand(client, world, (World.Queue, 60)));
        var goals = new[] { new { queue = World.Queue, serviceLevel = 0.8, patienceSeconds = 180, shrinkage = 0.1 } };

        var cells = (await Asked(client, "/requirements/what-if", new
        {
            forecastId = forecast, goals, volumes = new[] { 1, 1.5 }, handleTimes = new[] { 1, 0.8 }, serviceLevels = new[] { 0.8, 0.95 },
            costAnHour = 20,
        })).GetProperty("cells").EnumerateArray().ToList();
        var required = await client.Get<JsonElement>(
            World.Location(await client.Send(HttpMethod.Post, "/requirements", body: new { forecastId = forecast, goals })));

        cells.Should().HaveCount(8);
        Figure(0, "hours").Should().Be(required.GetProperty("queues")[0].GetProperty("hours").GetDouble());
        Figure(0, "cost").Should().Be(20 * Figure(0, "hours"));
        Figure(0, "calls").Should().Be(7 * 8 * 60);
        cells.Should().OnlyContain(c => c.GetProperty("all").GetProperty("serviceLevel").GetDouble()
            >= c.GetProperty("serviceLevelGoal").GetDouble());
        Figure(1, "hours").Should().BeGreaterThan(Figure(0, "hours"), "a higher goal takes more");
        Figure(2, "hours").Should().BeLessThan(Figure(0, "hours"), "shorter calls take less");
        Figure(4, "hours").Should().BeGreaterThan(Figure(0, "hours"), "more calls take more");

        double Figure(int cell, string name) => cells[cell].GetProperty("all").GetProperty(name).GetDouble();
    }

    [Fact]
    public async Task queues_of_a_pool_are_staffed_as_one_and_each_has_its_share()
    {
        var world = await World.Create(api, Monday, agents: 2);
        using var client = world.Client;
        await world.Open("orders");
        var forecast = World.IdOf(await ByHand(client, world, (World.Queue, 60), ("orders", 20)));

        var apart = await Required(null);
        var pooled = await Required("sales");

        var (first, second) = (Agents(pooled, 0), Agents(pooled, 1));
        first.Should().BeGreaterThan(2 * second, "three times the load");
        (first + second).Should().BeLessThan(Agents(apart, 0) + Agents(apart, 1), "an agent who takes both is seldom idle");
        var cell = (await Asked(client, "/requirements/what-if", new { forecastId = forecast, goals = Goals("sales") })).GetProperty("cells")[0];
        cell.GetProperty("queues").EnumerateArray().Should().ContainSingle().Which.GetProperty("queue").GetString().Should().Be("sales");
        cell.GetProperty("all").GetProperty("hours").GetDouble().Should().Be(
            Enumerable.Range(0, 2).Sum(q => pooled.GetProperty("queues")[q].GetProperty("hours").GetDouble()), "shares add up to the pool");
        await (await client.Send(HttpMethod.Post, "/requirements", body: new
        {
            forecastId = forecast, goals = new object[] { new { queue = World.Queue, pool = "sales", serviceLevel = 0.8 },
                new { queue = "orders", pool = "sales", serviceLevel = 0.9 } },
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "pool-goals-differ");

        async Task<JsonElement> Required(string? pool) => await client.Get<JsonElement>(World.Location(
            await client.Send(HttpMethod.Post, "/requirements", body: new { forecastId = forecast, goals = Goals(pool) })));

        object Goals(string? pool) => new[] { World.Queue, "orders" }
            .Select(queue => new { queue, serviceLevel = 0.8, withinSeconds = 20, patienceSeconds = 180, pool });

        int Agents(JsonElement requirement, int queue) => requirement.GetProperty("queues")[queue].GetProperty("days")[0]
            .GetProperty("intervals")[40].GetProperty("agents").GetInt32();
    }

    [Theory]
    [InlineData(7, new[] { 1.0, 1.0, 1.0 }, new[] { 3, 2, 2 })]
    [InlineData(5, new[] { 90.0, 10.0 }, new[] { 5, 0 })]
    [InlineData(4, new[] { 0.0, 0.0 }, new[] { 4, 0 })]
    [InlineData(3, new[] { 0.0, 2.0, 1.0 }, new[] { 0, 2, 1 })]
    public void shares_of_a_pool_are_whole_and_add_up_to_it(int agents, double[] loads, int[] shares) =>
        Enumerable.Range(0, loads.Length).Select(place => QueuePool.Share(agents, loads, place)).Should().Equal(shares);

    [Fact]
    public async Task agents_with_two_skills_are_between_queues_apart_and_one_pool()
    {
        var world = await World.Create(api, Monday, agents: 2);
        using var client = world.Client;
        await world.Open("orders");
        var forecast = World.IdOf(await ByHand(client, world, (World.Queue, 60), ("orders", 60)));
        var goals = new[] { World.Queue, "orders" }
            .Select(queue => new { queue, serviceLevel = 0.8, patienceSeconds = 180, maxOccupancy = 0.99 });
        object[] groups =
        [
            new { name = "billing", queues = new[] { World.Queue } }, new { name = "orders", queues = new[] { "orders" } },
            new { name = "both", queues = new[] { World.Queue, "orders" }, cost = 1.05 },
        ];

        var found = await Asked(client, "/requirements/multi-skill", new { forecastId = forecast, date = Monday, groups, goals });
        var agents = found.GetProperty("agents").GetInt32();

        agents.Should().BeInRange(found.GetProperty("pooled").GetInt32(), found.GetProperty("apart").GetInt32());
        found.GetProperty("queues").EnumerateArray().Should().OnlyContain(q =>
            q.GetProperty("serviceLevel").GetProperty("value").GetDouble() >= 0.8);
        found.GetProperty("groups").EnumerateArray().Sum(g => g.GetProperty("agents").GetInt32()).Should().Be(agents);
        (await Asked(client, "/requirements/multi-skill", new { forecastId = forecast, date = Monday, groups, goals })).GetRawText()
            .Should().Be(found.GetRawText(), "the same question has the same answer");

        await Refused("/requirements/multi-skill", new { forecastId = forecast, date = Monday.AddDays(7), groups, goals }, "outside-forecast");
        await Refused("/requirements/multi-skill", new { forecastId = forecast, date = Monday, at = "09:07:00", groups, goals }, "not-a-quarter");
        await Refused("/requirements/multi-skill", new { forecastId = forecast, date = Monday, groups = groups[..1], goals }, "queue-without-group");
        await Refused("/requirements/multi-skill", new
        {
            forecastId = forecast, date = Monday, groups, goals = new[] { new { queue = "orders", withinSeconds = 60 } },
        }, "answer-times-differ");
        await Refused("/requirements/multi-skill", new
        {
            forecastId = forecast, date = Monday, goals, groups = new[] { new { name = "x", queues = new[] { "x" } } },
        }, "queue-unknown");

        async Task Refused(string url, object body, string code) =>
            await (await client.Send(HttpMethod.Post, url, body: body)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task what_is_stated_by_hand_is_refused_by_the_rule_it_breaks()
    {
        var world = await World.Create(api, Monday, agents: 2);
        using var client = world.Client;

        await Refused(await Staffed(client, world, new { agents = 3, from = "09:05:00" }), "not-a-quarter");
        await Refused(await Staffed(client, world, new { agents = 3, from = "09:00:00", to = "08:00:00" }), "span-reversed");
        await Refused(await Staffed(client, world, new { agents = 3 }, shrinkage: 1.5), "shrinkage-out-of-range");
        await Refused(await Staffed(client, world, new { agents = 3 }, "nobody"), "queue-unknown");
        await Refused(await client.Send(HttpMethod.Post, "/forecasts/by-hand", body: new
        {
            projectId = world.Project, from = Monday, reason = "Twice",
            queues = Enumerable.Repeat(new { queue = World.Queue, calls = new[] { new { callsAnHour = 5, handleSeconds = 60 } } }, 2),
        }), "queue-twice");

        var forecast = World.IdOf(await ByHand(client, world, (World.Queue, 60)));
        await Refused(await client.Send(HttpMethod.Post, "/requirements/what-if", body: new { forecastId = forecast, volumes = new[] { -1 } }),
            "factor-out-of-range");
        await Refused(await client.Send(HttpMethod.Post, "/requirements/what-if",
            body: new { forecastId = forecast, serviceLevels = new[] { 1 } }), "target-out-of-range");
        var nine = Enumerable.Range(1, 9).ToArray();
        await Refused(await client.Send(HttpMethod.Post, "/requirements/what-if", body: new
        {
            forecastId = World.IdOf(await ByHand(client, world, days: 28, (World.Queue, 60))),
            volumes = nine, handleTimes = nine, serviceLevels = nine.Select(n => n / 10.0),
        }), "grid-too-large");
        await Refused(await client.Send(HttpMethod.Post, "/requirements/what-if", body: new
        {
            forecastId = World.IdOf(await ByHand(client, world, (World.Queue, 900_000))), volumes = nine,
        }), "grid-too-large");

        static async Task Refused(HttpResponseMessage response, string code) =>
            await response.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task midnight_is_the_end_of_the_day_in_what_is_stated_by_hand()
    {
        var world = await World.Create(api, Monday, agents: 2);
        using var client = world.Client;

        var requirement = World.Location(await Staffed(client, world, new { agents = 3, from = "22:00:00", to = "00:00:00" }, shrinkage: 0));
        (await client.Get<JsonElement>(requirement)).GetProperty("queues")[0].GetProperty("days")[0].GetProperty("intervals").EnumerateArray()
            .Select(i => i.GetProperty("agents").GetInt32()).Should().Equal([.. Enumerable.Repeat(0, 88), .. Enumerable.Repeat(3, 8)]);

        var forecast = World.Location(await client.Send(HttpMethod.Post, "/forecasts/by-hand", body: new
        {
            projectId = world.Project, from = Monday, days = 1, reason = "The business plan",
            queues = new[]
            {
                new { queue = World.Queue, calls = new[] { new { callsAnHour = 8, handleSeconds = 60, from = "23:00:00", to = "00:00:00" } } },
            },
        }));
        World.Location(await client.Send(HttpMethod.Post, $"{forecast}/overrides", 2, new
        {
            queue = World.Queue, date = Monday, from = "23:30:00", to = "00:00:00", factor = 2, reason = "A mailing",
        }));
        var calls = (await client.Get<JsonElement>(forecast)).GetProperty("queues")[0].GetProperty("days")[0].GetProperty("intervals")
            .EnumerateArray().Select(i => i.GetProperty("calls").GetDouble()).ToList();
        calls[92..].Should().Equal(2, 2, 4, 4);
        calls[..92].Should().OnlyContain(c => c == 0);
    }

    private static Task<HttpResponseMessage> Staffed(
        HttpClient client, World world, object span, string queue = World.Queue, double shrinkage = 0.1) =>
        client.Send(HttpMethod.Post, "/requirements/by-hand", body: new
        {
            projectId = world.Project, from = Monday, reason = "What the contract asks for",
            queues = new[] { new { queue, shrinkage, agents = new[] { span } } },
        });

    private static Task<string> ByHand(HttpClient client, World world, params (string Queue, int CallsAnHour)[] queues) =>
        ByHand(client, world, days: 7, queues);

    private static async Task<string> ByHand(
        HttpClient client, World world, int days, params (string Queue, int CallsAnHour)[] queues) =>
        World.Location(await client.Send(HttpMethod.Post, "/forecasts/by-hand", body: new
        {
            projectId = world.Project, from = Monday, days, reason = "The business plan",
            queues = queues.Select(q => new
            {
                queue = q.Queue,
                calls = new[] { new { callsAnHour = q.CallsAnHour, handleSeconds = 240, from = "09:00:00", to = "17:00:00" } },
            }),
        }));

    private static async Task<JsonElement> Asked(HttpClient client, string url, object body)
    {
        var response = await client.Send(HttpMethod.Post, url, body: body);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}

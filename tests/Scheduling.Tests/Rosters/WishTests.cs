using System.Net;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class WishTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly DateOnly Thursday = Monday.AddDays(3);

    [Fact]
    public async Task a_roster_made_again_keeps_its_past_and_changes_only_what_a_wish_is_worth()
    {
        var world = await World.Create(api, Monday, agents: 9, peak: 4);
        using var client = world.Client;
        var first = await client.Get<JsonElement>(await world.Roster());
        var works = first.GetProperty("agents").EnumerateArray()
            .First(a => a.GetProperty("shifts").EnumerateArray().Any(s => s.GetProperty("date").GetString() == "2026-03-12"))
                .GetProperty("agentId").GetGuid();

        var again = await client.Get<JsonElement>(
            await Made(client, Body(first, wishes: [new { agentId = works, date = Thursday, weight = 1000 }])));

        Days(again, works).Should().NotContain(
            d => d.StartsWith("2026-03-12", StringComparison.Ordinal), "the day off weighs more than the change");
        foreach (var agent in first.GetProperty("agents").EnumerateArray().Select(a => a.GetProperty("agentId").GetGuid()))
        {
            Days(again, agent).Where(BeforeThursday).Should().Equal(Days(first, agent).Where(BeforeThursday), "what is past is locked");
            if (agent != works)
                Days(again, agent).Select(WithoutBreaks).Should()
                    .Equal(Days(first, agent).Select(WithoutBreaks), "no other change is worth 450");
        }

        static string WithoutBreaks(string day) => day[..day.IndexOf('[', StringComparison.Ordinal)];

        static bool BeforeThursday(string day) => string.CompareOrdinal(day, "2026-03-12") < 0;
    }

    [Fact]
    public async Task a_locked_day_stays_though_its_agent_has_lost_the_skill_and_the_bound_goes_with_a_change_by_hand()
    {
        var world = await World.Create(api, Monday, agents: 5, peak: 4);
        using var client = world.Client;
        var url = await world.Roster();
        var first = await client.Get<JsonElement>(url);
        var agent = world.Agents.First(a => Days(first, a.Id).Any(day => string.CompareOrdinal(day, "2026-03-12") < 0));
        await world.Change(agent with { Version = 2, Skills = [] });

        var again = await client.Get<JsonElement>(await Made(client, Body(first, [])));

        Days(again, agent.Id).Should().Equal(
            Days(first, agent.Id).Where(day => string.CompareOrdinal(day, "2026-03-12") < 0), "no day without the skill but what is locked");
        var date = Days(first, agent.Id)[0][..10];
        (await client.Send(HttpMethod.Delete, $"{url}/agents/{agent.Id}/days/{date}", (await client.GetAsync(url)).Version()))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
        var changed = await client.Get<JsonElement>(url);
        first.GetProperty("bound").ValueKind.Should().Be(JsonValueKind.Number);
        (changed.GetProperty("bound").ValueKind, changed.GetProperty("gap").ValueKind).Should().Be((JsonValueKind.Null, JsonValueKind.Null));
    }

    [Fact]
    public async Task wishes_that_cannot_be_meant_are_named()
    {
        var world = await World.Create(api, Monday, agents: 2, peak: 3);
        using var client = world.Client;
        var roster = await client.Get<JsonElement>(await world.Roster());
        var agent = world.Agents[0].Id;

        await Refused(new { agentId = Guid.CreateVersion7(), date = Monday }, "agent-unknown");
        await Refused(new { agentId = agent, date = Monday.AddDays(7) }, "outside-roster");
        await Refused(new { agentId = agent, date = Monday, shift = "Z" }, "shift-unknown");
        await (await client.Send(HttpMethod.Post, "/rosters", body: Body(roster, [], Guid.CreateVersion7())))
            .ShouldBeProblem(HttpStatusCode.NotFound);

        async Task Refused(object wish, string code) =>
            await (await client.Send(HttpMethod.Post, "/rosters", body: Body(roster, [wish])))
                .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task an_agents_terms_bind_the_roster_and_every_later_change()
    {
        var world = await World.Create(api, Monday, agents: 6, peak: 5);
        using var client = world.Client;
        var first = await client.Get<JsonElement>(await world.Roster());
        var (tuesday, resting, part) = (Monday.AddDays(1), world.Agents[0].Id, world.Agents[1].Id);

        var roster = await Made(client, Bound(first,
            [new { agentId = resting, restOn = new[] { "tuesday" }, restDaysDue = 2, restDaysSaved = 12 },
                new { agentId = part, maxHours = 20 }]));

        var made = await client.Get<JsonElement>(roster);
        made.GetProperty("terms").GetArrayLength().Should().Be(2);
        Days(made, resting).Should().HaveCount(3, "2 days are due and 12 saved up, of which 10 may stay").And.NotContain(
            d => d.StartsWith("2026-03-10", StringComparison.Ordinal));
        made.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == part).GetProperty("hours")
            .GetDecimal().Should().BePositive().And.BeLessThanOrEqualTo(20);
        var version = (await client.GetAsync(roster)).Version();
        await (await client.Send(HttpMethod.Put, $"{roster}/agents/{resting}/days/{tuesday:yyyy-MM-dd}", version, new { shift = "D-0900" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "fixed-rest-day");
    }

    [Fact]
    public async Task terms_that_leave_no_days_are_answered_with_the_least_change()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 3);
        using var client = world.Client;
        var first = await client.Get<JsonElement>(await world.Roster());
        var agent = world.Agents[0];
        await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", version: 0, new
        {
            templates = new[] { new { code = "D", start = "08:00:00", end = "16:00:00", breaks = Array.Empty<object>() } },
                maxDaysInRow = 2, maxDaysOff = 2,
        });

        var accepted = await client.Send(
            HttpMethod.Post, "/rosters", body: Bound(first, [new { agentId = agent.Id, restDaysDue = 1 }], seconds: 60));
        var failed = await World.Ended(client, accepted.Headers.Location!.ToString());

        failed.GetProperty("status").GetString().Should().Be("failed");
        failed.GetProperty("error").GetString().Should().Be(
            $"Infeasible because rules-in-conflict (too-many-days-in-row, too-many-rest-days) for {agent.Name}, least change: too-many-rest-days from 1 to 2.");
        await (await client.Send(HttpMethod.Post, "/rosters", body: Bound(first, [new { agentId = agent.Id, maxHours = -1 }])))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        await (await client.Send(HttpMethod.Post, "/rosters", body: Bound(first, [new { agentId = Guid.CreateVersion7() }])))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "agent-unknown");
        await (await client.Send(HttpMethod.Post, "/rosters", body: Bound(first, [new { agentId = agent.Id }, new { agentId = agent.Id }])))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "agent-twice");
    }

    private static object Bound(JsonElement of, object[] terms, int seconds = 20) => new
    {
        projectId = of.GetProperty("projectId").GetGuid(), requirementId = of.GetProperty("requirementId")
            .GetGuid(), maxRounds = 30, seconds, terms,
    };

    private static object Body(JsonElement of, object[] wishes, Guid? keep = null) => new
    {
        projectId = of.GetProperty("projectId").GetGuid(), requirementId = of.GetProperty("requirementId")
            .GetGuid(), maxRounds = 30, seconds = 20, wishes,
        keep = new { rosterId = keep ?? of.GetProperty("id").GetGuid(), changeWeight = 450, lockedBefore = Thursday },
    };

    private static async Task<string> Made(HttpClient client, object body)
    {
        var accepted = await client.Send(HttpMethod.Post, "/rosters", body: body);
        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());
        var operation = await World.Ended(client, accepted.Headers.Location!.ToString());
        operation.GetProperty("status").GetString().Should().Be("succeeded", operation.GetRawText());
        return operation.GetProperty("result").GetString()!;
    }

    private static List<string> Days(JsonElement roster, Guid agent) =>
    [
        .. roster.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == agent).GetProperty("shifts")
            .EnumerateArray()
            .Select(s =>
                $"{s.GetProperty("date")} {s.GetProperty("code")} {s.GetProperty("startsAt")} {s.GetProperty("breaks").GetRawText()}"),
    ];
}

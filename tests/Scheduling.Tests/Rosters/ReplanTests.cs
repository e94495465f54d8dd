using System.Net;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Rosters;

/// <summary>What happens to a roster after somebody cannot come.</summary>
public sealed class ReplanTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task a_re_plan_moves_few_days_says_what_each_gains_and_is_accepted_as_a_change_with_who_and_why()
    {
        var world = await World.Create(api, Monday, agents: 6, peak: 5);
        using var client = world.Client;
        var url = await world.Roster();
        var absent = await Free(client, url);
        var version = (await client.GetAsync(url)).Version();

        var answer = await client.Send(HttpMethod.Post, $"{url}/re-plans", body: new
        {
            absences = new[] { new { agentId = absent, from = Monday.AddDays(1), to = Monday.AddDays(1) } },
            mostMoved = 0.04, changeWeight = 1,
        });
        var plan = JsonElement.Parse(await answer.Content.ReadAsStringAsync());

        answer.Version().Should().Be(version);
        plan.GetProperty("version").GetInt64().Should().Be(version);
        plan.GetProperty("freed").EnumerateArray().Should().ContainSingle().Which.GetProperty("agentId").GetGuid().Should().Be(absent);
        var move = plan.GetProperty("moves").EnumerateArray().Should().ContainSingle("4 % of 35 days is one").Subject;
        move.GetProperty("gained").GetDouble().Should().BePositive();
        move.GetProperty("serviceLevelGained").GetDouble().Should().BeInRange(0.001, 1, "one more is there who was missing");
        plan.GetProperty("shareMoved").GetDouble().Should().BePositive().And.BeLessThanOrEqualTo(0.04);
        Cover(plan, "costAfter").Should().BeLessThan(Cover(plan, "costBefore"));
        (plan.GetProperty("coverBefore").GetArrayLength(), plan.GetProperty("coverAfter").GetArrayLength()).Should().Be((1, 1));
        (await client.GetAsync(url)).Version().Should().Be(version, "a proposal changes nothing");

        var changes = plan.GetProperty("freed").EnumerateArray().Concat(plan.GetProperty("moves").EnumerateArray()).Select(m => new
        {
            agentId = m.GetProperty("agentId").GetGuid(), date = m.GetProperty("date").GetString(), shift = m.GetProperty("to").GetString(),
        }).ToList();
        (await client.Send(HttpMethod.Post, $"{url}/changes", version, new { changes })).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var roster = await client.Get<JsonElement>(url);
        Days(roster, absent).Should().NotContain("2026-03-10");
        Shift(roster, move.GetProperty("agentId").GetGuid(), move.GetProperty("date").GetString()!)
            .Should().Be(move.GetProperty("to").GetString());
        var history = await client.Get<JsonElement>($"{url}/history?limit=50");
        history.GetProperty("items").EnumerateArray().Last().GetProperty("by").ToString().Should().Contain($"{world.Scheduler}");
        (await client.Send(HttpMethod.Post, $"{url}/publication", (await client.GetAsync(url)).Version()))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);

        // What was proposed for an older version is not made of a newer one.
        await (await client.Send(HttpMethod.Post, $"{url}/changes", version, new { changes }))
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
    }

    [Fact]
    public async Task changes_are_made_all_or_none()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 3);
        using var client = world.Client;
        var url = await world.Roster();
        var agent = world.Agents[0].Id;
        var version = (await client.GetAsync(url)).Version();
        var off = new { agentId = agent, date = Monday.AddDays(1), shift = (string?)null };

        await Refused([off, .. Enumerable.Range(2, 5).Select(d => new { agentId = agent, date = Monday.AddDays(d), shift = (string?)"D-0800" }),
            new { agentId = agent, date = Monday, shift = (string?)"D-0800" }], HttpStatusCode.Conflict, "weekly-hours-exceeded");
        await Refused([off, off], HttpStatusCode.UnprocessableEntity, "day-twice");
        await Refused([off with { date = Monday.AddDays(9) }], HttpStatusCode.UnprocessableEntity, "outside-roster");
        await Refused([off with { shift = "X" }], HttpStatusCode.UnprocessableEntity, "shift-unknown");
        await (await client.Send(HttpMethod.Post, $"{url}/re-plans", body: new
        {
            absences = new[] { new { agentId = Guid.CreateVersion7(), from = Monday, to = Monday.AddDays(-1) } },
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "agent-unknown");
        (await client.GetAsync(url)).Version().Should().Be(version);

        async Task Refused(object[] changes, HttpStatusCode status, string code) =>
            await (await client.Send(HttpMethod.Post, $"{url}/changes", version, new { changes })).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task stand_ins_are_ranked_and_the_rules_of_the_others_are_named()
    {
        var world = await World.Create(api, Monday, agents: 4, peak: 4);
        using var client = world.Client;
        var (resting, unwilling) = (world.Agents[1].Id, world.Agents[2].Id);
        var url = await world.Roster(maxRounds: 3);
        foreach (var agent in world.Agents)
            foreach (var day in new[] { 1, 2, 3 })
                await client.Send(HttpMethod.Delete, $"{url}/agents/{agent.Id}/days/{Monday.AddDays(day):yyyy-MM-dd}",
                    (await client.GetAsync(url)).Version());
        await client.Send(HttpMethod.Put, $"/standing-terms/{resting}", 0, new { from = Monday, restOn = new[] { "tuesday" } });
        await client.Send(HttpMethod.Put, $"/standing-terms/{unwilling}", 0, new
        {
            from = Monday, preferred = new[] { new { shift = "D-1100", weight = 300 } },
        });

        var found = (await client.Get<JsonElement>($"{url}/stand-ins?date=2026-03-10&shift=D-0900")).EnumerateArray().ToList();

        found.Select(s => s.GetProperty("agentId").GetGuid()).Should().HaveCount(4).And.EndWith(resting);
        found[3].GetProperty("rules").EnumerateArray().Select(r => r.GetString()).Should().Equal("fixed-rest-day");
        found[2].GetProperty("agentId").GetGuid().Should().Be(unwilling);
        found[2].GetProperty("refusedWish").GetDouble().Should().Be(300);
        found.Take(3).Should().OnlyContain(s => s.GetProperty("rules").GetArrayLength() == 0 && s.GetProperty("coverGained").GetDouble() > 0);
        await (await client.GetAsync($"{url}/stand-ins?date=2026-03-10&shift=X"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shift-unknown");
        await (await client.GetAsync($"{url}/stand-ins?date=2026-04-10&shift=D-0900"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "outside-roster");
    }

    // Who works on Tuesday is to be absent; somebody else has hours left.
    private static async Task<Guid> Free(HttpClient client, string url)
    {
        var roster = await client.Get<JsonElement>(url);
        var agents = roster.GetProperty("agents").EnumerateArray().Select(a => a.GetProperty("agentId").GetGuid()).ToList();
        var absent = agents.First(a => Days(roster, a).Contains("2026-03-10"));
        var free = agents.First(a => a != absent);
        foreach (var day in Days(roster, free).Where(day => day is "2026-03-10" or "2026-03-15" or "2026-03-14").ToList())
            await client.Send(HttpMethod.Delete, $"{url}/agents/{free}/days/{day}", (await client.GetAsync(url)).Version());
        return absent;
    }

    private static double Cover(JsonElement plan, string cost) =>
        plan.GetProperty(cost).GetProperty("shortage").GetDouble() + plan.GetProperty(cost).GetProperty("surplus").GetDouble();

    private static IEnumerable<string> Days(JsonElement roster, Guid agent) =>
        Shifts(roster, agent).Select(s => s.GetProperty("date").GetString()!);

    private static string? Shift(JsonElement roster, Guid agent, string date) => Shifts(roster, agent)
        .Where(s => s.GetProperty("date").GetString() == date).Select(s => s.GetProperty("code").GetString()).SingleOrDefault();

    private static JsonElement.ArrayEnumerator Shifts(JsonElement roster, Guid agent) => roster.GetProperty("agents").EnumerateArray()
        .Single(a => a.GetProperty("agentId").GetGuid() == agent).GetProperty("shifts").EnumerateArray();
}

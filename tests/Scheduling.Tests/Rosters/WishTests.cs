using System.Net;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class WishTests(SchedulingApi api) : IClassFixture<SchedulingApi>
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly DateOnly Thursday = Monday.AddDays(3);

    [Fact]
    public async Task a_roster_made_again_keeps_its_past_and_changes_only_what_a_wish_is_worth()
    {
        var world = await World.Create(api, Monday, agents: 6, peak: 5);
        using var client = world.Client;
        var first = await client.Get<JsonElement>(await world.Roster());
        var works = first.GetProperty("agents").EnumerateArray()
            .First(a => a.GetProperty("shifts").EnumerateArray().Any(s => s.GetProperty("date").GetString() == "2026-03-12")).GetProperty("agentId").GetGuid();

        var again = await client.Get<JsonElement>(await Made(client, Body(first, wishes: [new { agentId = works, date = Thursday, weight = 1000 }])));

        Days(again, works).Should().NotContain(d => d.StartsWith("2026-03-12", StringComparison.Ordinal), "the day off weighs more than the change");
        foreach (var agent in first.GetProperty("agents").EnumerateArray().Select(a => a.GetProperty("agentId").GetGuid()))
        {
            Days(again, agent).Where(BeforeThursday).Should().Equal(Days(first, agent).Where(BeforeThursday), "what is past is locked");
            if (agent != works)
                Days(again, agent).Select(WithoutBreaks).Should().Equal(Days(first, agent).Select(WithoutBreaks), "no other change is worth 450");
        }

        static string WithoutBreaks(string day) => day[..day.IndexOf('[', StringComparison.Ordinal)];

        static bool BeforeThursday(string day) => string.CompareOrdinal(day, "2026-03-12") < 0;
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
        await (await client.Send(HttpMethod.Post, "/rosters", body: Body(roster, [], Guid.CreateVersion7()))).ShouldBeProblem(HttpStatusCode.NotFound);

        async Task Refused(object wish, string code) =>
            await (await client.Send(HttpMethod.Post, "/rosters", body: Body(roster, [wish]))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    private static object Body(JsonElement of, object[] wishes, Guid? keep = null) => new
    {
        projectId = of.GetProperty("projectId").GetGuid(), requirementId = of.GetProperty("requirementId").GetGuid(), maxRounds = 30, seconds = 20, wishes,
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
        .. roster.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == agent).GetProperty("shifts").EnumerateArray()
            .Select(s => $"{s.GetProperty("date")} {s.GetProperty("code")} {s.GetProperty("startsAt")} {s.GetProperty("breaks").GetRawText()}"),
    ];
}

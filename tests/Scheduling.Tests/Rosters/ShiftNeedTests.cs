using System.Net;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class ShiftNeedTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task a_roster_keeps_what_a_project_says_of_its_shifts_and_a_request_needs_of_them()
    {
        var world = await World.Create(api, Monday, agents: 5, peak: 2);
        using var client = world.Client;
        await (await Rules("N", 2)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shift-unknown");
        await (await Rules("L", 7)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "days-in-row-reversed");
        (await Rules("L", 2)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var requirement = World.IdOf(await world.Require(7));
        var (agent, other) = (world.Agents[0].Id, world.Agents[1].Id);

        var twice = new { date = Monday, shift = "L", required = 1 };
        await (await Request(twice, twice)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "need-twice");
        await (await Request(new { date = Monday, shift = "N", required = 1 }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shift-unknown");
        await (await Request(new { date = Monday.AddDays(7), shift = "L", required = 1 }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "outside-roster");
        var accepted = await Request(new { date = Monday.AddDays(2), shift = "L", required = 4, shortage = 10_000.0, surplus = 10_000.0 });
        var operation = await World.Ended(client, accepted.Headers.Location!.ToString());
        operation.GetProperty("status").GetString().Should().Be("succeeded", operation.GetRawText());
        var roster = await client.Get<JsonElement>(operation.GetProperty("result").GetString()!);

        var shifts = roster.GetProperty("agents").EnumerateArray().ToDictionary(a => a.GetProperty("agentId").GetGuid(),
            a => a.GetProperty("shifts").EnumerateArray().ToDictionary(
                s => DateOnly.Parse(s.GetProperty("date").GetString()!, null), s => s.GetProperty("code").GetString()!));
        shifts.Values.Count(days => days.GetValueOrDefault(Monday.AddDays(2)) is { } code && code.StartsWith('L')).Should().Be(4);
        shifts.Values.Should().OnlyContain(days => days.Values.Count(code => code.StartsWith('L')) <= 2);
        shifts.Values.Should().OnlyContain(days => !days.Any(day => day.Value.StartsWith('L')
            && days.GetValueOrDefault(day.Key.AddDays(1), "").StartsWith('D')));
        shifts[agent].Should().NotContainKey(Monday.AddDays(3), "they would rather not work then");
        shifts[other].Count.Should().BeGreaterThanOrEqualTo(4, "32 hours are due");

        Task<HttpResponseMessage> Rules(string shift, int minDaysInRow) => client.Send(
            HttpMethod.Put, $"/shift-rules/{world.Project}", 0, new
            {
                templates = new object[]
                {
                    new { code = "D", start = "08:00:00", end = "16:00:00", breaks = Array.Empty<object>() },
                    new { code = "L", start = "11:00:00", end = "19:00:00", latestStart = "12:00:00", breaks = Array.Empty<object>() },
                },
                minDaysInRow, maxDaysInRow = 6, forbiddenShifts = new[] { new { before = shift, after = "D" } },
                maxOfShifts = new[] { new { shifts = new[] { shift }, most = 2 } },
            });

        Task<HttpResponseMessage> Request(params object[] needs) => client.Send(HttpMethod.Post, "/rosters", body: new
        {
            projectId = world.Project, requirementId = requirement, maxRounds = 60, seconds = 20, shiftNeeds = needs,
            terms = new[] { new { agentId = other, minHours = 32 } },
            wishes = new[] { "D", "L-1100", "L-1130", "L-1200" }.Select(shift =>
                new { agentId = agent, date = Monday.AddDays(3), shift, weight = 1000, against = true }),
        });
    }
}

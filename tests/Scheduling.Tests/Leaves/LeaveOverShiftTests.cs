using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Scheduling;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Leaves;

public sealed class LeaveOverShiftTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Theory]
    [InlineData("annual")]
    [InlineData("sick")]
    public async Task approved_leave_takes_published_shifts_away_and_everybody_is_told(string kind)
    {
        var world = await World.Create(api, Monday, agents: 4, peak: 6);
        using var client = world.Client;
        using var agent = world.AgentClient(0);
        using var supervisor = world.Entering;
        var url = await world.Roster();
        await client.Send(HttpMethod.Post, $"{url}/publication", version: (await client.GetAsync(url)).Version());
        var shift = (await Mine(agent)).First(day => day.GetProperty("shift").ValueKind is JsonValueKind.String);
        var date = DateOnly.Parse(shift.GetProperty("date").GetString()!, null);
        var cover = await api.Published<CoverageDayV1>(c => c.ProjectId == world.Project && c.Date == date && c.Version == 1);

        var leave = World.Location(await supervisor.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = date, lastDay = date, kind, paid = true,
        }));
        if (kind == "annual") // sickness takes effect when it is reported
        {
            var approved = await supervisor.Send(HttpMethod.Post, $"{leave}/approval", version: 1);

            approved.StatusCode.Should().Be(HttpStatusCode.OK, await approved.Content.ReadAsStringAsync());
            approved.Version().Should().Be(2);
            using var told = JsonDocument.Parse(await approved.Content.ReadAsStringAsync());
            var freed = told.RootElement.GetProperty("freed").EnumerateArray().Should().ContainSingle().Subject;
            freed.GetProperty("date").GetString().Should().Be($"{date:yyyy-MM-dd}");
            freed.GetProperty("rosterId").GetGuid().Should().Be(World.IdOf(url));
        }

        var day = await api.Published<RosterDayV1>(d => d.AgentId == world.Agents[0].Id && d.Date == date && d.Version == 2);
        (day.ShiftCode, day.Activities.Single().Kind).Should().Be((null, "leave"));
        (await api.Published<CoverageDayV1>(c => c.ProjectId == world.Project && c.Date == date && c.Version == 2))
            .Intervals.Sum(i => i.Scheduled).Should().BeLessThan(cover.Intervals.Sum(i => i.Scheduled));
        (await Mine(agent)).Single(d => d.GetProperty("date").GetString() == $"{date:yyyy-MM-dd}").GetProperty("shift").ValueKind
            .Should().Be(JsonValueKind.Null);
        var roster = await client.Get<JsonElement>(url);
        roster.GetProperty("status").GetString().Should().Be("published", "nothing waits to be published");
        roster.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == world.Agents[0].Id)
            .GetProperty("shifts").EnumerateArray().Select(s => s.GetProperty("date").GetString()).Should().NotContain($"{date:yyyy-MM-dd}");
    }

    [Fact]
    public async Task leave_beside_the_shifts_and_a_step_that_is_not_the_last_free_nothing()
    {
        var world = await World.Create(api, Monday, agents: 4, peak: 6);
        using var client = world.Client;
        using var supervisor = world.Entering;
        var url = await world.Roster();
        await client.Send(HttpMethod.Post, $"{url}/publication", version: (await client.GetAsync(url)).Version());
        await api.Published<RosterDayV1>(day => day.ProjectId == world.Project && day.Version == 1);

        await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", 0, new
        {
            templates = new[] { new { code = "D", start = "08:00:00", end = "16:00:00", breaks = Array.Empty<object>() } },
            leave = new
            {
                maxDays = 15, approvals = new[] { new { overDays = 0, role = "supervisor" }, new { overDays = 1, role = "operations-manager" } },
            },
        });
        foreach (var (first, days) in new[] { (Monday.AddDays(20), 1), (Monday, 7) }) // the long one needs the operations manager, too
        {
            var leave = World.Location(await supervisor.Send(HttpMethod.Post, "/leaves", body: new
            {
                projectId = world.Project, agentId = world.Agents[1].Id, firstDay = first, lastDay = first.AddDays(days - 1),
                kind = "annual", paid = true,
            }));
            var approved = await supervisor.Send(HttpMethod.Post, $"{leave}/approval", version: 1);

            approved.StatusCode.Should().Be(HttpStatusCode.OK, await approved.Content.ReadAsStringAsync());
            (await approved.Content.ReadAsStringAsync()).Should().Contain("\"freed\":[]");
        }

        (await api.AllPublishedOf(world.Project)).Should().OnlyContain(day => day.Version == 1);
    }

    private static async Task<List<JsonElement>> Mine(HttpClient who) =>
        await who.Get<List<JsonElement>>("/rosters/mine?from=2026-03-09&to=2026-03-15");
}

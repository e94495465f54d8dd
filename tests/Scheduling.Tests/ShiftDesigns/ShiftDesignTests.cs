using System.Net;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.ShiftDesigns;

public sealed class ShiftDesignTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task a_need_that_is_given_is_met_by_shifts_that_can_be_taken_over_as_templates()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var scheduler = world.Client;
        // Two from 08 to 16 and three from 12 to 20, on weekdays.
        var day = Enumerable.Range(0, 24).Select(hour => (hour is >= 8 and < 16 ? 2 : 0) + (hour is >= 12 and < 20 ? 3 : 0)).ToArray();

        var design = await Designed(scheduler, Request(world, slot: 60, Enumerable.Repeat(day, 5)));

        var shifts = design.GetProperty("shifts").EnumerateArray().ToList();
        shifts.Select(shift => (shift.GetProperty("start").GetString(), shift.GetProperty("end").GetString()))
            .Should().Equal(("08:00:00", "16:00:00"), ("12:00:00", "20:00:00"));
        shifts[1].GetProperty("people").EnumerateArray().Select(people => people.GetInt32()).Should().Equal(3, 3, 3, 3, 3);
        design.GetProperty("underHours").GetDouble().Should().Be(0);
        design.GetProperty("cost").GetInt64().Should().Be(120);
        var templates = design.GetProperty("templates");
        templates[0].GetProperty("days").GetArrayLength().Should().Be(5);
        (await scheduler.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", 0, new { templates })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_requirement_is_a_need_and_no_more_shifts_are_designed_than_were_asked_for()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 20);
        using var scheduler = world.Client;
        var requirement = World.IdOf(await world.Require());

        var design = await Designed(scheduler, Request(world, slot: 30, requirement: requirement, mostShifts: 3));

        var shifts = design.GetProperty("shifts").EnumerateArray().ToList();
        shifts.Should().HaveCount(3).And.OnlyContain(shift => shift.GetProperty("people").GetArrayLength() == 7);
        design.GetProperty("bound").GetInt64().Should().BePositive().And.BeLessThanOrEqualTo(design.GetProperty("cost").GetInt64());
        await (await scheduler.Send(HttpMethod.Post, "/shift-designs", body: Request(world, requirement: requirement, queue: "sales")))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "queue-unknown");
    }

    [Fact]
    public async Task what_cannot_be_meant_is_named()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var scheduler = world.Client;
        int[][] hours = [Enumerable.Repeat(1, 24).ToArray()];

        await Refused(Request(world), "need-unclear");
        await Refused(Request(world, slot: 20, hours), "slot-out-of-range");
        await Refused(Request(world, slot: 30, hours), "need-unlike-slots");
        await Refused(Request(world, slot: 60, [[.. hours[0].Select(_ => -1)]]), "need-out-of-range");
        await Refused(Request(world, slot: 60, hours, earliest: "08:30:00"), "not-a-slot");
        await Refused(Request(world, slot: 60, hours, earliest: "13:00:00"), "starts-reversed");
        await Refused(Request(world, slot: 60, hours, longest: 1020), "shift-length");
        await Refused(Request(world, slot: 60, hours, longest: 360), "least-above-most");

        async Task Refused(object request, string code) => await (await scheduler.Send(HttpMethod.Post, "/shift-designs", body: request))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    private static object Request(
        World world, int slot = 30, IEnumerable<int[]>? needed = null, Guid? requirement = null, int? mostShifts = null,
        string? queue = null, string earliest = "06:00:00", int longest = 540) => new
    {
        projectId = world.Project, slotMinutes = slot, needed, requirementId = requirement, mostShifts, seconds = 20, maxRounds = 3,
        queues = queue is null ? null : new[] { queue },
        windows = new[] { new { earliest, latest = "12:00:00", shortestMinutes = 420, longestMinutes = longest } },
    };

    private static async Task<JsonElement> Designed(HttpClient client, object request)
    {
        var response = await client.Send(HttpMethod.Post, "/shift-designs", body: request);
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }
}

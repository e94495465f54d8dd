using System.Net;
using System.Text.Json;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Scheduling.Tests;

/// <summary>What people do to a roster by hand, and what it does not let them do.</summary>
public sealed class EditingTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task a_shift_is_given_by_its_code_and_its_breaks_are_placed()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        var (url, agent) = (await world.Roster(), world.Agents[0].Id);
        var version = await Clear(client, url, agent);

        var assigned = await client.Send(HttpMethod.Put, Day(url, agent, Monday), version, new { shift = "D-0900" });

        assigned.StatusCode.Should().Be(HttpStatusCode.NoContent, await assigned.Content.ReadAsStringAsync());
        var shift = (await ShiftsOf(client, url, agent)).Single();
        shift.GetProperty("code").GetString().Should().Be("D-0900");
        shift.GetProperty("paidHours").GetDecimal().Should().Be(8);
        shift.GetProperty("breaks").GetArrayLength().Should().Be(3);

        var again = await client.Send(HttpMethod.Put, Day(url, agent, Monday), assigned.Version(), new { shift = "D-0900" });
        again.StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await client.Send(HttpMethod.Put, Day(url, agent, Monday), version, new { shift = "D-1000" }))
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        await (await client.Send(HttpMethod.Put, Day(url, agent, Monday), body: new { shift = "D-1000" }))
            .ShouldBeProblem(HttpStatusCode.PreconditionRequired);
        await (await client.Send(HttpMethod.Put, Day(url, agent, Monday), assigned.Version(), new { shift = "Z" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shift-unknown");
        await (await client.Send(HttpMethod.Put, Day(url, Guid.CreateVersion7(), Monday), assigned.Version(), new { shift = "D-1000" }))
            .ShouldBeProblem(HttpStatusCode.NotFound);
        await (await client.Send(HttpMethod.Put, Day(url, agent, Monday.AddDays(7)), assigned.Version(), new { shift = "D-0900" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "outside-roster");
    }

    [Fact]
    public async Task a_split_shift_is_one_shift_with_a_break_between_its_parts_and_another_takes_its_place()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        var (url, agent) = (await world.Roster(), world.Agents[0].Id);
        var version = await Clear(client, url, agent);

        var split = await client.Send(HttpMethod.Put, Day(url, agent, Monday), version, new
        {
            startsAt = "2026-03-09T08:00", endsAt = "2026-03-09T20:00",
            breaks = new[] { new { kind = "break", from = "2026-03-09T12:00", to = "2026-03-09T16:00", paid = false } },
        });
        split.StatusCode.Should().Be(HttpStatusCode.NoContent, await split.Content.ReadAsStringAsync());
        (await ShiftsOf(client, url, agent)).Single().GetProperty("paidHours").GetDecimal().Should().Be(8);

        await (await client.Send(HttpMethod.Put, Day(url, agent, Monday), version, new { shift = "D-0900" }))
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        (await client.Send(HttpMethod.Put, Day(url, agent, Monday), split.Version(), new { shift = "D-0900" })).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (await ShiftsOf(client, url, agent)).Single().GetProperty("code").GetString().Should().Be("D-0900");
    }

    [Fact]
    public async Task a_shift_in_leave_before_hiring_or_after_leaving_is_wrong()
    {
        var world = await World.Create(api, Monday, agents: 4, peak: 4);
        using var client = world.Client;
        using var supervisor = world.Supervisor;
        var url = await world.Roster();
        foreach (var agent in world.Agents.Take(3))
            await Clear(client, url, agent.Id);
        await Leave(world, supervisor, world.Agents[0].Id, Monday.AddDays(2), Monday.AddDays(3));
        await world.Change(world.Agents[1] with { Version = 2, HiredOn = Monday.AddDays(3) });
        await world.Change(world.Agents[2] with { Version = 2, LeftOn = Monday.AddDays(1) });
        var (version, events) = ((await client.GetAsync(url)).Version(), await api.EventCount());

        await Wrong(0, 2, "leave");
        await Wrong(0, 3, "leave");
        await Wrong(1, 2, "not-yet-hired");
        await Wrong(2, 2, "left");

        (await api.EventCount()).Should().Be(events);
        (await client.Send(HttpMethod.Put, Day(url, world.Agents[0].Id, Monday.AddDays(4)), version,
            new { shift = "D-0900" })).StatusCode.Should().Be(HttpStatusCode.NoContent);

        async Task Wrong(int agent, int day, string code) => await (await client.Send(
            HttpMethod.Put, Day(url, world.Agents[agent].Id, Monday.AddDays(day)), version, new { shift = "D-0900" }))
                .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task what_breaks_a_rule_beside_other_shifts_is_refused()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        var (url, agent) = (await world.Roster(), world.Agents[0].Id);
        var version = await Clear(client, url, agent);
        for (var day = 0; day < 5; day++)
            version = (await client.Send(HttpMethod.Put, Day(url, agent, Monday.AddDays(day)), version, new { shift = "D-1100" }))
                .Version();

        await (await client.Send(HttpMethod.Put, Day(url, agent, Monday.AddDays(5)), version, new { shift = "D-1100" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "weekly-hours-exceeded");
        await (await client.Send(HttpMethod.Put, Day(url, agent, Monday.AddDays(1)), version,
            new { startsAt = "2026-03-10T05:00", endsAt = "2026-03-10T09:00" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "rest-too-short");
    }

    [Fact]
    public async Task times_by_hand_are_read_by_the_wall_clock()
    {
        var world = await World.Create(api, new(2026, 10, 26), agents: 3, peak: 4, zone: "America/New_York");
        using var client = world.Client;
        var (url, agent) = (await world.Roster(), world.Agents[0].Id);
        var version = await Clear(client, url, agent);
        var saturday = Day(url, agent, new(2026, 10, 31));

        await (await client.Send(HttpMethod.Put, saturday, version, new { startsAt = "2026-10-31T17:30", endsAt = "2026-11-01T01:30" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "time-occurs-twice");
        await Accepted(new { startsAt = "2026-10-31T17:30", endsAt = "2026-11-01T01:30-04:00" }, 8);
        await Accepted(new { startsAt = "2026-10-31T17:30", endsAt = "2026-11-01T01:30-05:00" }, 9);
        await Accepted(new { startsAt = "2026-10-31T22:00", endsAt = "2026-11-01T06:00" }, 9);

        await Wrong(new { startsAt = "2026-10-31T10:00", endsAt = "2026-10-31T10:00" }, "shift-length");
        await Wrong(new { startsAt = "2026-10-30T10:00", endsAt = "2026-10-30T18:00" }, "other-day");
        await Wrong(new { startsAt = "yesterday", endsAt = "2026-10-30T18:00" }, "not-a-time");
        await Wrong(new { startsAt = "2026-10-31T10:00" }, "shift-unclear");
        await Wrong(Breaks(("09:00", "09:30")), "break-outside-shift");
        await Wrong(Breaks(("12:00", "12:30"), ("12:15", "12:45")), "breaks-overlap");
        await Wrong(Breaks(("10:00", "18:00")), "no-work-left");

        async Task Accepted(object body, decimal paid)
        {
            var response = await client.Send(HttpMethod.Put, saturday, version, body);
            response.StatusCode.Should().Be(HttpStatusCode.NoContent, await response.Content.ReadAsStringAsync());
            version = response.Version();
            (await ShiftsOf(client, url, agent)).Single().GetProperty("paidHours").GetDecimal().Should().Be(paid);
        }

        async Task Wrong(object body, string code) =>
            await (await client.Send(HttpMethod.Put, saturday, version, body)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);

        static object Breaks(params (string From, string To)[] breaks) => new
        {
            startsAt = "2026-10-31T10:00", endsAt = "2026-10-31T18:00",
            breaks = breaks.Select(b => new { kind = "meal", from = $"2026-10-31T{b.From}", to = $"2026-10-31T{b.To}", paid = false }),
        };
    }

    [Fact]
    public async Task a_night_in_spring_is_paid_an_hour_less_and_its_day_has_92_quarters()
    {
        var world = await World.Create(api, new(2026, 3, 2), agents: 3, peak: 4, zone: "America/New_York");
        using var client = world.Client;
        var set = await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", version: 0, new
        {
            templates = new object[]
            {
                new { code = "N", start = "22:00:00", end = "06:00:00", breaks = Array.Empty<object>(), days = new[] { "saturday", "sunday" } },
                new { code = "D", start = "08:00:00", end = "16:30:00", breaks = Array.Empty<object>() },
            },
        });
        set.StatusCode.Should().Be(HttpStatusCode.NoContent, await set.Content.ReadAsStringAsync());
        var (url, agent) = (await world.Roster(), world.Agents[0].Id);
        var version = await Clear(client, url, agent);

        var assigned = await client.Send(HttpMethod.Put, Day(url, agent, new(2026, 3, 7)), version, new { shift = "N" });

        assigned.StatusCode.Should().Be(HttpStatusCode.NoContent, await assigned.Content.ReadAsStringAsync());
        var night = (await ShiftsOf(client, url, agent)).Single();
        night.GetProperty("paidHours").GetDecimal().Should().Be(7);
        night.GetProperty("kind").GetString().Should().Be("night");
        // A night of the last day goes on after the roster.
        var other = world.Agents[1].Id;
        version = await Clear(client, url, other);
        var last = await client.Send(HttpMethod.Put, Day(url, other, new(2026, 3, 8)), version, new { shift = "N" });
        last.StatusCode.Should().Be(HttpStatusCode.NoContent, await last.Content.ReadAsStringAsync());
        var there = (await client.Get<JsonElement>($"{url}/coverage"))[0].GetProperty("days").EnumerateArray()
            .SelectMany(day => day.GetProperty("intervals").EnumerateArray()).Sum(i => i.GetProperty("scheduled").GetDouble()) / 4;
        (await client.Get<JsonElement>(url)).GetProperty("cover")[0].GetProperty("scheduledHours").GetDouble()
            .Should().BeApproximately(there, 0.01);
        var days = (await client.Get<JsonElement>($"{url}/coverage"))[0].GetProperty("days");
        days.EnumerateArray().Select(d => d.GetProperty("intervals").GetArrayLength()).Should().Equal(96, 96, 96, 96, 96, 96, 92);
        (await client.GetStringAsync($"{url}/page")).Should().Contain("this day has 23 hours");
    }

    [Fact]
    public async Task leave_that_was_approved_since_stops_a_publication()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        using var supervisor = world.Supervisor;
        var url = await world.Roster();
        var agent = (await client.Get<JsonElement>(url)).GetProperty("agents").EnumerateArray()
            .First(a => a.GetProperty("shifts").GetArrayLength() > 0);
        var date = DateOnly.Parse(agent.GetProperty("shifts")[0].GetProperty("date").GetString()!, null);
        await Leave(world, supervisor, agent.GetProperty("agentId").GetGuid(), date, date);

        var refused = await client.Send(HttpMethod.Post, $"{url}/publication", version: (await client.GetAsync(url)).Version());

        await refused.ShouldBeProblem(HttpStatusCode.Conflict, "leave");
        var taken = await client.Send(
            HttpMethod.Delete, Day(url, agent.GetProperty("agentId").GetGuid(), date), version: (await client.GetAsync(url)).Version());
        (await client.Send(HttpMethod.Post, $"{url}/publication", version: taken.Version())).StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task training_is_part_of_the_shift_that_holds_it()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        var agent = world.Agents[0].Id;
        var session = new TrainingSessionV1(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), world.Project, "Greeting",
            Guid.CreateVersion7(), "R1", 10,
            new(2026, 3, 11, 9, 0, 0, TimeSpan.Zero), new(2026, 3, 11, 11, 0, 0, TimeSpan.Zero), "planned", [agent]);
        await api.Publish(session);
        await Eventually.True(async () =>
        {
            await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await query.LoadAsync<TrainingSessionV1>(session.Id) is not null;
        }, "the session to be known");

        var url = await world.Roster();

        var shift = (await ShiftsOf(client, url, agent)).Single(s => s.GetProperty("date").GetString() == "2026-03-11");
        shift.GetProperty("startsAt").GetDateTimeOffset().Should().BeOnOrBefore(session.StartsAt);
        shift.GetProperty("endsAt").GetDateTimeOffset().Should().BeOnOrAfter(session.EndsAt);
        (await client.GetStringAsync($"{url}/page")).Should().Contain("training 10:00–12:00");
    }

    private static string Day(string url, Guid agent, DateOnly date) => $"{url}/agents/{agent}/days/{date:yyyy-MM-dd}";

    private static async Task<List<JsonElement>> ShiftsOf(HttpClient client, string url, Guid agent) =>
    [
        .. (await client.Get<JsonElement>(url)).GetProperty("agents").EnumerateArray()
            .Single(a => a.GetProperty("agentId").GetGuid() == agent).GetProperty("shifts").EnumerateArray(),
    ];

    /// <summary>Takes all shifts of the agent away; the roster's version afterwards.</summary>
    private static async Task<long> Clear(HttpClient client, string url, Guid agent)
    {
        var version = (await client.GetAsync(url)).Version();
        foreach (var shift in await ShiftsOf(client, url, agent))
            version = (await client.Send(HttpMethod.Delete, $"{url}/agents/{agent}/days/{shift.GetProperty("date").GetString()}", version))
                .Version();
        return version;
    }

    [Fact]
    public async Task a_leave_is_told_as_it_is_decided()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var supervisor = world.Supervisor;
        await Leave(world, supervisor, world.Agents[0].Id, new(2026, 4, 1), new(2026, 4, 3));

        var told = await api.Published<LeaveV1>(leave => leave.ProjectId == world.Project && leave.Status == "approved");
        told.Should().BeEquivalentTo(new
        {
            Version = 2L, AgentId = world.Agents[0].Id, FirstDay = new DateOnly(2026, 4, 1), LastDay = new DateOnly(2026, 4, 3),
                Kind = "annual", Paid = true,
        });
    }

    private static async Task Leave(World world, HttpClient supervisor, Guid agent, DateOnly first, DateOnly last)
    {
        using var entering = world.Entering;
        var leave = World.Location(await entering.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = agent, firstDay = first, lastDay = last, kind = "annual", paid = true,
        }));
        (await supervisor.Send(HttpMethod.Post, $"{leave}/approval", version: 1)).IsSuccessStatusCode.Should().BeTrue();
    }
}

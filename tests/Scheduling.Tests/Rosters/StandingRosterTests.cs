using System.Net;
using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Rosters;

public sealed class StandingRosterTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task a_roster_reads_by_itself_what_stands_and_every_later_change_is_checked_by_what_is_known()
    {
        var world = await World.Create(api, Monday, agents: 6, peak: 5);
        using var client = world.Client;
        var (resting, part, mornings, wishing, away) = (world.Agents[0].Id, world.Agents[1].Id, world.Agents[2].Id, world.Agents[3].Id,
            world.Agents[4].Id);
        await Set(client, resting, 0, new { from = Monday.AddDays(-60), restOn = new[] { "tuesday" }, restDaysDueAMonth = 8 });
        await Set(client, part, 0, new { from = Monday.AddDays(-60), limits = new { maxHours = 20 } });
        await Set(client, mornings, 0, new
        {
            from = Monday.AddDays(-60),
            availability = new[] { "monday", "wednesday", "thursday", "friday" }.Select(day => new { day, from = "08:00:00", to = "16:30:00" }),
        });
        var period = World.Location(await client.Send(HttpMethod.Post, "/planning-periods", body: new
        {
            projectId = world.Project, from = Monday, days = 7, closesAt = $"{World.Ahead:yyyy-MM-dd}T18:00", limits = new { mostWeight = 1000 },
        }));
        await State(client, period, wishing, new
        {
            reason = "By telephone", wishes = new[] { new { date = Monday.AddDays(3), dayOff = true, weight = 1000 } },
        });
        await State(client, period, away, new { reason = "By telephone", unavailable = new[] { new { date = Monday.AddDays(2) } } });

        var url = await world.Roster();
        var roster = await client.Get<JsonElement>(url);

        Days(roster, resting).Should().NotContain("2026-03-10").And.HaveCount(5, "the contract has 40 hours");
        roster.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == part).GetProperty("hours")
            .GetDecimal().Should().BePositive().And.BeLessThanOrEqualTo(20);
        Shifts(roster, mornings).Should().NotBeEmpty().And.OnlyContain(shift => shift.EndsWith("D-0800", StringComparison.Ordinal));
        Days(roster, mornings).Should().NotContain(["2026-03-10", "2026-03-14", "2026-03-15"]);
        Days(roster, wishing).Should().NotContain("2026-03-12");
        Days(roster, away).Should().NotContain("2026-03-11");
        roster.GetProperty("cost").GetProperty("refusedWishes").GetDouble().Should().Be(0);

        var version = (await client.GetAsync(url)).Version();
        await Refused(resting, 1, "fixed-rest-day");
        await Refused(mornings, 1, "outside-availability");
        await Refused(away, 2, "stated-unavailable");

        // What is entered since binds the publication as a leave would.
        await Set(client, wishing, 0, new { from = Monday, limits = new { maxDaysAWeek = 1 } });
        await (await client.Send(HttpMethod.Post, $"{url}/publication", version))
            .ShouldBeProblem(HttpStatusCode.Conflict, "too-many-days-a-week");
        await Set(client, wishing, 1, new { from = Monday });
        (await client.Send(HttpMethod.Post, $"{url}/publication", version)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        async Task Refused(Guid agent, int day, string code) => await (await client.Send(
                HttpMethod.Put, $"{url}/agents/{agent}/days/{Monday.AddDays(day):yyyy-MM-dd}", version, new { shift = "D-0900" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task limits_of_one_agent_are_kept_by_the_search_so_that_the_roster_is_published_as_it_was_found()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 9);
        using var client = world.Client;
        var (few, row) = (world.Agents[0].Id, world.Agents[1].Id);
        await Set(client, few, 0, new { from = Monday.AddDays(-60), limits = new { maxDaysAWeek = 2 } });
        await Set(client, row, 0, new { from = Monday.AddDays(-60), limits = new { maxDaysInRow = 1 } });

        var url = await world.Roster();
        var roster = await client.Get<JsonElement>(url);

        Days(roster, few).Should().HaveCount(2, "the need is far more than they may work");
        Days(roster, row).Select(DateOnly.Parse).Should().OnlyContain(day => !Days(roster, row).Contains($"{day.AddDays(1):yyyy-MM-dd}"))
            .And.HaveCount(4);
        Days(roster, world.Agents[2].Id).Should().HaveCount(5);
        (await client.Send(HttpMethod.Post, $"{url}/publication", (await client.GetAsync(url)).Version()))
            .StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task nobody_rests_for_longer_than_needs_a_consent_unless_they_have_one_or_cannot_but()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 9);
        using var client = world.Client;
        using var manager = api.As(Guid.CreateVersion7(), "operations-manager", world.Project);
        var (seldom, consented, resting) = (world.Agents[0].Id, world.Agents[1].Id, world.Agents[2].Id);
        await client.Send(HttpMethod.Put, $"/account-rules/{world.Project}", 0, new { mostRestDaysInRow = 3 });
        string[] first = ["monday", "tuesday", "wednesday", "thursday"];
        await Set(client, seldom, 0, new { from = Monday.AddDays(-60), limits = new { maxDaysAWeek = 1 } });
        await Set(client, consented, 0, new { from = Monday.AddDays(-60), restOn = first });
        await Set(client, resting, 0, new { from = Monday.AddDays(-60), restOn = first });
        World.Location(await manager.Send(HttpMethod.Post, $"/accounts/{consented}/rest-consents",
            body: new { from = Monday, to = Monday.AddDays(6), reason = "Visit" }));

        var url = await world.Roster();
        var roster = await client.Get<JsonElement>(url);

        Days(roster, seldom).Should().Equal("2026-03-12");
        Days(roster, consented).Should().HaveCount(3);
        Days(roster, resting).Should().HaveCount(3, "a roster that needs a consent is better than none");
        await (await client.Send(HttpMethod.Post, $"{url}/publication", (await client.GetAsync(url)).Version()))
            .ShouldBeProblem(HttpStatusCode.Conflict, "rest-needs-consent");
    }

    /// <summary>
    /// A template with a long unpaid midday break, rest on every Tuesday of February 2016, and the contract of 39 hours a week.
    /// </summary>
    [Fact]
    public async Task the_hours_of_a_month_with_a_fixed_day_of_rest_add_up()
    {
        DateOnly first = new(2016, 2, 1); // a Monday
        var world = await World.Create(api, first, agents: 2, peak: 8, zone: "Asia/Shanghai");
        using var client = world.Client;
        foreach (var agent in world.Agents.ToList())
            await world.Change(agent with { Version = 2, WeeklyHours = 39, HiredOn = new(2015, 1, 1) });
        await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", 0, new
        {
            templates = new object[]
            {
                new { code = "C", start = "09:00:00", end = "18:00:00", breaks = new[] { Midday(150, 180) } },
            },
        });
        await Set(client, world.Agents[0].Id, 0, new { from = first, restOn = new[] { "tuesday" } });

        var roster = await client.Get<JsonElement>(await world.Roster(days: 29));

        var row = roster.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == world.Agents[0].Id);
        Days(roster, world.Agents[0].Id).Should().HaveCount(25)
            .And.NotContain(["2016-02-02", "2016-02-09", "2016-02-16", "2016-02-23"]);
        row.GetProperty("hours").GetDecimal().Should().Be(162.5m);
    }

    [Fact]
    public async Task shifts_are_paid_for_their_segments()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 2, zone: "Asia/Shanghai");
        using var client = world.Client;
        await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", 0, new
        {
            templates = new object[]
            {
                new { code = "A", start = "08:00:00", end = "17:00:00", breaks = new[] { Midday(60, 210) } },
                new { code = "B", start = "08:30:00", end = "17:00:00", breaks = new[] { Midday(60, 210) } },
                new { code = "C", start = "09:00:00", end = "18:00:00", breaks = new[] { Midday(150, 180) } },
            },
        });
        var url = await world.Roster(days: 3, maxRounds: 2);
        var version = (await client.GetAsync(url)).Version();
        foreach (var (code, day) in new[] { ("A", 0), ("B", 1), ("C", 2) })
            await client.Send(HttpMethod.Put, $"{url}/agents/{world.Agents[0].Id}/days/{Monday.AddDays(day):yyyy-MM-dd}",
                (await client.GetAsync(url)).Version(), new { shift = code });

        var roster = await client.Get<JsonElement>(url);

        roster.GetProperty("agents")[0].GetProperty("shifts").EnumerateArray()
            .Select(s => (s.GetProperty("code").GetString(), s.GetProperty("paidHours").GetDecimal()))
            .Should().Equal(("A", 8.0m), ("B", 7.5m), ("C", 6.5m));
    }

    private static object Midday(int minutes, int at) =>
        new { kind = "meal", minutes, earliestMinutes = at, latestMinutes = at, paid = false };

    private static async Task Set(HttpClient client, Guid agent, int version, object terms)
    {
        var set = await client.Send(HttpMethod.Put, $"/standing-terms/{agent}", version, terms);
        set.StatusCode.Should().Be(HttpStatusCode.NoContent, await set.Content.ReadAsStringAsync());
    }

    private static async Task State(HttpClient client, string period, Guid agent, object statement)
    {
        var stated = await client.Send(HttpMethod.Put, $"{period}/statements/{agent}", 0, statement);
        stated.StatusCode.Should().Be(HttpStatusCode.NoContent, await stated.Content.ReadAsStringAsync());
    }

    private static IEnumerable<string> Days(JsonElement roster, Guid agent) => Shifts(roster, agent).Select(shift => shift[..10]);

    private static List<string> Shifts(JsonElement roster, Guid agent) =>
    [
        .. roster.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == agent).GetProperty("shifts")
            .EnumerateArray().Select(s => $"{s.GetProperty("date").GetString()} {s.GetProperty("code").GetString()}"),
    ];
}

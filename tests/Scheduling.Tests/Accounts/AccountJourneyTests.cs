using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CallCenter.Testing;

namespace CallCenter.Scheduling.Tests.Accounts;

public sealed class AccountJourneyTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly object Weekdays = new { countsOn = new[] { "monday", "tuesday", "wednesday", "thursday", "friday" } };

    [Fact]
    public async Task two_requests_at_once_never_overdraw_and_leave_is_taken_on_its_days_and_given_back()
    {
        var world = await World.Create(api, Monday, agents: 1, peak: 1);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        using var own = world.AgentClient(0);
        using var entering = world.Entering;
        var account = $"/accounts/{world.Agents[0].Id}";
        await Done(scheduler.Send(HttpMethod.Put, $"/account-rules/{world.Project}", 0,
            new { annualLeave = Weekdays, publicHolidays = new[] { Monday.AddDays(1) } }));
        await Done(scheduler.Send(HttpMethod.Put, $"{account}/entitlements/2026", 0, new { days = 5 }));

        // Each takes 4 days of the 5; whichever comes first is asked for, the others are refused.
        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Ask(entering, world, Monday.AddDays(7 * n), days: 5)));

        var first = World.Location(asked.Should().ContainSingle(answer => answer.StatusCode == HttpStatusCode.Created, "4 + 4 > 5").Subject);
        foreach (var refused in asked.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "leave-balance");
        (await Balance(own, account, "annual-leave", new(2026, 12, 31))).Should().Be(5, "nothing is approved yet");

        var leave = await own.Get<JsonElement>(first);
        var from = DateOnly.Parse(leave.GetProperty("firstDay").GetString()!, CultureInfo.InvariantCulture);
        var taken = from == Monday ? 4 : 5; // the first of the weeks has a public holiday
        (await supervisor.Send(HttpMethod.Post, $"{first}/approval", 1)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await supervisor.Send(HttpMethod.Post, $"{first}/approval", 2)).StatusCode.Should().Be(HttpStatusCode.OK, "approved already");
        (await Balance(own, account, "annual-leave", from.AddDays(-1))).Should().Be(5, "it is taken when it begins to count");
        (await Balance(own, account, "annual-leave", from)).Should().Be(4);
        (await Balance(own, account, "annual-leave", new(2026, 12, 31))).Should().Be(5 - taken);
        await (await Ask(entering, world, Monday.AddDays(70), days: 5)).ShouldBeProblem(HttpStatusCode.Conflict, "leave-balance");

        (await supervisor.Send(HttpMethod.Post, $"{first}/withdrawal", 2)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await own.Send(HttpMethod.Post, $"{first}/withdrawal", 3)).StatusCode.Should().Be(HttpStatusCode.NoContent, "withdrawn already");
        (await Balance(own, account, "annual-leave", new(2026, 12, 31))).Should().Be(5);
        var entries = (await own.Get<JsonElement>($"{account}/entries?kind=annual-leave")).GetProperty("items").EnumerateArray().ToList();
        entries.Should().HaveCount(2 * taken);
        entries.Should().OnlyContain(e =>
            e.GetProperty("cause").GetString() == "leave" && e.GetProperty("causeId").GetGuid() == World.IdOf(first));
        World.Location(await Ask(entering, world, Monday.AddDays(70), days: 5));
    }

    [Fact]
    public async Task a_publication_books_rest_and_overtime_and_a_long_rest_needs_a_consent()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        using var manager = api.As(Guid.CreateVersion7(), "operations-manager", world.Project);
        var (agent, account) = (world.Agents[0].Id, $"/accounts/{world.Agents[0].Id}");
        await Done(client.Send(HttpMethod.Put, $"/standing-terms/{agent}", 0, new { from = "2026-03-01", restDaysDueAMonth = 9 }));
        World.Location(await client.Send(HttpMethod.Post, $"{account}/entries",
            body: new { kind = "rest-days", day = "2026-02-28", amount = 6, opening = true, reason = "Old books" }));
        var url = await world.Roster();
        await Done(client.Send(HttpMethod.Post, $"{url}/publication", await Version(client, url)));

        // 2 of 9 days of March are earned from the 9th to the 15th (floor 9·15/31 − floor 9·8/31); two are taken, as the contract has five.
        (await Balance(client, account, "rest-days", Monday.AddDays(-1))).Should().Be(6);
        (await Balance(client, account, "rest-days", Monday.AddDays(6))).Should().Be(6);
        var off = await DaysOff(client, url, agent);
        off.Should().HaveCount(2);

        // Sunday of the roster is worked too: hours over the contract need the project's word, and are booked.
        var worked = off[0];
        var extra = new { startsAt = $"{worked:yyyy-MM-dd}T09:00", endsAt = $"{worked:yyyy-MM-dd}T15:00" };
        var day = $"{url}/agents/{agent}/days/{worked:yyyy-MM-dd}";
        await (await client.Send(HttpMethod.Put, day, await Version(client, url), extra))
            .ShouldBeProblem(HttpStatusCode.Conflict, "weekly-hours-exceeded");
        await Done(client.Send(HttpMethod.Put, $"/account-rules/{world.Project}", 0,
            new { overtime = new { mostHoursAWeek = 8 }, mostRestDaysInRow = 3 }));
        await Done(client.Send(HttpMethod.Put, day, await Version(client, url), extra));
        await Done(client.Send(HttpMethod.Post, $"{url}/publication", await Version(client, url)));
        (await Balance(client, account, "overtime", Monday.AddDays(6))).Should().Be(6);
        (await Balance(client, account, "rest-days", Monday.AddDays(6))).Should().Be(7, "one day of rest less was taken");

        // Published again as it was: the overtime goes back, nothing is booked twice.
        await Done(client.Send(HttpMethod.Delete, day, await Version(client, url)));
        await Done(client.Send(HttpMethod.Post, $"{url}/publication", await Version(client, url)));
        (await Balance(client, account, "overtime", Monday.AddDays(6))).Should().Be(0);
        (await Balance(client, account, "rest-days", Monday.AddDays(6))).Should().Be(6);

        // Four days in a row.
        for (var d = 0; d < 4; d++)
            await client.Send(HttpMethod.Delete, $"{url}/agents/{agent}/days/{Monday.AddDays(d):yyyy-MM-dd}", await Version(client, url));
        var refused = await client.Send(HttpMethod.Post, $"{url}/publication", await Version(client, url));
        await refused.ShouldBeProblem(HttpStatusCode.Conflict, "rest-needs-consent");
        (await client.Send(HttpMethod.Post, $"{account}/rest-consents", body: new { from = Monday, to = Monday.AddDays(6), reason = "Visit" }))
            .StatusCode.Should().Be(HttpStatusCode.Forbidden, "head office consents");
        World.Location(await manager.Send(
            HttpMethod.Post, $"{account}/rest-consents", body: new { from = Monday, to = Monday.AddDays(6), reason = "Visit" }));
        await Done(client.Send(HttpMethod.Post, $"{url}/publication", await Version(client, url)));
        (await Balance(client, account, "rest-days", Monday.AddDays(6))).Should().Be(8 - (await DaysOff(client, url, agent)).Count);

        using var table = new HttpRequestMessage(
            HttpMethod.Get, $"/accounts/register?projectId={world.Project}&year=2026&month=3");
        table.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        var lines = (await (await client.SendAsync(table)).Content.ReadAsStringAsync()).Split("\r\n");
        lines[0].Should().Be("staff_number,name,agent,account,unit,opening,credited,taken,lapsed,closing");
        var taken = (await DaysOff(client, url, agent)).Count;
        lines.Should().Contain($"A000,Agent 00,{agent},rest-days,days,6,2,{taken},0,{8 - taken}");
    }

    [Fact]
    public async Task agents_read_their_own_accounts_and_nobody_elses()
    {
        var world = await World.Create(api, Monday, agents: 2, peak: 1);
        using var scheduler = world.Client;
        using var other = world.AgentClient(1);
        var account = $"/accounts/{world.Agents[0].Id}";
        World.Location(await scheduler.Send(HttpMethod.Post, $"{account}/entries",
            body: new { kind = "time-off-in-lieu", day = "2026-02-28", amount = 6.5, opening = true, reason = "Old books" }));

        await (await other.GetAsync(account)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await other.GetAsync($"{account}/entries")).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await scheduler.GetAsync($"{account}/entries?kind=leave")).ShouldBeProblem(HttpStatusCode.BadRequest, "unreadable");
        foreach (var amount in new[] { 0.333333333m, -1.001m })
            await (await scheduler.Send(HttpMethod.Post, $"{account}/entries",
                    body: new { kind = "overtime", day = "2026-03-02", amount, reason = "A third" }))
                .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "too-many-decimals");
        var mine = await other.Send(HttpMethod.Post, $"/accounts/{world.Agents[1].Id}/entries",
            body: new { kind = "overtime", day = "2026-02-28", amount = 6.5, reason = "Mine" });
        mine.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        await (await scheduler.Send(HttpMethod.Post, $"{account}/entries",
                body: new { kind = "time-off-in-lieu", day = "2026-03-02", amount = -7, reason = "Went home early" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "account-overdrawn");
        var page = await scheduler.Get<JsonElement>($"{account}/entries?limit=1");
        page.GetProperty("items")[0].GetProperty("reason").GetString().Should().Be("Old books");
        page.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
    }

    private static Task<HttpResponseMessage> Ask(HttpClient by, World world, DateOnly first, int days) =>
        by.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = first, lastDay = first.AddDays(days - 1),
            kind = "annual", paid = true,
        });

    private static async Task<decimal> Balance(HttpClient client, string account, string kind, DateOnly asOf) =>
        (await client.Get<JsonElement>($"{account}?asOf={asOf:yyyy-MM-dd}")).GetProperty("balances").EnumerateArray()
            .Single(b => b.GetProperty("kind").GetString() == kind).GetProperty("balance").GetDecimal();

    private static async Task<List<DateOnly>> DaysOff(HttpClient client, string roster, Guid agent)
    {
        var worked = (await client.Get<JsonElement>(roster)).GetProperty("agents").EnumerateArray()
            .Single(a => a.GetProperty("agentId").GetGuid() == agent).GetProperty("shifts").EnumerateArray()
            .Select(s => DateOnly.Parse(s.GetProperty("date").GetString()!, CultureInfo.InvariantCulture)).ToHashSet();
        return [.. Enumerable.Range(0, 7).Select(Monday.AddDays).Where(day => !worked.Contains(day))];
    }

    private static async Task<int> Version(HttpClient client, string url) => (int)(await client.GetAsync(url)).Version();

    private static async Task Done(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }
}

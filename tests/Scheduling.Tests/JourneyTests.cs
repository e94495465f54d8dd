using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallCenter.Contracts.Scheduling;
using CallCenter.Testing;
using CallCenter.Web;

namespace CallCenter.Scheduling.Tests;

/// <summary>From four weeks of calls to an agent's calendar, through HTTP and RabbitMQ.</summary>
public sealed class JourneyTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task from_the_calls_of_four_weeks_to_an_agents_calendar()
    {
        var world = await World.Create(api, Monday, peak: 6);
        using var client = world.Client;

        var forecast = (await client.Get<JsonElement>(await world.Forecast())).GetProperty("queues")[0];
        forecast.GetProperty("wape").GetDouble().Should().BeLessThan(0.2);
        forecast.GetProperty("days").GetArrayLength().Should().Be(7);
        forecast.GetProperty("days")[0].GetProperty("intervals")[44].GetProperty("handleSeconds").GetDouble().Should()
            .BeApproximately(240, 1);

        var url = await world.Roster();
        var roster = await client.Get<JsonElement>(url);
        roster.GetProperty("status").GetString().Should().Be("draft");
        roster.GetProperty("cover")[0].GetProperty("met").GetDouble().Should().BeGreaterThan(0.85);
        roster.GetProperty("agents").EnumerateArray().Should().HaveCount(8)
            .And.OnlyContain(a => a.GetProperty("hours").GetDecimal() <= 40 && a.GetProperty("hours").GetDecimal() >= 32);

        var reasons = await client.Get<JsonElement>($"{url}/reasons");
        reasons.GetProperty("days").GetArrayLength().Should().Be(56);
        (await api.AllPublishedOf(world.Project)).Should().BeEmpty("a draft is nobody's business");

        var published = await client.Send(HttpMethod.Post, $"{url}/publication", version: (await client.GetAsync(url)).Version());
        published.StatusCode.Should().Be(HttpStatusCode.NoContent, await published.Content.ReadAsStringAsync());

        var agent = roster.GetProperty("agents").EnumerateArray().First();
        var shift = agent.GetProperty("shifts")[0];
        var day = await api.Published<RosterDayV1>(d =>
            d.AgentId == agent.GetProperty("agentId").GetGuid() && d.Date == DateOnly.Parse(shift.GetProperty("date").GetString()!, null));
        day.Version.Should().Be(1);
        (day.ShiftCode, day.ShiftKind).Should().Be((shift.GetProperty("code").GetString(), shift.GetProperty("kind").GetString()));
        day.Activities.Should().BeInAscendingOrder(a => a.From);
        day.Activities[0].From.Should().Be(shift.GetProperty("startsAt").GetDateTimeOffset());
        day.Activities.Select(a => a.Kind).Distinct().Should().Contain("work").And.Contain("meal");
        var coverage = await api.Published<CoverageDayV1>(c => c.ProjectId == world.Project && c.Date == Monday);
        coverage.Intervals.Should().HaveCount(96);
        coverage.Intervals.Sum(i => i.Scheduled).Should().BePositive();
        await Eventually.True(() =>
            api.AllPublished<RosterDayV1>().Count(d => d.ProjectId == world.Project) == 56, "every day to be published");
    }

    [Fact]
    public async Task nobody_is_published_at_two_places_at_a_time_though_both_projects_publish_at_once()
    {
        var one = await World.Create(api, Monday, agents: 4, peak: 6);
        var other = await World.Create(api, Monday, agents: 4, peak: 6, sharing: one);
        var rosters = new[] { (World: one, Url: await one.Roster()), (World: other, Url: await other.Roster()) };

        var answers = await Task.WhenAll(rosters.Select(async roster =>
        {
            using var client = roster.World.Client;
            return await client.Send(HttpMethod.Post, $"{roster.Url}/publication", version: (await client.GetAsync(roster.Url)).Version());
        }));

        answers.Select(a => a.StatusCode).Should().BeEquivalentTo([HttpStatusCode.NoContent, HttpStatusCode.Conflict]);
    }

    [Fact]
    public async Task an_agent_sees_their_own_days_and_nobody_elses()
    {
        var world = await World.Create(api, Monday, agents: 4, peak: 6);
        using var client = world.Client;
        using var agent = world.AgentClient(0);
        var url = await world.Roster();
        (await Mine(agent)).Should().BeEmpty("nothing is published yet");
        await client.Send(HttpMethod.Post, $"{url}/publication", version: (await client.GetAsync(url)).Version());

        var mine = await Mine(agent);

        mine.Should().HaveCount(7);
        mine.Sum(d => d.GetProperty("paidHours").GetDecimal()).Should().BeInRange(32, 40);
        (await agent.GetAsync(url)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        using var stranger = api.As(Guid.CreateVersion7(), "agent", world.Project);
        (await Mine(stranger)).Should().BeEmpty();
        using var elsewhere = api.As(Guid.CreateVersion7(), "scheduler", Guid.CreateVersion7());
        await (await elsewhere.GetAsync(url)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await elsewhere.GetAsync($"/rosters?projectId={world.Project}")).ShouldBeProblem(HttpStatusCode.NotFound);

        static async Task<List<JsonElement>> Mine(HttpClient who) =>
            await who.Get<List<JsonElement>>("/rosters/mine?from=2026-03-09&to=2026-03-15");
    }

    [Fact]
    public async Task a_later_publication_replaces_the_earlier_one()
    {
        var world = await World.Create(api, Monday, agents: 4, peak: 6);
        using var client = world.Client;
        var first = await world.Roster();
        await client.Send(HttpMethod.Post, $"{first}/publication", version: (await client.GetAsync(first)).Version());
        await api.Published<RosterDayV1>(d => d.ProjectId == world.Project && d.Version == 1);

        var second = await world.Roster();
        await client.Send(HttpMethod.Post, $"{second}/publication", version: (await client.GetAsync(second)).Version());

        await Eventually.True(() => api.AllPublished<RosterDayV1>().Where(d => d.ProjectId == world.Project && d.Version == 2)
            .Select(d => d.Id).Distinct().Count() == 28, "every day in its second version");
        (await api.Published<RosterDayV1>(d => d.ProjectId == world.Project && d.Version == 2)).RosterId.Should().Be(World.IdOf(second));
        (await api.Published<CoverageDayV1>(d => d.ProjectId == world.Project && d.Version == 2)).RosterId.Should().Be(World.IdOf(second));
    }

    [Fact]
    public async Task a_calendar_feed_follows_the_roster_until_its_address_is_changed()
    {
        var world = await World.Create(api, Soon(), agents: 4, peak: 6);
        using var client = world.Client;
        using var agent = world.AgentClient(1);
        using var anonymous = api.Anonymous();
        var url = await world.Roster();
        await client.Send(HttpMethod.Post, $"{url}/publication", version: (await client.GetAsync(url)).Version());

        agent.DefaultRequestHeaders.Host = "evil.example";
        agent.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        var opened = await agent.Send(HttpMethod.Post, "/rosters/feeds");
        opened.StatusCode.Should().Be(HttpStatusCode.Created, await opened.Content.ReadAsStringAsync());
        (await opened.Content.ReadAsStringAsync()).Should().Contain("http://localhost:8080/rosters/feeds/").And.NotContain("evil.example");
        (await anonymous.SendAsync(new(HttpMethod.Head, opened.Headers.Location))).StatusCode.Should().Be(HttpStatusCode.OK);
        var feed = opened.Headers.Location!.ToString();
        var read = await anonymous.GetAsync(feed);

        var calendar = Ical.Net.Calendar.Load(await read.Content.ReadAsStringAsync())!;
        calendar.Events.Should().HaveCountGreaterThan(3).And.OnlyContain(e => e.Status == "CONFIRMED" && e.Sequence == 0);
        (await Conditional(feed, read)).StatusCode.Should().Be(HttpStatusCode.NotModified);

        var date = DateOnly.FromDateTime(calendar.Events.First().Start!.AsUtc);
        var taken = await client.Send(HttpMethod.Delete, $"{url}/agents/{world.Agents[1].Id}/days/{date:yyyy-MM-dd}",
            version: (await client.GetAsync(url)).Version());
        taken.StatusCode.Should().Be(HttpStatusCode.NoContent, await taken.Content.ReadAsStringAsync());
        (await Conditional(feed, read)).StatusCode.Should().Be(HttpStatusCode.NotModified, "what is not published is not shown");
        await client.Send(HttpMethod.Post, $"{url}/publication", version: taken.Version());

        var after = await Conditional(feed, read);
        after.StatusCode.Should().Be(HttpStatusCode.OK);
        Ical.Net.Calendar.Load(await after.Content.ReadAsStringAsync())!.Events.Where(e => e.Status == "CANCELLED")
            .Should().ContainSingle(e => e.Uid == calendar.Events.First().Uid && e.Sequence == 1);

        await agent.Send(HttpMethod.Post, "/rosters/feeds");
        await (await anonymous.GetAsync(feed)).ShouldBeProblem(HttpStatusCode.NotFound);

        async Task<HttpResponseMessage> Conditional(string address, HttpResponseMessage known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.IfNoneMatch.Add(known.Headers.ETag!);
            return await anonymous.SendAsync(request);
        }
    }

    [Fact]
    public async Task a_feed_ends_with_its_owner_and_its_end_can_be_asked_for()
    {
        var world = await World.Create(api, Soon(), agents: 2, peak: 3);
        using var anonymous = api.Anonymous();
        using var leaving = world.AgentClient(0);
        using var closing = world.AgentClient(1);
        var (left, closed) = (await Open(leaving), await Open(closing));
        (await anonymous.GetAsync(left)).StatusCode.Should().Be(HttpStatusCode.OK);

        await world.Change(world.Agents[0] with { Version = 2, LeftOn = new(2024, 1, 31) });
        (await closing.Send(HttpMethod.Delete, "/rosters/feeds")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        await (await anonymous.GetAsync(left)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await anonymous.GetAsync(closed)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await anonymous.GetAsync("/rosters/feeds/guess.ics")).ShouldBeProblem(HttpStatusCode.NotFound);

        static async Task<string> Open(HttpClient who) => (await who.Send(HttpMethod.Post, "/rosters/feeds")).Headers.Location!.ToString();
    }

    [Fact]
    public async Task each_device_has_a_feed_of_its_own_and_ends_no_other()
    {
        var world = await World.Create(api, Soon(), agents: 2, peak: 3);
        using var anonymous = api.Anonymous();
        using var agent = world.AgentClient(0);
        async Task<string> Open(string device) =>
            (await agent.Send(HttpMethod.Post, $"/rosters/feeds?device={device}")).Headers.Location!.ToString();
        async Task<HttpStatusCode> Reads(string feed) => (await anonymous.GetAsync(feed)).StatusCode;

        var (phone, tablet) = (await Open("phone"), await Open("tablet"));
        (await Reads(phone), await Reads(tablet)).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
        var again = await Open("phone");
        (await Reads(phone), await Reads(again), await Reads(tablet)).Should().Be(
            (HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.OK), "a lost telephone's address ends");

        await agent.Send(HttpMethod.Delete, "/rosters/feeds?device=tablet");
        (await Reads(tablet)).Should().Be(HttpStatusCode.NotFound);
        for (var i = 0; i < 9; i++)
            await Open($"device {i}");
        (await agent.Get<JsonElement>("/rosters/feeds")).EnumerateArray().Select(feed => feed.GetProperty("device").GetString())
            .Should().HaveCount(10).And.Contain("phone");
        await (await agent.Send(HttpMethod.Post, "/rosters/feeds?device=one+more")).ShouldBeProblem(HttpStatusCode.Conflict, "too-many-feeds");
        await agent.Send(HttpMethod.Delete, "/rosters/feeds");
        (await agent.Get<JsonElement>("/rosters/feeds")).EnumerateArray().Should().BeEmpty();
    }

    [Fact]
    public async Task a_roster_is_a_table_of_days_for_spreadsheets_too()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        var url = await world.Roster();

        var rows = await client.Get<JsonElement>($"{url}/days");
        var roster = await client.Get<JsonElement>(url);
        rows.GetArrayLength().Should().Be(3 * roster.GetProperty("days").GetInt32());
        rows.EnumerateArray().Sum(row => row.GetProperty("paidHours").GetDecimal()).Should().Be(
            roster.GetProperty("agents").EnumerateArray().SelectMany(a => a.GetProperty("shifts").EnumerateArray())
                .Sum(s => s.GetProperty("paidHours").GetDecimal()));

        using var csv = new HttpRequestMessage(HttpMethod.Get, $"{url}/days") { Headers = { { "Accept", "text/csv" } } };
        (await (await client.SendAsync(csv)).Content.ReadAsStringAsync()).Split("\r\n").Should().HaveCount(rows.GetArrayLength() + 2)
            .And.Subject.First().Should().StartWith("date,staff_number,name");
        using var xlsx = new HttpRequestMessage(HttpMethod.Get, $"{url}/days") { Headers = { { "Accept", Table.Workbook } } };
        var workbook = await client.SendAsync(xlsx);
        workbook.Content.Headers.ContentType!.MediaType.Should().Be(Table.Workbook);
        await using var archive = new System.IO.Compression.ZipArchive(await workbook.Content.ReadAsStreamAsync());
        archive.GetEntry("xl/worksheets/sheet1.xml").Should().NotBeNull();
    }

    [Fact]
    public async Task the_page_needs_nothing_else_and_escapes_names()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        await world.Change(world.Agents[0] with { Version = 2, Name = "<script>alert(1)</script>" });
        var url = await world.Roster();

        var response = await client.GetAsync($"{url}/page");
        var page = await response.Content.ReadAsStringAsync();

        response.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        response.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'none'; style-src 'sha256-");
        page.Should().Contain("&lt;script&gt;alert(1)").And.Contain("Billing &lt;hot&gt;line").And.Contain("Monday 9 March 2026");
        page.Should().NotContain("<script").And.NotContain(" style=").And.NotContain("http://").And.NotContain("https://").And.NotContain(
            "url(");
        var charts = Regex.Matches(page, "<svg class=\"chart\".*?</svg>", RegexOptions.Singleline);
        charts.Should().NotBeEmpty();
        foreach (Match chart in charts)
            System.Xml.Linq.XDocument.Parse(chart.Value);

        // What counts as missing is said, and the legend has what is drawn and nothing else.
        page.Should().Contain("Missing adds up the quarter hours");
        var drawings = string.Concat(charts.Select(chart => chart.Value));
        foreach (var (kind, name) in new[] { ("early", "Early shift"), ("night", "Night shift"), ("leave", "Leave"), ("gap", "Missing") })
            page.Contains($"</svg>{name}</span>", StringComparison.Ordinal).Should().Be(
                drawings.Contains($"class=\"{kind}\"", StringComparison.Ordinal), name);
    }

    [Fact]
    public async Task the_page_ends_with_what_the_roster_comes_to_for_each_person()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var client = world.Client;
        await client.Send(HttpMethod.Post, $"/accounts/{world.Agents[0].Id}/entries",
            body: new { kind = "overtime", day = "2026-03-02", amount = 3.5, opening = true, reason = "Taken over" });
        var url = await world.Roster();
        var agents = (await client.Get<JsonElement>(url)).GetProperty("agents").EnumerateArray().ToList();

        var page = await client.GetStringAsync($"{url}/page");

        var people = page[page.IndexOf("id=\"people\"", StringComparison.Ordinal)..];
        people.Should().Contain("<th scope=\"col\">Overtime h</th>").And.NotContain("Annual leave");
        foreach (var agent in agents)
            Regex.IsMatch(people, string.Create(CultureInfo.InvariantCulture,
                $">{agent.GetProperty("name").GetString()}</th>(\\s*<td class=\"cell\">[^\n]*</td>)+\\s*<td>{agent.GetProperty("shifts").GetArrayLength()}</td><td>{agent.GetProperty("hours").GetDecimal():0.#}</td>"))
                .Should().BeTrue(people);
        Regex.Count(people, "<td class=\"cell\"><span class=\"(early|day|late|night)\" title=\"\\d\\d:\\d\\d").Should().Be(
            agents.Sum(agent => agent.GetProperty("shifts").GetArrayLength()), "every shift stands in the grid");
        var gaps = (await client.Get<JsonElement>($"{url}/reasons")).GetProperty("gaps").EnumerateArray().ToList();
        gaps.Should().NotBeEmpty();
        Regex.Count(page, "<tr><th scope=\"row\" class=\"bad\">\\d\\d:\\d\\d").Should().Be(gaps.Count, "every gap says when and why");
        Regex.Count(people, "<td>3.5</td>").Should().Be(1, "one of them has an account");
    }

    [Fact]
    public async Task a_roster_can_be_stopped_while_it_is_made_and_infeasible_says_why()
    {
        var world = await World.Create(api, Monday, agents: 26, peak: 40);
        using var client = world.Client;
        var requirement = World.IdOf(await world.Require());

        var accepted = await client.Send(
            HttpMethod.Post, "/rosters", body: new { projectId = world.Project, requirementId = requirement, seconds = 600 });
        var operation = accepted.Headers.Location!.ToString();
        await Eventually.True(async () =>
            (await client.Get<JsonElement>(operation)).GetProperty("percent").GetInt32() > 0, "the search to begin");
        await client.Send(HttpMethod.Delete, operation);
        (await World.Ended(client, operation)).GetProperty("status").GetString().Should().Be("cancelled");
        await (await client.GetAsync($"/rosters/{World.IdOf(operation)}")).ShouldBeProblem(HttpStatusCode.NotFound);

        await client.Send(HttpMethod.Put, $"/shift-rules/{world.Project}", version: 0, new
        {
            templates = new[] { new { code = "X", start = "08:00:00", end = "16:00:00", breaks = Array.Empty<object>(),
                days = new[] { "sunday" } } },
        });
        var impossible = await client.Send(
            HttpMethod.Post, "/rosters", body: new { projectId = world.Project, requirementId = requirement, days = 3 });
        var failed = await World.Ended(client, impossible.Headers.Location!.ToString());
        failed.GetProperty("status").GetString().Should().Be("failed");
        failed.GetProperty("error").GetString().Should().Be("Infeasible because no-shifts.");
    }

    // A feed shows the last four weeks and what is to come, so its days lie around now.
    private static DateOnly Soon()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return today.AddDays(7 - ((int)today.DayOfWeek + 6) % 7);
    }
}

internal static class PublishedFacts
{
    public static Task<IReadOnlyList<RosterDayV1>> AllPublishedOf(this SchedulingApi api, Guid project) =>
        Task.FromResult<IReadOnlyList<RosterDayV1>>([.. api.AllPublished<RosterDayV1>().Where(d => d.ProjectId == project)]);
}

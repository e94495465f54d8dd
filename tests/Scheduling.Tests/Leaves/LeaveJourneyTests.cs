using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Scheduling.Leaves;
using CallCenter.Scheduling.Rosters;
using CallCenter.Testing;
using CallCenter.Time;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Scheduling.Tests.Leaves;

public sealed class LeaveJourneyTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public async Task who_waits_sees_the_place_and_gets_it_in_the_order_of_request()
    {
        var world = await World.Create(api, World.Ahead, agents: 3, peak: 1);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        HttpClient[] agents = [.. Enumerable.Range(0, 3).Select(world.AgentClient)];
        await Policy(scheduler, world, new { limits = new[] { new { most = 1 } }, automatic = new { kinds = new[] { "annual" }, mostDays = 1 } });

        var outlook = await Look(agents[0], world, 0, World.Ahead);
        outlook.GetProperty("place").GetInt32().Should().Be(0);
        outlook.GetProperty("decidedBecause").GetString().Should().Be("within-limits");
        var asked = new List<string>();
        for (var n = 0; n < 3; n++)
            asked.Add(World.Location(await agents[n].Send(HttpMethod.Post, "/leaves", body: Leave(world, n, World.Ahead))));

        (await Status(agents[0], asked[0])).Should().Be(("approved", 0));
        (await Status(agents[1], asked[1])).Should().Be(("requested", 1));
        (await Status(agents[2], asked[2])).Should().Be(("requested", 2));
        var second = await Look(agents[1], world, 1, World.Ahead.AddDays(1));
        second.GetProperty("rule").ValueKind.Should().Be(JsonValueKind.Null);
        (await supervisor.Get<JsonElement>($"{asked[0]}/history")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("why").GetString())
            .Should().Equal(null, "within-limits");
        await (await supervisor.Send(HttpMethod.Post, $"{asked[1]}/approval", 1)).ShouldBeProblem(HttpStatusCode.Conflict, "leave-limit");

        await Done(supervisor.Send(HttpMethod.Post, $"{asked[0]}/withdrawal", 2));
        await (await supervisor.Send(HttpMethod.Post, $"{asked[2]}/approval", 1)).ShouldBeProblem(HttpStatusCode.Conflict, "leave-limit");
        await Turn(world, TimeProvider.System.GetUtcNow());
        (await Status(agents[1], asked[1])).Should().Be(("approved", 0));
        (await Status(agents[2], asked[2])).Should().Be(("requested", 1));

        await Policy(scheduler, world, new { limits = new[] { new { most = 1 } }, waitingEndsDaysBefore = 7 }, 1);
        await Turn(world, new DateTimeOffset(World.Ahead.AddDays(-7), new(12, 0), TimeSpan.Zero));
        (await Status(agents[2], asked[2])).Should().Be(("declined", 0));
        var told = (await agents[2].Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray().Single();
        told.GetProperty("kind").GetString().Should().Be("leave-declined");
        told.GetProperty("about").GetString().Should().Be(asked[2]);
        await Done(agents[2].Send(HttpMethod.Post, $"/notices/{told.GetProperty("id").GetGuid()}/receipt"));
        (await agents[2].Get<JsonElement>("/notices?unread=true")).GetProperty("items").GetArrayLength().Should().Be(0);
        (await supervisor.Get<JsonElement>($"/notices/receipts?projectId={world.Project}&about={asked[2]}")).GetProperty("items")[0]
            .GetProperty("readBy").GetGuid().Should().Be(world.Agents[2].Id);
        (await agents[0].Send(HttpMethod.Post, $"/notices/{told.GetProperty("id").GetGuid()}/receipt")).StatusCode.Should()
            .Be(HttpStatusCode.NotFound, "it is another's");
    }

    [Fact]
    public async Task two_supervisors_at_once_decide_once()
    {
        var world = await World.Create(api, World.Ahead, agents: 1, peak: 1);
        using var agent = world.AgentClient(0);
        HttpClient[] supervisors = [.. Enumerable.Range(0, 4).Select(_ => world.Supervisor)];
        var leave = World.Location(await agent.Send(HttpMethod.Post, "/leaves", body: Leave(world, 0, World.Ahead)));

        var answers = await Task.WhenAll(supervisors.Select((supervisor, n) => n % 2 == 0
            ? supervisor.Send(HttpMethod.Post, $"{leave}/approval", 1)
            : supervisor.Send(HttpMethod.Post, $"{leave}/refusal", 1, new { reason = "Too many are away." })));

        answers.Where(answer => answer.IsSuccessStatusCode).Should().ContainSingle();
        answers.Where(answer => !answer.IsSuccessStatusCode).Select(answer => answer.StatusCode).Distinct()
            .Should().Equal(HttpStatusCode.PreconditionFailed);
        (await agent.Get<JsonElement>($"{leave}/history")).GetProperty("items").GetArrayLength().Should().Be(2);
        (await agent.Get<JsonElement>("/notices")).GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task only_a_supervisor_of_the_team_and_who_is_in_the_post_approve()
    {
        var world = await World.Create(api, World.Ahead, agents: 1, peak: 1);
        var (own, other, manager) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        using var scheduler = world.Client;
        using var agent = world.AgentClient(0);
        await Policy(scheduler, world, new
        {
            maxDays = 15,
            steps = new object[]
            {
                new { overDays = 0, role = "supervisor", ownTeam = true }, new { overDays = 1, role = "operations-manager", post = "operations-director" },
            },
        });
        var team = new TeamV1(NameId.Of("team", world.Project), 2, world.Project, "Team 1", own, [world.Agents[0].Id], "under");
        var person = new EmployeeV1(manager, 1, $"M-{manager}", "M", new(2020, 1, 1), null, "junior", [], [world.Project], [], 40, world.Zone,
            Posts: [new("operations-director", "operations-manager", new(2020, 1, 1), null)]);
        await api.Publish(team, person);
        await Eventually.True(async () =>
        {
            await using var query = Store.QuerySession();
            return (await query.LoadAsync<TeamV1>(team.Id))?.Version == 2 && await query.LoadAsync<EmployeeV1>(manager) is not null;
        }, "the supervisor and the director to be known");

        var leave = World.Location(await agent.Send(HttpMethod.Post, "/leaves", body: Leave(world, 0, World.Ahead, days: 2)));
        (await agent.Get<JsonElement>(leave)).GetProperty("next").GetProperty("role").GetString().Should().Be("supervisor");
        await Refused(other, "supervisor", 1, "approval-of-another-person");
        await Approved(own, "supervisor", 1);
        await Refused(other, "operations-manager", 2, "approval-of-another-person");
        await Approved(manager, "operations-manager", 2);
        (await Status(agent, leave)).Status.Should().Be("approved");

        async Task Refused(Guid who, string role, int version, string code)
        {
            using var client = api.As(who, role, world.Project);
            await (await client.Send(HttpMethod.Post, $"{leave}/approval", version)).ShouldBeProblem(HttpStatusCode.Conflict, code);
        }

        async Task Approved(Guid who, string role, int version)
        {
            using var client = api.As(who, role, world.Project);
            var answer = await client.Send(HttpMethod.Post, $"{leave}/approval", version);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task an_afternoon_of_leave_cuts_the_published_shift_and_half_a_day_is_taken()
    {
        var world = await World.Create(api, Monday, agents: 4, peak: 6);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        using var agent = world.AgentClient(0);
        using var entering = world.Entering;
        var id = world.Agents[0].Id;
        await Done(scheduler.Send(HttpMethod.Put, $"/account-rules/{world.Project}", 0,
            new { annualLeave = new { countsOn = Enum.GetNames<DayOfWeek>().Select(day => day.ToLowerInvariant()) } }));
        await Done(scheduler.Send(HttpMethod.Put, $"/accounts/{id}/entitlements/2026", 0, new { days = 5 }));
        await (await agent.Send(HttpMethod.Post, "/leaves", body: Afternoon(Monday)))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "part-day-not-offered");
        await Policy(scheduler, world, new { partDays = new { halfDayAt = "14:00:00" } });
        var url = await world.Roster();
        await scheduler.Send(HttpMethod.Post, $"{url}/publication", version: (await scheduler.GetAsync(url)).Version());
        var date = DateOnly.Parse((await Mine(agent)).First(day => day.GetProperty("shift").ValueKind is JsonValueKind.String)
            .GetProperty("date").GetString()!, null);
        var before = await api.Published<CoverageDayV1>(c => c.ProjectId == world.Project && c.Date == date && c.Version == 1);

        var leave = World.Location(await entering.Send(HttpMethod.Post, "/leaves", body: Afternoon(date)));
        var approved = await supervisor.Send(HttpMethod.Post, $"{leave}/approval", 1);

        approved.StatusCode.Should().Be(HttpStatusCode.OK, await approved.Content.ReadAsStringAsync());
        var day = await api.Published<RosterDayV1>(d => d.AgentId == id && d.Date == date && d.Version == 2);
        day.ShiftCode.Should().NotBeNull("the morning is worked");
        var away = day.Activities.Single(a => a.Kind == "leave");
        (away.To, away.From.ToOffset(TimeSpan.FromHours(1)).TimeOfDay).Should().Be((day.Activities[^1].To, new TimeSpan(14, 0, 0)));
        day.Activities.Should().BeInAscendingOrder(a => a.From);
        (await api.Published<CoverageDayV1>(c => c.ProjectId == world.Project && c.Date == date && c.Version == 2))
            .Intervals.Sum(i => i.Scheduled).Should().BeLessThan(before.Intervals.Sum(i => i.Scheduled));
        (await api.Published<LeaveV1>(l => l.AgentId == id && l.Status == "approved")).From.Should().Be(new TimeOnly(14, 0));
        (await agent.Get<JsonElement>($"/accounts/{id}?asOf=2026-12-31")).GetProperty("balances")[0].GetProperty("balance").GetDecimal()
            .Should().Be(4.5m);
        (await agent.Get<JsonElement>("/notices")).GetProperty("items").EnumerateArray().Select(n => n.GetProperty("kind").GetString())
            .Should().BeEquivalentTo("roster-published", "leave-approved", "shift-freed");
        (await scheduler.Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray()
            .Should().ContainSingle(n => n.GetProperty("kind").GetString() == "shift-freed");

        // What is left is published again as it is; a shift that is given anew lies around the hours.
        var agents = await scheduler.Get<JsonElement>(url);
        agents.GetProperty("status").GetString().Should().Be("published");
        var other = (await Mine(agent)).First(d => d.GetProperty("shift").ValueKind is JsonValueKind.String
            && d.GetProperty("date").GetString() != $"{date:yyyy-MM-dd}").GetProperty("date").GetString();
        await Done(scheduler.Send(HttpMethod.Delete, $"{url}/agents/{id}/days/{other}", (await scheduler.GetAsync(url)).Version()));
        await Done(scheduler.Send(HttpMethod.Put, $"{url}/agents/{id}/days/{date:yyyy-MM-dd}", (await scheduler.GetAsync(url)).Version(),
            new { shift = "D-0900" }));
        await (await scheduler.Send(HttpMethod.Put, $"{url}/agents/{id}/days/{date:yyyy-MM-dd}", (await scheduler.GetAsync(url)).Version(),
            new { startsAt = $"{date:yyyy-MM-dd}T09:00", endsAt = $"{date:yyyy-MM-dd}T17:30" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "leave");
        await Done(scheduler.Send(HttpMethod.Post, $"{url}/publication", (await scheduler.GetAsync(url)).Version()));
        (await api.Published<RosterDayV1>(d => d.AgentId == id && d.Date == date && d.Version == 3)).Activities
            .Should().ContainSingle(a => a.Kind == "leave" && a.Paid);

        // A roster that is made now plans around them too.
        var later = await scheduler.Get<JsonElement>(await world.Roster());
        var own = later.GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("agentId").GetGuid() == id);
        var shift = own.GetProperty("shifts").EnumerateArray().Single(s => s.GetProperty("date").GetString() == $"{date:yyyy-MM-dd}");
        shift.GetProperty("breaks").EnumerateArray().Should().ContainSingle(pause =>
            pause.GetProperty("kind").GetString() == "leave" && pause.GetProperty("paid").GetBoolean());

        // Withdrawn, the afternoon is worked again.
        var given = await api.Published<RosterDayV1>(d => d.AgentId == id && d.Date == date);
        await Done(supervisor.Send(HttpMethod.Post, $"{leave}/withdrawal", 2));
        var again = await api.Published<RosterDayV1>(d => d.AgentId == id && d.Date == date && d.Version > given.Version);
        again.Activities.Should().OnlyContain(a => a.Kind != "leave").And.BeInAscendingOrder(a => a.From);
        (again.ShiftCode, again.Activities[^1].To).Should().Be((given.ShiftCode, given.Activities[^1].To));
        again.Activities.Sum(a => (a.To - a.From).TotalHours).Should().Be((again.Activities[^1].To - again.Activities[0].From).TotalHours);
        (await agent.Get<JsonElement>($"/accounts/{id}?asOf=2026-12-31")).GetProperty("balances")[0].GetProperty("balance").GetDecimal()
            .Should().Be(5);

        object Afternoon(DateOnly on) => new
        {
            projectId = world.Project, agentId = id, firstDay = on, lastDay = on, kind = "annual", paid = true, half = "afternoon",
        };
    }

    [Fact]
    public async Task a_leave_that_is_withdrawn_is_no_leave_in_the_published_days_and_the_freed_shift_stays_free()
    {
        var world = await World.Create(api, Monday, agents: 3, peak: 4);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        using var agent = world.AgentClient(0);
        using var entering = world.Entering;
        var id = world.Agents[0].Id;
        var url = await world.Roster();
        await Done(scheduler.Send(HttpMethod.Post, $"{url}/publication", (await scheduler.GetAsync(url)).Version()));
        var worked = DateOnly.Parse((await Mine(agent)).First(d => d.GetProperty("shift").ValueKind is JsonValueKind.String)
            .GetProperty("date").GetString()!, null);
        var leave = World.Location(await entering.Send(HttpMethod.Post, "/leaves", body: Leave(world, 0, worked)));
        (await supervisor.Send(HttpMethod.Post, $"{leave}/approval", 1)).EnsureSuccessStatusCode();
        var day = await api.Published<RosterDayV1>(d => d.AgentId == id && d.Date == worked && d.Activities.Any(a => a.Kind == "leave"));

        await (await agent.Send(HttpMethod.Post, $"{leave}/withdrawal", 2)).ShouldBeProblem(HttpStatusCode.Conflict, "leave-begun");
        await Done(supervisor.Send(HttpMethod.Post, $"{leave}/withdrawal", 2));

        var after = await api.Published<RosterDayV1>(d => d.AgentId == id && d.Date == worked && d.Version > day.Version);
        (after.ShiftCode, after.Activities.Count).Should().Be((null, 0));
        (await Mine(agent)).Single(d => d.GetProperty("date").GetString() == $"{worked:yyyy-MM-dd}").GetProperty("activities").GetArrayLength()
            .Should().Be(0);
        await Done(supervisor.Send(HttpMethod.Post, $"{leave}/withdrawal", 3));
        await Done(scheduler.Send(HttpMethod.Post, $"{url}/publication", (await scheduler.GetAsync(url)).Version()));
    }

    [Fact]
    public async Task the_register_of_a_month_has_all_leave_and_slips_are_kept_for_their_month()
    {
        var world = await World.Create(api, Monday, agents: 2, peak: 1);
        using var supervisor = world.Supervisor;
        using var agent = world.AgentClient(0);
        using var entering = world.Entering;
        using var other = world.AgentClient(1);
        var long_ = World.Location(await entering.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = "2026-03-30", lastDay = "2026-04-02", kind = "unpaid", paid = false,
            note = "Moving house",
        }));
        await supervisor.Send(HttpMethod.Post, $"{long_}/approval", 1);
        World.Location(await entering.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[1].Id, firstDay = "2026-03-02", lastDay = "2026-03-02", kind = "sick", paid = true,
        }));
        World.Location(await entering.Send(HttpMethod.Post, "/leaves", body: Leave(world, 1)));

        using var table = new HttpRequestMessage(HttpMethod.Get, $"/leaves/register?projectId={world.Project}&year=2026&month=3");
        table.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        (await (await supervisor.SendAsync(table)).Content.ReadAsStringAsync()).Split("\r\n")[1..^1].Should().Equal(
            $"A000,Agent 00,{world.Agents[0].Id},{World.IdOf(long_)},unpaid,false,2026-03-30,2026-04-02,,,2,0,,true",
            (await supervisor.Get<JsonElement>($"/leaves/register?projectId={world.Project}&year=2026&month=3")).GetProperty("items")[1]
                .GetProperty("leaveId").GetGuid() is var sick
                ? $"A001,Agent 01,{world.Agents[1].Id},{sick},sick,true,2026-03-02,2026-03-02,,,1,0,sickness-reported,false" : "");

        (await agent.Get<JsonElement>($"{long_}/slip")).GetProperty("text").GetString().Should().Be("Moving house");
        await (await other.GetAsync($"{long_}/slip")).ShouldBeProblem(HttpStatusCode.NotFound);
        var slips = ActivatorUtilities.CreateInstance<LeaveSlips>(api.App.Services);
        await slips.Delete(new DateTimeOffset(2026, 5, 31, 12, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);
        (await agent.GetAsync($"{long_}/slip")).StatusCode.Should().Be(HttpStatusCode.OK, "April ended 31 days ago");
        await slips.Delete(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);
        await (await agent.GetAsync($"{long_}/slip")).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    private IDocumentStore Store => api.App.Services.GetRequiredService<IDocumentStore>();

    private static async Task Policy(HttpClient scheduler, World world, object policy, int version = 0) => await Done(
        scheduler.Send(HttpMethod.Put, $"/leave-policies/{world.Project}", version, new { from = "2026-01-01", policy }));

    private async Task Turn(World world, DateTimeOffset now)
    {
        Actor.Current = Actor.Job(LeaveQueue.Name);
        await ActivatorUtilities.CreateInstance<LeaveQueue>(api.App.Services)
            .Turn(world.Project, now, TestContext.Current.CancellationToken);
    }

    private static async Task<(string Status, int Place)> Status(HttpClient who, string leave)
    {
        var read = await who.Get<JsonElement>(leave);
        return (read.GetProperty("status").GetString()!, read.GetProperty("place").GetInt32());
    }

    private static async Task<JsonElement> Look(HttpClient who, World world, int number, DateOnly? day = null)
    {
        var answer = await who.Send(HttpMethod.Post, "/leaves/outlook", body: Leave(world, number, day));
        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    private static object Leave(World world, int number, DateOnly? day = null, int days = 1) => new
    {
        projectId = world.Project, agentId = world.Agents[number].Id, firstDay = day ?? Monday, lastDay = (day ?? Monday).AddDays(days - 1),
        kind = "annual", paid = true,
    };

    private static async Task<List<JsonElement>> Mine(HttpClient who) =>
        await who.Get<List<JsonElement>>("/rosters/mine?from=2026-03-09&to=2026-03-15");

    private static async Task Done(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task leave_for_days_that_are_over_is_entered_by_others_who_say_why_and_decided_by_a_person()
    {
        var world = await World.Create(api, Monday, agents: 2, peak: 1);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        using var entering = world.Entering;
        using var agent = world.AgentClient(0);
        await Policy(scheduler, world, new { noticeDays = 3, automatic = new { kinds = new[] { "annual" }, mostDays = 30 } });
        var yesterday = LocalCalendar.Of(world.Zone).DayOf(TimeProvider.System.GetUtcNow()).AddDays(-1);
        Task<HttpResponseMessage> Ask(HttpClient who, string kind, DateOnly first) => who.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = first, lastDay = first, kind, paid = true,
        });

        foreach (var (kind, first) in new[] { ("annual", yesterday), ("other", Monday), ("sick", Monday) })
            await (await Ask(agent, kind, first)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "leave-over");
        (await Look(agent, world, 0)).GetProperty("rule").GetString().Should().Be("leave-over");
        (await Status(agent, World.Location(await Ask(agent, "sick", yesterday)))).Status.Should().Be("approved");

        await (await Ask(supervisor, "annual", Monday)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "reason-missing");
        var entered = World.Location(await Ask(entering, "annual", Monday));
        (await Status(agent, entered)).Status.Should().Be("requested", "no policy says afterwards who was on leave");
        (await supervisor.Get<JsonElement>($"{entered}/history")).GetProperty("items")[0].GetProperty("why").GetString()
            .Should().Be("Told by telephone");
        (await supervisor.Send(HttpMethod.Post, $"{entered}/approval", 1)).EnsureSuccessStatusCode();
        (await Status(agent, World.Location(await Ask(entering, "sick", Monday.AddDays(1))))).Status.Should().Be("approved");
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Scheduling.Exchanges;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Scheduling.Tests.Exchanges;

/// <summary>Swaps and offers of a roster that is published for the days to come.</summary>
public sealed class ExchangeJourneyTests(SchedulingApi api)
{
    // A shift that is over is not swapped: the week after next.
    private static readonly DateOnly Monday = Soon();

    [Fact]
    public async Task leave_frees_a_shift_that_opens_a_gap_that_is_offered_and_picked_up_by_one_of_two_at_once()
    {
        var (world, roster) = await Published(agents: 4);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        using var away = world.AgentClient(0);
        var shift = (await Shifts(away)).First();
        var date = Day(shift);
        foreach (var agent in world.Agents.Skip(1).Take(2)) // two that may have it: they work nothing yet
            await Free(scheduler, roster, agent.Id);
        await Publish(scheduler, roster);

        using var anonymous = api.Anonymous();
        var feed = (await away.Send(HttpMethod.Post, "/rosters/feeds")).Headers.Location!.ToString();

        var leave = World.Location(await away.Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = date, lastDay = date, kind = "annual", paid = true,
        }));
        (await supervisor.Send(HttpMethod.Post, $"{leave}/approval", 1)).StatusCode.Should().Be(HttpStatusCode.OK);
        var told = (await scheduler.Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray()
            .Single(n => n.GetProperty("kind").GetString() == "shift-freed");
        told.GetProperty("date").GetString().Should().Be($"{date:yyyy-MM-dd}");
        Ical.Net.Calendar.Load(await anonymous.GetStringAsync(feed))!.Events.Where(e => e.Status == "CANCELLED")
            .Should().ContainSingle().Which.Start!.AsUtc.Should().Be(shift.GetProperty("startsAt").GetDateTimeOffset().UtcDateTime);
        var gap = await Covered(world, date);

        var offer = World.Location(await scheduler.Send(HttpMethod.Post, "/shift-offers", body: new
        {
            rosterId = World.IdOf(roster), kind = "shift", date, shift = shift.GetProperty("shift").GetString(), closesAt = $"{date:yyyy-MM-dd}T00:00",
        }));
        var candidates = (await scheduler.Get<JsonElement>($"{offer}/candidates")).EnumerateArray()
            .ToDictionary(c => c.GetProperty("agentId").GetGuid(), c => c.GetProperty("rule").GetString());
        candidates[world.Agents[0].Id].Should().Be("leave");
        new[] { 1, 2 }.Select(n => candidates[world.Agents[n].Id]).Should().OnlyContain(rule => rule == null);
        HttpClient[] clients = [world.AgentClient(1), world.AgentClient(2)];
        (await clients[0].Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray()
            .Should().Contain(n => n.GetProperty("kind").GetString() == "offer-made");

        var answers = await Task.WhenAll(clients.Select(client => client.Send(HttpMethod.Post, $"{offer}/bids")));

        answers.Select(answer => answer.StatusCode).Should().BeEquivalentTo([HttpStatusCode.NoContent, HttpStatusCode.Conflict]);
        await answers.Single(answer => !answer.IsSuccessStatusCode).ShouldBeProblem(HttpStatusCode.Conflict, "offer-full");
        var read = await scheduler.Get<JsonElement>(offer);
        read.GetProperty("status").GetString().Should().Be("closed");
        var winner = read.GetProperty("given").EnumerateArray().Single().GetGuid();
        (await api.Published<RosterDayV1>(d => d.AgentId == winner && d.Date == date && d.ShiftCode == shift.GetProperty("shift").GetString()))
            .Activities.Should().Contain(a => a.Kind == "work");
        (await Covered(world, date)).Should().BeGreaterThan(gap, "the gap is closed");
        var winning = clients[winner == world.Agents[1].Id ? 0 : 1];
        (await Shifts(winning)).Select(Day).Should().Contain(date);
        (await scheduler.Get<JsonElement>(roster)).GetProperty("status").GetString().Should().Be("published");
    }

    [Fact]
    public async Task a_shift_is_given_away_at_once_or_waits_for_the_supervisor()
    {
        var (world, roster) = await Published(agents: 3);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        HttpClient[] agents = [.. Enumerable.Range(0, 3).Select(world.AgentClient)];
        var (first, second) = ((await Shifts(agents[0]))[0], (await Shifts(agents[0]))[1]);
        foreach (var agent in world.Agents.Skip(1)) // their hours are to spare
            await Free(scheduler, roster, agent.Id);
        await Publish(scheduler, roster);

        var given = World.Location(await agents[0].Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 0, Day(first))));
        await (await agents[0].Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 1, Day(first)))).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await agents[2].Send(HttpMethod.Post, $"{given}/taker", body: new { date = Day(first) }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "no-shift");
        await Done(agents[1].Send(HttpMethod.Post, $"{given}/taker", body: new { }));
        await (await agents[2].GetAsync(given)).ShouldBeProblem(HttpStatusCode.NotFound);
        (await Shifts(agents[0])).Select(Day).Should().Contain(Day(first), "nobody has approved it");
        (await supervisor.Get<JsonElement>($"/shift-swaps?projectId={world.Project}")).GetProperty("items")[0].GetProperty("status").GetString()
            .Should().Be("taken");
        await Done(supervisor.Send(HttpMethod.Post, $"{given}/approval", 2));
        (await Shifts(agents[0])).Select(Day).Should().NotContain(Day(first));
        (await Shifts(agents[1])).Select(Day).Should().Contain(Day(first));
        (await agents[0].Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray().Select(n => n.GetProperty("kind").GetString())
            .Should().Contain(["swap-taken", "swap-approved"]);

        await Done(scheduler.Send(HttpMethod.Put, $"/exchange-policies/{world.Project}", 0, new { from = "2026-01-01", policy = new { atOnce = true } }));
        var atOnce = World.Location(await agents[0].Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 0, Day(second))));
        await Done(agents[1].Send(HttpMethod.Post, $"{atOnce}/taker", body: new { }));
        var swap = await agents[0].Get<JsonElement>(atOnce);
        (swap.GetProperty("status").GetString(), swap.GetProperty("decidedBecause").GetString()).Should().Be(("approved", "decided-at-once"));
        (await api.Published<RosterDayV1>(
            d => d.AgentId == world.Agents[1].Id && d.Date == Day(second) && d.ShiftCode != null && d.Version > 2))
            .RosterId.Should().Be(World.IdOf(roster));

        // What the roster's rules do not let be worked is not taken over: the third always rests on that day.
        var third = (await Shifts(agents[1])).First(shift => Day(shift) == Day(second));
        await Done(scheduler.Send(HttpMethod.Put, $"/standing-terms/{world.Agents[2].Id}", 0,
            new { from = "2026-01-01", restOn = new[] { Day(third).DayOfWeek.ToString().ToLowerInvariant() } }));
        var refused = World.Location(await agents[1].Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 1, Day(third))));
        await (await agents[2].Send(HttpMethod.Post, $"{refused}/taker", body: new { }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "fixed-rest-day");
        await Done(agents[1].Send(HttpMethod.Post, $"{refused}/withdrawal", 1));
    }

    [Fact]
    public async Task two_exchange_their_shifts_of_different_days()
    {
        var (world, roster) = await Published(agents: 3);
        using var scheduler = world.Client;
        using var one = world.AgentClient(0);
        using var other = world.AgentClient(1);
        await Done(scheduler.Send(HttpMethod.Put, $"/exchange-policies/{world.Project}", 0, new { from = "2026-01-01", policy = new { atOnce = true } }));

        // Each works a day on which the other rests.
        var (mine, theirs) = (Day((await Shifts(one))[0]), Day((await Shifts(other))[^1]));
        mine.Should().NotBe(theirs);
        foreach (var (n, day) in new[] { (1, mine), (0, theirs) })
            if ((await Shifts(n == 0 ? one : other)).Select(Day).Contains(day))
                await Free(scheduler, roster, world.Agents[n].Id, day);
        await Publish(scheduler, roster);

        var swap = World.Location(await one.Send(HttpMethod.Post, "/shift-swaps", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, date = mine, toAgentId = world.Agents[1].Id, inReturn = true,
        }));
        await Done(other.Send(HttpMethod.Post, $"{swap}/taker", body: new { date = theirs }));

        var effects = (await other.Get<JsonElement>(swap)).GetProperty("effects").EnumerateArray().ToDictionary(
            e => e.GetProperty("agentId").GetGuid(), e => (Of(e, "loses"), Of(e, "gains"), e.GetProperty("hours").GetDecimal()));
        var (loss, gain) = (effects[world.Agents[0].Id], effects[world.Agents[1].Id]);
        (loss.Item1, loss.Item2).Should().Be((mine, theirs));
        (gain.Item1, gain.Item2, gain.Item3).Should().Be((theirs, mine, -loss.Item3));
        static DateOnly? Of(JsonElement effect, string side) => DateOnly.Parse(effect.GetProperty(side).GetProperty("date").GetString()!, null);

        (await Shifts(one)).Select(Day).Should().Contain(theirs).And.NotContain(mine);
        (await Shifts(other)).Select(Day).Should().Contain(mine).And.NotContain(theirs);
        (await one.Get<JsonElement>($"{swap}/history")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("what").GetString())
            .Should().Equal("swap-offered", "swap-taken", "swap-approved");
        (await scheduler.Get<JsonElement>($"{roster}/history?limit=200")).GetProperty("items").EnumerateArray()
            .Count(e => e.GetProperty("what").GetString() == "day-exchanged").Should().Be(4);
    }

    [Fact]
    public async Task bids_for_time_off_go_by_score_at_the_closing_and_overtime_needs_the_projects_word()
    {
        var (world, roster) = await Published(agents: 3);
        using var scheduler = world.Client;
        HttpClient[] agents = [.. Enumerable.Range(0, 3).Select(world.AgentClient)];
        var date = (await Shifts(agents[0])).Select(Day).Intersect((await Shifts(agents[1])).Select(Day)).First();
        var scored = new[] { (0, 70m), (1, 95m) }.Select(score => new EvaluationV1(Guid.CreateVersion7(), 1, world.Project, Guid.Empty,
            world.Agents[score.Item1].Id, Guid.CreateVersion7(), Guid.CreateVersion7(), 1, "submitted", score.Item2, true, false, [],
            Now.AddDays(-3), Now.AddDays(-3))).ToArray();
        await api.Publish(scored);
        await Eventually.True(async () =>
        {
            await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await query.Query<EvaluationV1>().CountAsync(e => e.ProjectId == world.Project) == 2;
        }, "the evaluations to be known");

        var off = World.Location(await scheduler.Send(HttpMethod.Post, "/shift-offers", body: new
        {
            rosterId = World.IdOf(roster), kind = "time-off", date, closesAt = $"{date:yyyy-MM-dd}T00:00", order = "score",
        }));
        foreach (var n in new[] { 0, 1 })
            await Done(agents[n].Send(HttpMethod.Post, $"{off}/bids"));
        (await Shifts(agents[1])).Select(Day).Should().Contain(date, "bids are compared at the closing");
        await Done(scheduler.Send(HttpMethod.Post, $"{off}/closing"));
        (await scheduler.Get<JsonElement>(off)).GetProperty("given").EnumerateArray().Single().GetGuid().Should().Be(world.Agents[1].Id);
        (await Shifts(agents[1])).Select(Day).Should().NotContain(date);
        (await Shifts(agents[0])).Select(Day).Should().Contain(date);
        (await agents[0].Get<JsonElement>("/notices")).GetProperty("items").EnumerateArray().Select(n => n.GetProperty("kind").GetString())
            .Should().Contain("place-not-given");

        // The whole contract is rostered: more hours need the project's word.
        var rested = Enumerable.Range(0, 7).Select(Monday.AddDays).Except((await Shifts(agents[0])).Select(Day)).First();
        var overtime = World.Location(await scheduler.Send(HttpMethod.Post, "/shift-offers", body: new
        {
            rosterId = World.IdOf(roster), kind = "overtime", date = rested, startsAt = $"{rested:yyyy-MM-dd}T10:00", endsAt = $"{rested:yyyy-MM-dd}T14:00",
            closesAt = $"{rested:yyyy-MM-dd}T00:00",
        }));
        await (await agents[0].Send(HttpMethod.Post, $"{overtime}/bids")).ShouldBeProblem(HttpStatusCode.Conflict, "weekly-hours-exceeded");
        await Done(scheduler.Send(HttpMethod.Put, $"/account-rules/{world.Project}", 0, new { overtime = new { mostHoursAWeek = 8 } }));
        await Done(agents[0].Send(HttpMethod.Post, $"{overtime}/bids"));
        (await agents[0].Get<JsonElement>($"/accounts/{world.Agents[0].Id}?asOf={Monday.AddDays(6):yyyy-MM-dd}")).GetProperty("balances")
            .EnumerateArray().Single(b => b.GetProperty("kind").GetString() == "overtime").GetProperty("balance").GetDecimal().Should().BePositive();
    }

    [Fact]
    public async Task a_shift_that_is_no_more_what_was_offered_is_given_to_nobody()
    {
        var (world, roster) = await Published(agents: 3);
        using var scheduler = world.Client;
        using var supervisor = world.Supervisor;
        HttpClient[] agents = [.. Enumerable.Range(0, 3).Select(world.AgentClient)];
        var (date, freed) = (Day((await Shifts(agents[0]))[0]), Day((await Shifts(agents[0]))[1]));
        foreach (var agent in world.Agents.Skip(1)) // their hours are to spare
            await Free(scheduler, roster, agent.Id);
        await Publish(scheduler, roster);
        var toAll = World.Location(await agents[0].Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 0, date)));
        var toOne = World.Location(await agents[0].Send(HttpMethod.Post, "/shift-swaps", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, date, toAgentId = world.Agents[2].Id,
        }));
        var later = World.Location(await agents[0].Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 0, freed)));
        await Done(agents[1].Send(HttpMethod.Post, $"{toAll}/taker", body: new { }));
        await Done(agents[2].Send(HttpMethod.Post, $"{toOne}/taker", body: new { }));
        await Done(supervisor.Send(HttpMethod.Post, $"{toAll}/approval", 2));

        await (await supervisor.Send(HttpMethod.Post, $"{toOne}/approval", 2)).ShouldBeProblem(HttpStatusCode.Conflict, "no-shift");
        await Close(toOne, DateTimeOffset.UtcNow);
        (await Ended(toOne)).Should().Be(("withdrawn", "shift-changed"));
        (await agents[2].Get<JsonElement>("/notices?unread=true")).GetProperty("items").EnumerateArray()
            .Should().Contain(n => n.GetProperty("kind").GetString() == "swap-declined");

        (await Shifts(agents[2])).Should().BeEmpty("it is the other's");
        World.Location(await agents[0].Send(HttpMethod.Post, "/leaves", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, firstDay = freed, lastDay = freed, kind = "sick", paid = true,
        }));
        await (await agents[1].Send(HttpMethod.Post, $"{later}/taker", body: new { })).ShouldBeProblem(HttpStatusCode.Conflict, "no-shift");
        await Close(later, DateTimeOffset.UtcNow);
        (await Ended(later)).Should().Be(("withdrawn", "shift-changed"));

        var last = World.Location(await agents[1].Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 1, date)));
        await Close(last, DateTimeOffset.UtcNow);
        (await Ended(last)).Status.Should().Be("offered", "it is what was offered, and to come");
        await Close(last, new DateTimeOffset(date.AddDays(1), default, default));
        (await Ended(last)).Should().Be(("withdrawn", "shift-begun"));

        Task Close(string swap, DateTimeOffset now)
        {
            Actor.Current = Actor.Job(SwapClosing.Name);
            return ActivatorUtilities.CreateInstance<SwapClosing>(api.App.Services).Close(World.IdOf(swap), now, CancellationToken.None);
        }

        async Task<(string? Status, string? Because)> Ended(string swap)
        {
            var read = await supervisor.Get<JsonElement>(swap);
            return (read.GetProperty("status").GetString(), read.GetProperty("decidedBecause").GetString());
        }
    }

    [Fact]
    public async Task what_two_clicks_offer_is_offered_once()
    {
        var (world, roster) = await Published(agents: 3);
        using var scheduler = world.Client;
        using var agent = world.AgentClient(0);
        var date = Day((await Shifts(agent))[0]);
        var offer = new
        {
            rosterId = World.IdOf(roster), kind = "overtime", date, startsAt = $"{date:yyyy-MM-dd}T20:00", endsAt = $"{date:yyyy-MM-dd}T22:00",
            closesAt = $"{date:yyyy-MM-dd}T00:00",
        };

        foreach (var (client, path, body, code) in new (HttpClient, string, object, string)[]
        {
            (agent, "/shift-swaps", Swap(world, 0, date), "shift-offered"), (scheduler, "/shift-offers", offer, "hours-offered"),
        })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.Send(HttpMethod.Post, path, body: body)));

            var first = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Should().ContainSingle().Subject;
            foreach (var refused in answers.Where(answer => answer != first))
            {
                await refused.ShouldBeProblem(HttpStatusCode.Conflict, code);
                refused.Headers.Location.Should().Be(first.Headers.Location);
            }
        }

        // Offered to somebody alone it is another offer, and what was taken back can be offered again.
        World.Location(await agent.Send(HttpMethod.Post, "/shift-swaps", body: new
        {
            projectId = world.Project, agentId = world.Agents[0].Id, date, toAgentId = world.Agents[1].Id,
        }));
        var mine = (await agent.Get<JsonElement>($"/shift-swaps?projectId={world.Project}")).GetProperty("items").EnumerateArray()
            .First(swap => swap.GetProperty("toAgentId").ValueKind is JsonValueKind.Null).GetProperty("id").GetGuid();
        await Done(agent.Send(HttpMethod.Post, $"/shift-swaps/{mine}/withdrawal", 1));
        World.Location(await agent.Send(HttpMethod.Post, "/shift-swaps", body: Swap(world, 0, date)));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task<(World, string)> Published(int agents)
    {
        var world = await World.Create(api, Monday, agents, peak: 6);
        using var client = world.Client;
        var roster = await world.Roster();
        await Publish(client, roster);
        return (world, roster);
    }

    private static async Task Publish(HttpClient client, string roster) =>
        await Done(client.Send(HttpMethod.Post, $"{roster}/publication", (await client.GetAsync(roster)).Version()));

    /// <summary>Takes away an agent's shift of a day, or all of them.</summary>
    private static async Task Free(HttpClient scheduler, string roster, Guid agent, DateOnly? date = null)
    {
        var worked = (await scheduler.Get<JsonElement>(roster)).GetProperty("agents").EnumerateArray()
            .Single(a => a.GetProperty("agentId").GetGuid() == agent).GetProperty("shifts").EnumerateArray().Select(Day);
        foreach (var day in worked.Where(day => date is null || day == date).ToList())
            await Done(scheduler.Send(
                HttpMethod.Delete, $"{roster}/agents/{agent}/days/{day:yyyy-MM-dd}", (await scheduler.GetAsync(roster)).Version()));
    }

    private async Task<decimal> Covered(World world, DateOnly date)
    {
        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return (await query.Query<CallCenter.Scheduling.Rosters.PublishedCoverage>().ToListAsync())
            .Where(c => c.Fact.ProjectId == world.Project && c.Fact.Date == date).Sum(c => c.Fact.Intervals.Sum(i => i.Scheduled));
    }

    private static object Swap(World world, int number, DateOnly date) =>
        new { projectId = world.Project, agentId = world.Agents[number].Id, date };

    private static DateOnly Day(JsonElement shift) => DateOnly.Parse(shift.GetProperty("date").GetString()!, CultureInfo.InvariantCulture);

    private static async Task<List<JsonElement>> Shifts(HttpClient who) =>
        [.. (await who.Get<List<JsonElement>>($"/rosters/mine?from={Monday:yyyy-MM-dd}&to={Monday.AddDays(6):yyyy-MM-dd}"))
            .Where(day => day.GetProperty("shift").ValueKind is JsonValueKind.String)];

    private static DateOnly Soon()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return today.AddDays(14 - ((int)today.DayOfWeek + 6) % 7);
    }

    private static async Task Done(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.Testing;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Scheduling.Tests.Trainings;

/// <summary>Training in a roster that is published for the days to come.</summary>
public sealed class TrainingJourneyTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = Soon();

    [Fact]
    public async Task times_for_training_are_told_with_the_service_level_lost_the_least_harmful_first_and_who_cannot_by_which_rule()
    {
        var (world, days) = await Published(agents: 6);
        using var scheduler = world.Client;
        var (working, date) = Working(world, days);
        var off = world.Agents[0] with { Id = Guid.CreateVersion7(), StaffNumber = "A900" };
        await world.Change(off);

        var slots = (await (await scheduler.Send(HttpMethod.Post, "/training-slots", body: new
        {
            projectId = world.Project, agentIds = new[] { working.AgentId, off.Id }, minutes = 60, from = date, to = date,
        })).Content.ReadFromJsonAsync<JsonElement>(Http.Json)).EnumerateArray().ToList();

        slots.Should().NotBeEmpty();
        var best = slots[0];
        var people = best.GetProperty("people").EnumerateArray().ToList();
        people[0].GetProperty("rule").ValueKind.Should().Be(JsonValueKind.Null, best.GetRawText());
        people[1].GetProperty("rule").GetString().Should().Be("no-shift", "who has no shift then is named with the rule");
        var lost = slots.Where(s => s.GetProperty("people")[0].GetProperty("rule").ValueKind is JsonValueKind.Null)
            .Select(s => s.GetProperty("serviceLevelBefore").GetDouble() - s.GetProperty("serviceLevelAfter").GetDouble()).ToList();
        lost.Should().BeInAscendingOrder().And.OnlyContain(l => l >= -0.0001);
        best.GetProperty("startsAt").GetDateTimeOffset().Should().BeOnOrAfter(working.Activities[0].From);
        best.GetProperty("rostered").GetInt32().Should().BePositive();

        using var stranger = api.As(Guid.CreateVersion7(), "scheduler", Guid.CreateVersion7());
        var other = new { projectId = world.Project, agentIds = new[] { working.AgentId }, minutes = 60, from = date, to = date };
        await (await stranger.Send(HttpMethod.Post, "/training-slots", body: other)).ShouldBeProblem(HttpStatusCode.NotFound);
        var unknown = await scheduler.Send(HttpMethod.Post, "/training-slots", body: new
        {
            projectId = world.Project, agentIds = new[] { working.AgentId, Guid.CreateVersion7() }, minutes = 60, from = date, to = date,
        });
        (await unknown.Content.ReadAsStringAsync()).Should().Contain("/agentIds/1");
        await unknown.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "agent-unknown");
        await (await scheduler.Send(HttpMethod.Post, "/training-slots", body: new
        {
            projectId = world.Project, agentIds = new[] { working.AgentId }, minutes = 60, from = date, to = date.AddDays(-1),
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "days-reversed");
    }

    [Fact]
    public async Task a_question_is_answered_once_however_often_it_comes_and_anew_when_it_is_asked_anew()
    {
        var (world, days) = await Published(agents: 4);
        var (working, date) = Working(world, days);
        var at = working.Activities[0].From.AddHours(2);
        var asked = new TrainingSlotsWantedV1(Guid.CreateVersion7(), 3, world.Project, [working.AgentId], 60, date, date.AddDays(1),
            [new(Guid.CreateVersion7(), at, at.AddHours(1))], Open: true, Guid.CreateVersion7());

        await api.Publish(asked, asked);
        var answer = await api.Published<TrainingSlotsV1>(a => a.Id == asked.Id);
        answer.Should().BeEquivalentTo(new { Version = 1L, asked.QuestionId, ProjectId = world.Project });
        answer.Slots.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { asked.Times[0].SessionId, StartsAt = at, EndsAt = at.AddHours(1) }, o => o.Excluding(s => s.SessionId));
        answer.Slots[0].SessionId.Should().Be(asked.Times[0].SessionId);

        var second = asked with { Version = 5, Times = [], QuestionId = Guid.CreateVersion7() };
        await api.Publish(asked, second, second);
        var again = await api.Published<TrainingSlotsV1>(a => a.Id == asked.Id && a.Version > 1);
        again.Should().BeEquivalentTo(new { Version = 2L, second.QuestionId });
        again.Slots.Should().HaveCountGreaterThan(1);
    }

    [Fact]
    public async Task a_seat_stands_in_the_published_day_as_training_moves_with_the_session_and_goes_with_its_cancellation()
    {
        var (world, days) = await Published(agents: 4);
        using var scheduler = world.Client;
        var (working, date) = Working(world, days);
        // Over a break, which has to make room.
        var pause = working.Activities.First(a => a.Kind is "meal" or "break");
        var (agent, from) = (working.AgentId, pause.From);
        var session = Session(world, agent, from);

        await api.Publish(session, session);
        var day = await Day(world, agent, date, d => d.Activities.Any(a => a.Kind == "training"));
        day.Activities.Single(a => a.Kind == "training").Should().BeEquivalentTo(new { From = from, To = from.AddHours(1), Paid = true });
        day.Activities.Should().Contain(a => a.Kind == pause.Kind && (a.To <= from || a.From >= from.AddHours(1)), "the break has moved");
        (await api.Published<TrainingPlacesV1>(p => p.Id == session.Id)).Should().BeEquivalentTo(
            new { Version = 1L, SessionVersion = session.Version, Places = new[] { new SlotPerson(agent, null) } });

        var later = session with { Version = 3, StartsAt = from.AddHours(1.5), EndsAt = from.AddHours(2.5) };
        await api.Publish(later);
        await Day(world, agent, date, d => d.Activities.Any(a => a.Kind == "training" && a.From == later.StartsAt));
        await api.Published<TrainingPlacesV1>(p => p.Id == session.Id && p.SessionVersion == 3);

        await api.Publish(later with { Version = 4, Status = "cancelled" }, session);
        await Day(world, agent, date, d => d.Activities.All(a => a.Kind != "training"));
        (await api.Published<TrainingPlacesV1>(p => p.Id == session.Id && p.SessionVersion == 4)).Places.Should().BeEmpty();
        (await scheduler.Get<JsonElement>($"/rosters?projectId={world.Project}")).GetProperty("items")[0].GetProperty("status").GetString()
            .Should().Be("published");
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task what_a_rule_keeps_out_of_a_day_is_told_by_its_name_and_keeps_no_other_training_of_the_agent_out()
    {
        var (world, days) = await Published(agents: 4);
        var (working, off) = (from day in days
            where day.Activities.Any(a => a.Kind is "meal" or "break")
                && day.Activities[^1].To - day.Activities[0].From >= TimeSpan.FromHours(7)
            from next in days
            where next.AgentId == day.AgentId && next.Date == day.Date.AddDays(1) && next.Activities.Count == 0
            select (day, next)).First();
        var cut = Session(world, working.AgentId, working.Activities[^1].To.AddMinutes(-30));
        var rest = Session(world, off.AgentId, working.Activities[^1].To.AddHours(8));
        var good = Session(world, working.AgentId, working.Activities[0].From.AddHours(2));

        await api.Publish(cut);
        (await api.Published<TrainingPlacesV1>(p => p.Id == cut.Id)).Places.Should().Equal(new SlotPerson(working.AgentId, "activity-cut"));
        api.AllPublished<RosterDayV1>().Where(d => d.AgentId == working.AgentId && d.ProjectId == world.Project)
            .Should().OnlyContain(d => d.Activities.All(a => a.Kind != "training"));

        await api.Publish(rest, good);
        (await api.Published<TrainingPlacesV1>(p => p.Id == rest.Id)).Places.Should().Equal(new SlotPerson(off.AgentId, "no-shift"));
        (await api.Published<TrainingPlacesV1>(p => p.Id == good.Id)).Places.Should().Equal(new SlotPerson(off.AgentId, null));
        (await Day(world, working.AgentId, working.Date, d => d.Activities.Any(a => a.Kind == "training"))).Activities
            .Where(a => a.Kind == "training").Select(a => a.From).Should().Equal(good.StartsAt);

        // Moved to where the shift ends during it, it goes out of the day.
        await api.Publish(good with { Version = 3, StartsAt = cut.StartsAt, EndsAt = cut.EndsAt });
        (await api.Published<TrainingPlacesV1>(p => p.Id == good.Id && p.SessionVersion == 3)).Places.Should()
            .Equal(new SlotPerson(off.AgentId, "activity-cut"));
        await Day(world, working.AgentId, working.Date, d => d.Activities.All(a => a.Kind != "training"));
    }

    [Fact]
    public async Task a_training_that_a_shift_cuts_is_left_out_of_the_publication_and_told_and_the_others_are_published()
    {
        var world = await World.Create(api, Monday, 4, peak: 6);
        using var scheduler = world.Client;
        var url = await world.Roster();
        var working = (await scheduler.Get<JsonElement>(url)).GetProperty("agents").EnumerateArray()
            .SelectMany(a => a.GetProperty("shifts").EnumerateArray().Select(s => (Agent: a.GetProperty("agentId").GetGuid(),
                From: s.GetProperty("startsAt").GetDateTimeOffset(), To: s.GetProperty("endsAt").GetDateTimeOffset())))
            .First(s => s.To - s.From >= TimeSpan.FromHours(7));
        using var agent = api.As(working.Agent, "agent", world.Project);
        var (cut, good) = (Session(world, working.Agent, working.To.AddMinutes(-30)), Session(world, working.Agent, working.From));
        await api.Publish(cut, good);
        foreach (var session in new[] { cut, good })
            await api.Published<TrainingPlacesV1>(p => p.Id == session.Id);

        var published = await scheduler.Send(HttpMethod.Post, $"{url}/publication", (await scheduler.GetAsync(url)).Version());

        published.StatusCode.Should().Be(HttpStatusCode.NoContent, await published.Content.ReadAsStringAsync());
        (await api.Published<TrainingPlacesV1>(p => p.Id == cut.Id && p.Version == 2)).Places.Should()
            .Equal(new SlotPerson(working.Agent, "activity-cut"));
        var day = await api.Published<RosterDayV1>(d => d.AgentId == working.Agent && d.ProjectId == world.Project
            && d.Activities.Count > 0 && d.Activities[0].From <= working.From && working.From < d.Activities[^1].To);
        day.Activities.Where(a => a.Kind == "training").Select(a => a.From).Should().Equal(good.StartsAt);
        (await Kept(agent)).Should().Equal($"/training-sessions/{cut.Id}");
        (await Kept(scheduler)).Should().Equal($"/training-sessions/{cut.Id}");

        // What is known is not told again.
        var (free, version) = (api.AllPublished<RosterDayV1>().First(d => d.ProjectId == world.Project && d.AgentId != working.Agent
            && d.Activities.Count > 0), (await scheduler.GetAsync(url)).Version());
        await scheduler.Send(HttpMethod.Delete, $"{url}/agents/{free.AgentId}/days/{free.Date:yyyy-MM-dd}", version);
        (await scheduler.Send(HttpMethod.Post, $"{url}/publication", (await scheduler.GetAsync(url)).Version())).EnsureSuccessStatusCode();
        (await Kept(agent)).Should().ContainSingle();
        await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
        (await query.Query<Notice>().Where(n => n.About == $"/training-sessions/{cut.Id}").ToListAsync(TestContext.Current.CancellationToken))
            .Should().HaveCountGreaterThan(1).And.OnlyContain(n => n.Kind != NoticeKind.TrainingKeptOut,
                "the release before could read no list of them");

        static async Task<IEnumerable<string?>> Kept(HttpClient who) => (await who.Get<JsonElement>("/notices")).GetProperty("items")
            .EnumerateArray().Where(n => n.GetProperty("kind").GetString() == "training-kept-out")
            .Select(n => n.GetProperty("about").GetString());
    }

    private static TrainingSessionV1 Session(World world, Guid agent, DateTimeOffset from) => new(Guid.CreateVersion7(), 2,
        Guid.CreateVersion7(), world.Project, "Empathy", Guid.CreateVersion7(), "Room 3", 5, from, from.AddHours(1), "planned", [agent]);

    private static (RosterDayV1 Day, DateOnly Date) Working(World world, IReadOnlyList<RosterDayV1> days)
    {
        var day = days.OrderBy(d => d.Date).First(d => d.ProjectId == world.Project && d.Activities.Any(a => a.Kind is "meal" or "break")
            && d.Activities[^1].To - d.Activities[0].From >= TimeSpan.FromHours(7));
        return (day, day.Date);
    }

    private Task<RosterDayV1> Day(World world, Guid agent, DateOnly date, Func<RosterDayV1, bool> isSo) =>
        api.Published<RosterDayV1>(d => d.ProjectId == world.Project && d.AgentId == agent && d.Date == date && isSo(d)
            && !api.AllPublished<RosterDayV1>().Any(o => o.Id == d.Id && o.Version > d.Version));

    private async Task<(World, IReadOnlyList<RosterDayV1>)> Published(int agents)
    {
        var world = await World.Create(api, Monday, agents, peak: 6);
        using var client = world.Client;
        var roster = await world.Roster();
        var published = await client.Send(HttpMethod.Post, $"{roster}/publication", (await client.GetAsync(roster)).Version());
        published.StatusCode.Should().Be(HttpStatusCode.NoContent, await published.Content.ReadAsStringAsync());
        List<RosterDayV1> days = [];
        await Eventually.True(() =>
        {
            days = [.. api.AllPublished<RosterDayV1>().Where(d => d.ProjectId == world.Project)];
            return Task.FromResult(days.Count == agents * 7);
        }, "the days to be told");
        return (world, days);
    }

    private static DateOnly Soon()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return today.AddDays(14 - ((int)today.DayOfWeek + 6) % 7);
    }
}

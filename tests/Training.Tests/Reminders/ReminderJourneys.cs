using System.Net;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Quality;
using CallCenter.Contracts.Scheduling;
using CallCenter.Contracts.Training;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using CallCenter.Time;
using CallCenter.Training.Reminders;
using CallCenter.Web;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CallCenter.Training.Tests.Reminders;

public sealed class ReminderJourneys(TrainingApi api)
{
    private const string Zone = "Asia/Shanghai";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly DateOnly Today = LocalCalendar.Of(Zone).DayOf(Now);
    private static readonly DateTimeOffset Tomorrow = LocalCalendar.Of(Zone).At(Today.AddDays(1), new(10, 0));

    [Fact]
    public async Task what_falls_due_is_told_once_by_notice_and_fact_whatever_ends_the_service_in_between()
    {
        var world = await People(2);
        var (agent, supervisor) = (world.Agents[0], Guid.CreateVersion7());
        await api.Publish(
            new TeamV1(Guid.CreateVersion7(), 1, world.Project, "One", supervisor, [agent], "under"),
            new RosterDayV1(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), world.Project, agent, Today.AddDays(1),
                [new("work", Tomorrow, Tomorrow.AddHours(8), true)]),
            new CoachingV1(Guid.CreateVersion7(), 1, world.Project, agent, world.Trainer, Guid.CreateVersion7(), "closing", "finding", "open",
                Now.AddDays(-5), Now.AddDays(-6), null, Today.AddDays(-1)));
        await Eventually.True(async () =>
        {
            await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await query.Query<CoachingV1>().AnyAsync(c => c.ProjectId == world.Project)
                && await query.Query<TeamV1>().AnyAsync(t => t.ProjectId == world.Project);
        }, "the facts to be known");
        await Made("/materials", new { projectId = world.Project, kind = "briefing", content = new { title = "The new card", text = "A third card." } });
        var exam = await Made("/exams", new
        {
            projectId = world.Project, content = new { title = "Cards", passMark = 1, attempts = 3, questions = Array.Empty<object>(), unit = "points",
                certificate = new { skill = "cards", months = 1 } },
        });
        await Done(api.Admin.Send(HttpMethod.Post, $"{exam}/judgements", body: new { employeeId = agent, score = 3 }));
        var session = new Dictionary<string, object?>(await api.Session(world))
            { ["startsAt"] = Tomorrow, ["endsAt"] = Tomorrow.AddHours(1) };
        var planned = await Made("/training-sessions", session);
        await Done(api.Admin.Send(HttpMethod.Put, $"{planned}/enrolments/{agent}", 1, new { }));
        var curriculum = await Made("/curricula", new
        {
            projectId = world.Project, content = new { title = "Onboarding", modules = new[] { new { code = "company", title = "Company", dueDays = 2 },
                new { code = "later", title = "Later", dueDays = 20 } } },
        });
        await Done(api.Admin.Send(HttpMethod.Post, "/learning-paths",
            body: new { curriculumId = curriculum[^36..], employeeId = agent, startsOn = Today }));

        string[] expected = ["certificate", "material", "module", "session"];
        await Eventually.True(() => Task.FromResult(Told(agent).Select(r => r.Kind).Order().SequenceEqual(expected)), "all that falls due");
        await Eventually.True(() => Task.FromResult(Told(supervisor).Count == 1), "the supervisor is told");
        await api.Restart();
        await Done(api.Admin.Send(HttpMethod.Put, $"{planned}/enrolments/{world.Agents[1]}", 2, new { }));
        await Eventually.True(() => Task.FromResult(Told(world.Agents[1]).Any(r => r.Kind == "session")), "the job has run again");

        Told(agent).Select(r => r.Kind).Order().Should().Equal(expected, "each is told once");
        Told(agent).Single(r => r.Kind == "session").Should().BeEquivalentTo(new { DueOn = Today.AddDays(1), StartsAt = Tomorrow,
            About = planned });
        Told(supervisor).Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Kind = "coaching", Title = "closing", DueOn = Today.AddDays(-1) });
        Told(world.Trainer).Select(r => r.Kind).Should().Equal("session");
        (await Kinds(api.As(agent, "agent", world.Project))).Count(kind => kind is NoticeKind.TrainingDue).Should().Be(4);
        (await Kinds(api.As(supervisor, "supervisor", world.Project))).Should().Contain(NoticeKind.CoachingOverdue);
    }

    [Fact]
    public async Task the_day_is_that_of_the_persons_zone()
    {
        var world = await People(1, "Pacific/Kiritimati");
        var calendar = LocalCalendar.Of("Pacific/Kiritimati");
        // The day after tomorrow there: tomorrow by most other clocks.
        var start = calendar.StartOf(calendar.DayOf(Now).AddDays(2)).AddMinutes(30);
        var near = calendar.StartOf(calendar.DayOf(Now).AddDays(2)).AddMinutes(-30);
        foreach (var (at, room) in new[] { (start, "A"), (near.AddMinutes(-30), "B") })
        {
            var planned = await Made("/training-sessions", new Dictionary<string, object?>(await api.Session(world, room: room))
                { ["startsAt"] = at, ["endsAt"] = at.AddMinutes(20) });
            await Done(api.Admin.Send(HttpMethod.Put, $"{planned}/enrolments/{world.Agents[0]}", 1, new { }));
        }

        await Eventually.True(() => Task.FromResult(Told(world.Agents[0]).Count > 0), "the session of tomorrow");
        Told(world.Agents[0]).Should().ContainSingle().Which.StartsAt.Should().Be(near.AddMinutes(-30));
    }

    [Fact]
    public void who_led_the_team_on_a_day_is_told_of_its_coachings()
    {
        var (agent, before, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        TeamV1 Team(IReadOnlyList<Guid> members, Guid? supervisor, IReadOnlyList<MemberPeriod>? stays = null,
            IReadOnlyList<DatedSupervisor>? led = null) =>
            new(Guid.CreateVersion7(), 1, Guid.Empty, "One", supervisor, members, "ok", stays, led);

        DueThings.SupervisorOf([Team([agent], now)], agent, Today).Should().Be(now);
        DueThings.SupervisorOf([Team([], now)], agent, Today).Should().BeNull("the agent is of no team");
        DueThings.SupervisorOf([Team([], null, [new(agent, Today.AddDays(-9), null)],
            [new(before, Today.AddDays(-9)), new(now, Today.AddDays(1))])], agent, Today).Should().Be(before);
    }

    private IReadOnlyList<TrainingReminderV1> Told(Guid person) =>
        [.. api.AllPublished<TrainingReminderV1>().Where(r => r.PersonId == person).DistinctBy(r => (r.Id, r.Version))];

    private async Task<World> People(int agents, string zone = Zone)
    {
        var world = await api.People(agents);
        EmployeeV1 Employee(Guid id) =>
            new(id, 2, $"S-{id:N}", "Ann", new(2025, 1, 1), null, "junior", [], [world.Project], [], 40, zone);
        await api.Publish([.. world.Agents.Append(world.Trainer).Select(Employee)]);
        Guid[] people = [world.Trainer, .. world.Agents];
        await Eventually.True(async () =>
        {
            await using var query = api.App.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await query.LoadManyAsync<EmployeeV1>(people)).All(e => e.LeftOn is null);
        }, "the people");
        return world;
    }

    private async Task<string> Made(string url, object body)
    {
        var response = await api.Admin.Send(HttpMethod.Post, url, body: body);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    private static async Task Done(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<IReadOnlyList<NoticeKind>> Kinds(HttpClient who) =>
        [.. (await who.Get<Page<Notice>>("/training-notices?limit=100")).Items.Select(notice => notice.Kind)];
}

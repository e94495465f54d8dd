using System.Net;
using System.Text.Json;
using CallCenter.Attendance.Floor;
using CallCenter.Attendance.Shifts;
using CallCenter.Contracts.Attendance;
using CallCenter.Contracts.Calls;
using CallCenter.Contracts.People;
using CallCenter.Contracts.Scheduling;
using CallCenter.EventSourcing;
using CallCenter.Testing;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CallCenter.Attendance.Tests.AttendanceApi;

namespace CallCenter.Attendance.Tests.Floor;

public sealed class FloorJourneys(AttendanceApi api)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(TimeSpan.FromHours(8)).Date);

    // A shift that began an hour ago.
    private static RosterDayV1 Running(World world, int agent, long version = 1)
    {
        var day = Day(Now.AddHours(-1));
        return Rostered(world, agent, day, version) with
        {
            Activities = [new("work", Now.AddHours(-1), Now.AddHours(6), Paid: true)], KnownFrom = Now.AddDays(-3),
        };
    }

    private static AgentDayV1 Did(World world, int agent, long version, params AgentSegment[] states) =>
        States(world, agent, Day(Now), version, states);

    private async Task<World> Centre()
    {
        var world = await api.People(3);
        await api.Publish(new ProjectV1(world.Project, 2, "Acme", "Acme", "Asia/Shanghai", DayOfWeek.Monday, [],
            [new("billing", "Billing", "voice", 20)], [], []));
        foreach (var agent in world.Agents)
            await api.Publish(new EmployeeV1(agent, 2, World.Number(agent), "Ann", new(2025, 1, 1), null, "junior", [world.Team],
                [world.Project], [new("billing", 3)], 40, "Asia/Shanghai"));
        return world;
    }

    private static CallV1 Call(World world, DateTimeOffset came, DateTimeOffset? answered, DateTimeOffset? ended, string outcome) => new(
        Guid.CreateVersion7(), 1, world.Project, "billing", "inbound", "voice", came, came, answered, ended, 0, 0, 0, outcome, null, null,
        null, null);

    private Task<FloorView> Seen(World world) => api.Supervisor(world).Get<FloorView>($"/floor?projectId={world.Project}");

    [Fact]
    public async Task the_floor_tells_who_is_there_and_who_waits()
    {
        var world = await Centre();
        var id = NameId.Of("coverage-day", world.Project, "billing", Day(Now));
        await api.Publish(
            Call(world, Now.AddSeconds(-50), Now.AddSeconds(-45), null, "open"), Call(world, Now.AddSeconds(-90), null, null, "open"),
            new CoverageDayV1(id, 1, Guid.NewGuid(), world.Project, "billing", Day(Now),
                [new(Now.AddHours(-1), 600, 3, 2, Contacts: 100, HandleSeconds: 200)], new(0.8, 20, "answered-of-offered", null, 0)));
        await api.Told(Running(world, 0), Running(world, 1), Did(world, 0, 1, new AgentSegment("busy", Now.AddMinutes(-20), null)),
            Did(world, 2, 1, new AgentSegment("ready", Now.AddMinutes(-5), null)));
        await Eventually.True(async () => (await Seen(world)).Queues is [{ Waiting: 1, InProgress: 1, Required: 3, There: 2 }],
            "the calls to be there");

        var floor = await Seen(world);
        floor.Agents.ToDictionary(row => row.AgentId, row => (row.State, row.Scheduled, row.Presence)).Should().Equal(
            new Dictionary<Guid, (string, string, ShiftPresence)>
            {
                [world.Agents[0]] = ("busy", "work", ShiftPresence.Present),
                [world.Agents[1]] = ("offline", "work", ShiftPresence.Awaited),
                [world.Agents[2]] = ("ready", "off", ShiftPresence.Off),
            });
        floor.Agents.Single(row => row.AgentId == world.Agents[0]).LateSeconds.Should().Be(2400);
        floor.HeardAt.Should().BeAfter(Now.AddMinutes(-7));
        var queue = floor.Queues.Single();
        (queue.ServiceLevel, queue.Offered, queue.Scheduled, queue.Goal).Should().Be((0.5m, 2, 2m, 0.8));

        var other = await api.People();
        await (await api.Supervisor(other).GetAsync($"/floor?projectId={world.Project}")).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task who_follows_the_floor_hears_of_a_change_that_is_told()
    {
        var world = await Centre();
        await api.Told(Running(world, 0), Did(world, 0, 1, new AgentSegment("busy", Now.AddMinutes(-20), null)));
        await using var stream = await api.Supervisor(world).GetStreamAsync($"/floor/stream?projectId={world.Project}");
        var news = System.Net.ServerSentEvents.SseParser.Create(stream, (_, data) =>
            JsonSerializer.Deserialize<FloorChange>(data, Http.Json)!).EnumerateAsync().GetAsyncEnumerator();

        (await news.MoveNextAsync()).Should().BeTrue();
        (news.Current.EventType, news.Current.Data.Agents.Single().State).Should().Be(("floor", "busy"));
        await api.Publish(Did(world, 0, 2, new("busy", Now.AddMinutes(-20), Now), new("break", Now, null)));

        do
            (await news.MoveNextAsync()).Should().BeTrue();
        while (news.Current.Data.Agents is not [{ State: "break" }]);
        news.Current.EventType.Should().Be("change");

        await api.Publish(Running(world, 0, version: 2) with { Activities = [] });
        while (!news.Current.Data.Gone.Contains(world.Agents[0]) && news.Current.Data.Agents is not [{ Scheduled: "off" }])
            (await news.MoveNextAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task calls_may_come_twice_and_in_any_order_and_one_that_the_owner_never_had_is_forgotten()
    {
        var world = await Centre();
        var waits = Call(world, Now.AddSeconds(-90), null, null, "open");
        var ended = waits with { Version = 2, EndedAt = Now.AddSeconds(-5), Outcome = "abandoned" };
        await api.Publish(ended);
        await Eventually.True(async () => (await Seen(world)).Queues is [{ Abandoned: 1 }], "the end");
        await api.Publish(waits, ended, Call(world, Now.AddSeconds(-10), Now, null, "open"));
        await Eventually.True(async () => (await Seen(world)).Queues is [{ InProgress: 1 }], "the other");
        (await Seen(world)).Queues.Should().ContainSingle().Which.Should().Match<FloorQueue>(queue =>
            queue.Waiting == 0 && queue.Abandoned == 1 && queue.Offered == 2);
        (await api.ErrorCount()).Should().Be(0);
    }

    [Fact]
    public async Task a_floor_that_is_always_looked_at_learns_of_new_queues_within_a_minute()
    {
        var world = await Centre();
        var store = api.App.Services.GetRequiredService<IDocumentStore>();
        await using var query = store.QuerySession();
        var project = await Eventually.Some(
            () => query.Query<ProjectV1>().Where(p => p.Id == world.Project && p.Version == 2).FirstOrDefaultAsync(), "the project");
        var feed = new FloorFeed(project, store);
        await feed.Read(Now, CancellationToken.None);

        await api.Publish(project with { Version = 3, Queues = [.. project.Queues, new("chat", "Chat", "chat", 60)] });
        await Eventually.True(async () => (await Seen(world)).Queues.Count == 2, "the queue to be known");
        await feed.Read(Now.AddMinutes(1), CancellationToken.None);

        feed.Current!.Queues.Select(queue => queue.Queue).Should().Equal("billing", "chat");
    }

    [Fact]
    public async Task a_decision_is_on_record_with_its_reason_and_effect_and_its_reason_can_be_erased()
    {
        var world = await Centre();
        var coverage = NameId.Of("coverage-day", world.Project, "billing", Day(Now));
        await api.Publish(new CoverageDayV1(coverage, 1, Guid.NewGuid(), world.Project, "billing", Day(Now),
            [new(Now.AddHours(-1), 600, 3, 2, Contacts: 400, HandleSeconds: 200)], new(0.8, 20, "answered-of-offered", 60, 0)));
        await api.Told(Running(world, 0), Did(world, 0, 1, new AgentSegment("busy", Now.AddMinutes(-20), null)));
        await Eventually.True(async () => (await Seen(world)).Queues is [{ Goal: 0.8 }], "the roster");

        var outlook = await api.Supervisor(world).Get<FloorOutlook>($"/floor/outlook?projectId={world.Project}");
        outlook.Queues.Should().ContainSingle().Which.Contacts.Should().BeGreaterThan(0);
        var answer = await api.Supervisor(world).Send(HttpMethod.Post, "/floor/decisions", body: new
        {
            projectId = world.Project, kind = "leave-early", agentId = world.Agents[0], from = Now.AddMinutes(30), to = Now.AddHours(6),
            reason = "Ann is unwell.",
        });
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        var decision = await api.Supervisor(world).Get<FloorDecision>(answer.Headers.Location!.ToString());
        (decision.Reason, decision.Move.Kind, decision.DecidedBy).Should().Be(
            ("Ann is unwell.", FloorMoveKind.LeaveEarly, world.Supervisor));
        decision.Effect!.Gained.Should().BeLessThanOrEqualTo(0);
        (await api.Published<FloorMoveV1>(move => move.Id == decision.Id)).Should().Match<FloorMoveV1>(move => move.Kind == "leave-early"
            && move.AgentId == world.Agents[0] && move.From == Now.AddMinutes(30) && move.By == world.Supervisor);

        var erasure = new EmployeeErasedV1(world.Agents[0], 3, Guid.NewGuid(), Now);
        await api.Publish(erasure);
        await Eventually.True(async () =>
            (await api.Supervisor(world).Get<FloorDecision>(answer.Headers.Location!.ToString())).Reason == "", "the reason to be gone");
    }
}

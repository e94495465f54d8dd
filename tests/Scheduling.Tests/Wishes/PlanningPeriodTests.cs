using System.Net;
using System.Text.Json;
using CallCenter.Planning.Rostering;
using CallCenter.Rules;
using CallCenter.Scheduling.Wishes;
using CallCenter.Testing;
using static CallCenter.Scheduling.Wishes.StatementDecider;

namespace CallCenter.Scheduling.Tests.Wishes;

public sealed class PlanningPeriodTests(SchedulingApi api)
{
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly DateTimeOffset Closing = new(2026, 2, 27, 17, 0, 0, TimeSpan.Zero);
    private static readonly Guid Agent = Guid.CreateVersion7();
    private static readonly PlanningPeriod Period = new()
    {
        Id = Guid.CreateVersion7(), From = Monday, Days = 7, ClosesAt = Closing,
        Limits = new(MostWishes: 2, MostWeight: 10, MostUnavailable: 1),
    };

    [Fact]
    public void agents_state_until_the_closing_and_planners_after_it_with_a_reason()
    {
        Decide(At(Closing.AddTicks(-1)), new()).Should().ContainSingle();
        Refusal(() => Decide(At(Closing), new())).Should().Be("period-closed");
        Invalid(At(Closing) with { ByPlanner = true }).Should().Equal("reason-missing");
        var late = Decide(At(Closing) with { ByPlanner = true, Reason = "Was ill" }, new()).Single().Should().BeOfType<WishesStated>().Subject;
        late.Reason.Should().Be("Was ill");
        Refusal(() => Decide(At(Closing.AddDays(-1)) with { Period = Period with { Cancelled = true } }, new()))
            .Should().Be("period-cancelled");
    }

    [Fact]
    public void what_cannot_be_meant_or_is_too_much_is_named()
    {
        var now = At(Closing.AddDays(-1));

        Invalid(now with { Wishes = [new(Monday), new(Monday, Kind: ShiftKind.Early, DayOff: true)] })
            .Should().Equal("wish-unclear", "wish-unclear");
        Invalid(now with { Wishes = [new(Monday.AddDays(7), DayOff: true)] }).Should().Equal("outside-period");
        Invalid(now with { Wishes = [new(Monday, "Z")] }).Should().Equal("shift-unknown");
        Invalid(now with { Wishes = [new(Monday, "D", Weight: 11)] }).Should().Equal("weight-out-of-range");
        Invalid(now with { Wishes = [.. Enumerable.Range(0, 3).Select(d => new Wish(Monday.AddDays(d), DayOff: true))] })
            .Should().Equal("too-many-wishes");
        Invalid(now with { Wishes = [new(Monday, DayOff: true), new(Monday, DayOff: true, Weight: 3)] }).Should().Equal("day-twice");
        Invalid(now with { Unavailable = [new(Monday), new(Monday.AddDays(1))] }).Should().Equal("too-many-unavailable");
        Invalid(now with { Unavailable = [new(Monday, new(8, 0))] }).Should().Equal("time-unclear");
        Invalid(now with { Unavailable = [new(Monday.AddDays(-1))] }).Should().Equal("outside-period");
    }

    [Fact]
    public void the_same_statement_again_changes_nothing()
    {
        var command = At(Closing.AddDays(-1)) with { Wishes = [new(Monday, DayOff: true)] };
        var state = new AgentStatement().Evolve(Decide(command, new()).Single());

        Decide(command with { Wishes = [new(Monday, DayOff: true)] }, state).Should().BeEmpty();
        Decide(command with { Wishes = [] }, state).Should().ContainSingle("wishes can be taken back");
    }

    [Fact]
    public async Task wishes_are_stated_by_each_for_themselves_until_they_close_and_the_scheduler_sees_who_has()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var world = await World.Create(api, Monday, agents: 2, peak: 1, zone: "Asia/Shanghai");
        using var scheduler = world.Client;
        using var own = world.AgentClient(0);
        using var other = world.AgentClient(1);

        var period = World.Location(await scheduler.Send(HttpMethod.Post, "/planning-periods", body: new
        {
            projectId = world.Project, from = Monday, days = 7, closesAt = $"{today.AddDays(20):yyyy-MM-dd}T18:00", limits = new { mostWeight = 30 },
        }));
        (await own.Get<JsonElement>(period)).GetProperty("closesAt").GetDateTimeOffset()
            .Should().Be(new DateTimeOffset(today.AddDays(20), new(18, 0), TimeSpan.FromHours(8)), "it closes by the project's clock");
        await (await scheduler.Send(HttpMethod.Post, "/planning-periods", body: new
        {
            projectId = world.Project, from = Monday.AddDays(6), days = 7, closesAt = "2026-03-01T18:00",
        })).ShouldBeProblem(HttpStatusCode.Conflict, "period-overlaps");

        var mine = $"{period}/statements/{world.Agents[0].Id}";
        object[] two = [new { date = Monday, dayOff = true, weight = 30 }, new { date = Monday.AddDays(1), shift = "D" }];
        var wishes = new { wishes = two };
        await (await own.Send(HttpMethod.Put, mine, 0, new { wishes = new[] { new { date = Monday, shift = "X" } } }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shift-unknown");
        (await own.Send(HttpMethod.Put, mine, 0, wishes)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await other.Send(HttpMethod.Put, mine, 1, wishes)).ShouldBeProblem(HttpStatusCode.NotFound);
        await (await other.GetAsync(mine)).ShouldBeProblem(HttpStatusCode.NotFound);
        (await own.Get<JsonElement>(mine)).GetProperty("wishes").GetArrayLength().Should().Be(2);

        var rows = (await scheduler.Get<JsonElement>($"{period}/statements")).GetProperty("items").EnumerateArray()
            .ToDictionary(row => row.GetProperty("agentId").GetGuid());
        rows[world.Agents[0].Id].GetProperty("wishes").GetInt32().Should().Be(2);
        rows[world.Agents[0].Id].GetProperty("statedBy").GetGuid().Should().Be(world.Agents[0].Id);
        rows[world.Agents[1].Id].GetProperty("statedAt").ValueKind.Should().Be(JsonValueKind.Null);
        (await own.GetAsync($"{period}/statements")).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await scheduler.Send(HttpMethod.Put, period, 1, new { closesAt = "2026-03-01T18:00", limits = new { mostWeight = 30 } })).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        var after = TimeProvider.System.GetUtcNow() >= new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
        after.Should().BeTrue("the day of this test lies before today");
        await (await own.Send(HttpMethod.Put, mine, 1, new { })).ShouldBeProblem(HttpStatusCode.Conflict, "period-closed");
        await (await scheduler.Send(HttpMethod.Put, mine, 1, new { })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "reason-missing");
        (await scheduler.Send(HttpMethod.Put, mine, 1, new { reason = "Asked by telephone" })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var history = (await own.Get<JsonElement>($"{mine}/history")).GetProperty("items").EnumerateArray().ToList();
        history[1].GetProperty("why").GetString().Should().Be("Asked by telephone");

        (await scheduler.Send(HttpMethod.Post, $"{period}/cancellation", 2)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await scheduler.Send(HttpMethod.Put, mine, 2, new { reason = "Late" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "period-cancelled");
        World.Location(await scheduler.Send(HttpMethod.Post, "/planning-periods", body: new
        {
            projectId = world.Project, from = Monday, days = 7, closesAt = $"{today.AddDays(2):yyyy-MM-dd}T18:00",
        }));
        await (await scheduler.Send(HttpMethod.Post, "/planning-periods", body: new
        {
            projectId = world.Project, from = Monday.AddDays(7), days = 7, closesAt = "2026-03-01T18:00",
        })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "closing-out-of-range");
    }

    [Fact]
    public void a_period_closes_later_than_now_and_asked_for_again_it_is_the_same()
    {
        var command = new OpenPlanningPeriod(
            Guid.CreateVersion7(), Guid.CreateVersion7(), "UTC", Monday, 7, Closing, new(), Agent, Closing.AddSeconds(-1));
        var opened = new PlanningPeriod().Evolve(PlanningPeriodDecider.Decide(command, new()).Single());

        FluentActions.Invoking(() => PlanningPeriodDecider.Decide(command with { Now = Closing }, new())).Should().Throw<InvalidException>()
            .Which.Errors.Single().Pointer.Should().Be("/closesAt");
        PlanningPeriodDecider.Decide(command with { Now = Closing.AddDays(1) }, opened).Should().BeEmpty();
    }

    private static StateWishes At(DateTimeOffset now) => new(
        Period, Agent, [], [],
        Enumerable.Range(0, Period.Days).ToDictionary(Period.From.AddDays, IReadOnlySet<string> (_) => new HashSet<string> { "D" }),
        ByPlanner: false, null, Agent, now);

    private static string Refusal(Action decide) => FluentActions.Invoking(decide).Should().Throw<RefusedException>().Which.Code;

    private static IEnumerable<string> Invalid(StateWishes command) =>
        FluentActions.Invoking(() => Decide(command, new())).Should().Throw<InvalidException>().Which.Errors.Select(e => e.Code);
}
